/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * escape SITE: in the cell of each process of the collector, as the product
 * makes it, try each system call of tries_tbl.h that needs no file, a TCP port,
 * and files of the site. A row for each try, a column for each process: "done",
 * the error, "killed", or the signal that ended it. Without SITE: whether the
 * kernel filters calls, and its version of Landlock.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collector/cell.h"
#include "collector/priv.h"
#include "common/confine.h"
#include "site/site.h"
#include "tests/system/tries_tbl.h"

#define NOT_CONFINED 254
#define PORT "bind-tcp"
#define DATAGRAM "datagram-to-anybody"
#define KEY "read-key"
#define LOG "read-log"
#define CONFIGURATION "read-configuration"
#define WRITE "write-log"
#define LOCK "lock-log"
#define RIGHTS "open-log-to-all"
#define ABORT "abort"
#define CODE_MAX 200 /* errno fits into a status below NOT_CONFINED */

static const struct {
	enum cell cell;
	enum priv_role role;
} processes[] = {
	{ CELL_PARENT, PRIV_PARENT },
	{ CELL_RECEIVER, PRIV_USER },
	{ CELL_WRITER, PRIV_USER },
	{ CELL_SIGNER, PRIV_KEYS },
	{ CELL_TAILER, PRIV_USER },
	{ CELL_ANCHOR, PRIV_USER },
	{ CELL_MONITOR, PRIV_NOBODY },
	{ CELL_FORWARDER, PRIV_USER },
	{ CELL_ASKER, PRIV_USER },
	{ CELL_SUCCESSOR, PRIV_GIVER },
	{ CELL_PARSER, PRIV_NOBODY },
	{ CELL_LOADER, PRIV_READER },
};

static int udp; /* a socket that is there before */

static int
bind_tcp(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	return fd < 0 ? -1 : bind(fd, (struct sockaddr *)&sin, sizeof(sin));
}

/* By a socket that it has. */
static long
datagram(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
		.sin_port = htons(9),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	return sendto(udp, "", 0, 0, (struct sockaddr *)&sin, sizeof(sin));
}

static int
open_file(const char *folder, const char *name, int flags)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return open(path, flags);
}

/* Of the evidence, or what else a try names. */
static long
special(const struct site *site, const char *name)
{
	const struct site_log *log = site_log(site, "evidence");

	if (strcmp(name, KEY) == 0)
		return open_file(log->keys, "key", O_RDONLY);
	if (strcmp(name, LOG) == 0)
		return open_file(log->dir, "log", O_RDONLY);
	if (strcmp(name, DATAGRAM) == 0)
		return datagram();
	if (strcmp(name, WRITE) == 0)
		return open_file(log->dir, "log", O_WRONLY);
	if (strcmp(name, LOCK) == 0)
		return flock(open_file(log->dir, "log", O_RDONLY), LOCK_SH);
	if (strcmp(name, RIGHTS) == 0)
		return fchmod(open_file(log->dir, "log", O_RDONLY), 0666);
	if (strcmp(name, CONFIGURATION) == 0)
		return open_file(site->dir, SITE_FILE, O_RDONLY);
	if (strcmp(name, ABORT) == 0)
		abort();
	return bind_tcp();
}

static int
try_it(const struct site *site, const struct try *t)
{
	const long *a = t->argument;
	pid_t me = getpid();
	long rc;

	if (t->nr < 0)
		rc = special(site, t->name);
	else
		rc = syscall(t->nr, t->text ? (long)"/bin/true" : a[0], a[1],
		    a[2], a[3], a[4], a[5]);
	if (getpid() != me)
		_exit(0); /* made by the try */
	return rc >= 0 ? 0 : errno < CODE_MAX ? errno : CODE_MAX;
}

static _Noreturn void
enter(const struct site *site, size_t i, const struct try *t)
{
	struct priv p;
	struct buf why;

	buf_init(&why);
	if (priv_find(site, &p, &why) != 0 ||
	    cell_files(processes[i].cell, site) != 0 ||
	    priv_drop(&p, processes[i].role) != 0 ||
	    cell_calls(processes[i].cell) != 0)
		_exit(NOT_CONFINED);
	_exit(try_it(site, t));
}

static const char *
outcome(const struct site *site, size_t i, const struct try *t)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		enter(site, i, t);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return "?";
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGSYS
		    ? "killed"
		    : sigabbrev_np(WTERMSIG(status));
	if (WEXITSTATUS(status) == NOT_CONFINED)
		return "unconfined";
	return WEXITSTATUS(status) == 0 ? "done"
					: strerrorname_np(WEXITSTATUS(status));
}

static void
row(const struct site *site, const struct try *t)
{
	size_t i;

	printf("%s", t->name);
	for (i = 0; i < sizeof(processes) / sizeof(processes[0]); i++)
		printf(" %s", outcome(site, i, t));
	printf("\n");
	fflush(stdout);
}

int
main(int argc, char *argv[])
{
	static const char *const more[] = { PORT, DATAGRAM, KEY, LOG, WRITE,
		LOCK, RIGHTS, CONFIGURATION, ABORT };
	struct yaml_error err;
	struct site *site;
	size_t i;

	if (argc == 1) {
		printf("%d %d\n", confine_has_calls(), confine_has_files());
		return 0;
	}
	if (argc != 2 || (site = site_load(argv[1], &err)) == NULL) {
		fprintf(stderr, "usage: escape SITE\n");
		return 2;
	}
	udp = socket(AF_INET, SOCK_DGRAM, 0);
	/* What the parent may not, none of its children may. */
	if (confine_begin() != 0 || cell_calls(CELL_PARENT) != 0) {
		perror("parent");
		return 2;
	}
	printf("try");
	for (i = 0; i < sizeof(processes) / sizeof(processes[0]); i++)
		printf(" %s", cell_name(processes[i].cell));
	printf("\n");
	fflush(stdout);
	for (i = 0; i < sizeof(tries) / sizeof(tries[0]); i++)
		if (!tries[i].text || tries[i].at == 0)
			row(site, &tries[i]);
	for (i = 0; i < sizeof(more) / sizeof(more[0]); i++)
		row(site, &(struct try){ more[i], -1, false, 0, { 0 } });
	site_free(site);
	return 0;
}
