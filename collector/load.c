/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/load.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collector/bundle.h"
#include "collector/cell.h"
#include "collector/check.h"
#include "collector/named.h"
#include "collector/priv.h"
#include "collector/receiver.h"
#include "common/cursor.h"
#include "common/io.h"
#include "common/log.h"
#include "site/succession.h"

#define FILE_MAX (1u << 20)	/* bytes of a configuration or a PEM file */
#define PARSE_MEMORY (1u << 28) /* bytes of address space beyond ours */
#define PARSE_SECONDS 10

static struct site *
parse(struct span text, const char *file, const char *dir)
{
	struct yaml_error err;
	struct site *site = site_parse(text, file, dir, &err);

	if (site == NULL)
		yaml_report(&err);
	return site;
}

#if !defined(__SANITIZE_ADDRESS__)
/* The address space that this process has already, the rings of a parent that
 * runs above all; 0 if that cannot be said. */
static rlim_t
mapped(void)
{
	char text[64];
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text));
	struct cursor c = cursor_make(span_make(text, n > 0 ? (size_t)n : 0));
	uint64_t pages = cursor_decimal(&c, UINT64_MAX >> 32);

	if (fd >= 0)
		close(fd);
	return c.bad ? 0 : pages * (rlim_t)sysconf(_SC_PAGESIZE);
}
#endif

/* In the child: everything it might be led to do, it cannot. */
static int
parse_confined(struct span text, const char *file, const char *dir)
{
	const struct rlimit seconds = { PARSE_SECONDS, PARSE_SECONDS };
#if !defined(__SANITIZE_ADDRESS__)
	const rlim_t most = mapped() + PARSE_MEMORY;
	const struct rlimit memory = { most, most };

	if (setrlimit(RLIMIT_AS, &memory) != 0)
		return 1;
#endif
	priv_close_others(NULL, 0);
	if (setrlimit(RLIMIT_CPU, &seconds) != 0 ||
	    cell_files(CELL_PARSER, NULL) != 0 ||
	    priv_drop(&(struct priv){ .root = geteuid() == 0 }, PRIV_NOBODY) !=
		0 ||
	    cell_calls(CELL_PARSER) != 0)
		return 1;
	return parse(text, file, dir) == NULL;
}

/* Whether the child found it good. */
static bool
tried(struct span text, const char *file, const char *dir)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(parse_confined(text, file, dir));
	if (pid < 0) {
		log_errno(
		    tr("cannot start a process", "プロセスを起動できません"));
		return false;
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	if (WIFSIGNALED(status))
		log_error(tr("%s: parsing it did not end well (signal %d): it "
			     "is not taken",
			      "%s: 解析が異常終了しました（シグナル%d）。この設"
			      "定は使いません"),
		    file, WTERMSIG(status));
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

struct site *
load_again(const char *file, const char *dir)
{
	struct site *site = NULL;
	struct buf text;

	buf_init(&text);
	if (io_read_file(file, FILE_MAX, &text) != 0)
		log_errno("%s", file);
	else if (tried(buf_view(&text), file, dir))
		site = parse(buf_view(&text), file, dir);
	if (site != NULL)
		succession_follow(site);
	buf_fini(&text);
	return site;
}

struct site *
load_site(const char *path)
{
	char file[4096], dir[4096];
	struct stat st;
	char *slash;

	if (realpath(path, dir) == NULL) {
		log_errno("%s", path);
		return NULL;
	}
	if (stat(dir, &st) == 0 && S_ISDIR(st.st_mode)) {
		if (io_join(file, sizeof(file), dir, SITE_FILE) != 0)
			return NULL;
	} else {
		strcpy(file, dir);
		slash = strrchr(dir, '/');
		slash[slash == dir ? 1 : 0] = '\0';
	}
	return load_again(file, dir);
}

/* In the child, which may read everything for the files of TLS. */
static int
become_reader(const struct site *site)
{
	const struct priv self = { .root = geteuid() == 0 };

	if (cell_files(CELL_LOADER, site) == 0 &&
	    priv_drop(&self, PRIV_READER) == 0 && cell_calls(CELL_LOADER) == 0)
		return 0;
	log_errno(tr("cannot give up what is not needed",
	    "不要な権限を放棄できません"));
	return -1;
}

/* What each listener needs, to `l`.  0, or -1: it was said why. */
static int
listeners_load(const struct site *site, struct receiver_listener *l)
{
	struct buf why;
	size_t i;
	int rc = 0;

	buf_init(&why);
	for (i = 0; rc == 0 && i < site->n_listeners; i++) {
		l[i].conf = &site->listeners[i];
		if ((rc = receiver_load(&l[i], &why)) != 0)
			log_error("%s:%u: %s", site->file, l[i].conf->line,
			    buf_cstr(&why));
		why.len = 0;
	}
	buf_fini(&why);
	return rc;
}

/* What is used is what its hashes are of. */
static int
bundle_fill(const struct site *site, size_t number, int bundle)
{
	struct receiver_listener *l;
	struct buf named;
	size_t i;
	int rc;

	(void)number;
	if (become_reader(site) != 0)
		return -1;
	l = calloc(site->n_listeners + 1, sizeof(*l));
	if (l == NULL || check_site(site) != 0 || listeners_load(site, l) != 0)
		return -1; /* the process ends, and what it has read with it */
	buf_init(&named);
	named_words(site, l, &named);
	rc = bundle_put(bundle, site->text);
	if (rc == 0)
		rc = bundle_put(bundle, buf_view(&named));
	for (i = 0; i < site->n_listeners; i++) {
		if (rc == 0)
			rc = receiver_put(bundle, &l[i]);
		receiver_forget(&l[i]);
	}
	buf_fini(&named);
	free(l);
	return rc;
}

static int
named_fill(const struct site *site, size_t number, int bundle)
{
	struct buf named;
	int rc;

	(void)number;
	if (become_reader(site) != 0)
		return -1;
	buf_init(&named);
	named_words(site, NULL, &named);
	rc = bundle_put(bundle, site->text);
	if (rc == 0)
		rc = bundle_put(bundle, buf_view(&named));
	buf_fini(&named);
	return rc;
}

/* What a listener needs if it can be used, else why not. */
static int
listener_fill(const struct site *site, size_t number, int bundle)
{
	struct receiver_listener l = { .conf = &site->listeners[number] };
	SSL_CTX *ctx = NULL;
	struct buf why;
	int rc = -1;

	buf_init(&why);
	if (become_reader(site) != 0)
		return -1;
	if (receiver_load(&l, &why) == 0 &&
	    (ctx = tlsctx_new(l.conf, &l.files, &why)) != NULL)
		rc = receiver_put(bundle, &l);
	else
		(void)bundle_put(bundle, buf_view(&why)); /* without: no why */
	SSL_CTX_free(ctx);
	receiver_forget(&l);
	buf_fini(&why);
	return rc;
}

/* A child fills it. */
static int
in_child(int (*fill)(const struct site *site, size_t number, int bundle),
    const struct site *site, size_t number, int bundle)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		priv_close_others(&bundle, 1);
		_exit(fill(site, number, bundle) == 0 ? 0 : 1);
	}
	if (pid < 0) {
		log_errno(
		    tr("cannot start a process", "プロセスを起動できません"));
		return -1;
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	if (bundle_seal(bundle) != 0)
		return -1;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

int
load_bundle(const struct site *site, int bundle)
{
	return in_child(bundle_fill, site, 0, bundle);
}

int
load_named(const struct site *site, int bundle)
{
	return in_child(named_fill, site, 0, bundle);
}

int
load_listener(const struct site *site, size_t number, int bundle,
    struct buf *why)
{
	off_t at = 0;

	if (in_child(listener_fill, site, number, bundle) == 0)
		return 0;
	(void)bundle_get(bundle, &at, why); /* it may have had no words */
	return -1;
}
