/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "collector/check.h"
#include "collector/load.h"
#include "collector/parent.h"
#include "collector/rundir.h"
#include "collector/successor.h"
#include "common/io.h"
#include "common/log.h"

struct arguments {
	const char *site;
	const char *rekey, *reason; /* NULL: not asked for */
	bool check, foreground;
};

static void
usage(FILE *out)
{
	fputs(
	    tr("usage: konseki-collector [--site DIR] [--foreground] "
	       "[--lang en|ja]\n"
	       "       konseki-collector --check-config [--site DIR]\n"
	       "       konseki-collector --rekey LOG --reason TEXT "
	       "[--site DIR]\n\n"
	       "  --site DIR      the site's folder or its konseki.yml; "
	       "KONSEKI_SITE or " SYSCONF_DIR "/konseki if not given\n"
	       "  --foreground    stay, and write messages to standard error; "
	       "else they go to run/collector.log\n"
	       "  --check-config  say what is wrong with the configuration, "
	       "and end\n"
	       "  --rekey LOG     after an incident, while it is stopped: new "
	       "keys and a new log that follows LOG\n"
	       "  --reason TEXT   why; it is recorded\n",
		"使い方: konseki-collector [--site フォルダー] [--foreground] "
		"[--lang en|ja]\n"
		"        konseki-collector --check-config [--site フォルダー]"
		"\n"
		"        konseki-collector --rekey ログ --reason 理由 [--site "
		"フォルダー]\n\n"
		"  --site          施設のフォルダーまたはkonseki.yml（省略時は"
		"KONSEKI_SITE、なければ" SYSCONF_DIR "/konseki）\n"
		"  --foreground    端末に残り、標準エラーに出力する（なければ"
		"run/collector.logに記録）\n"
		"  --check-config  設定の誤りを示して終了する\n"
		"  --rekey         事故の後、停止中に実行する: 新しい鍵と後継の"
		"ログを作る\n"
		"  --reason        その理由（ログに記録される）\n"),
	    out);
}

/* Return -1 to go on, or the exit status. */
static int
arguments(struct arguments *a, int argc, char *argv[])
{
	static const struct option options[] = {
		{ "site", required_argument, NULL, 's' },
		{ "check-config", no_argument, NULL, 'c' },
		{ "rekey", required_argument, NULL, 'k' },
		{ "reason", required_argument, NULL, 'r' },
		{ "foreground", no_argument, NULL, 'f' },
		{ "lang", required_argument, NULL, 'l' },
		{ "version", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
		switch (c) {
		case 's':
			a->site = optarg;
			break;
		case 'c':
			a->check = true;
			break;
		case 'k':
			a->rekey = optarg;
			break;
		case 'r':
			a->reason = optarg;
			break;
		case 'f':
			a->foreground = true;
			break;
		case 'l':
			if (!log_is_lang(optarg)) {
				usage(stderr);
				return 2;
			}
			log_set_lang(optarg);
			break;
		case 'v':
			puts(PACKAGE_STRING);
			return 0;
		case 'h':
			usage(stdout);
			return 0;
		default:
			usage(stderr);
			return 2;
		}
	if (optind < argc || (a->rekey == NULL) != (a->reason == NULL) ||
	    (a->rekey != NULL && (a->check || a->foreground))) {
		usage(stderr);
		return 2;
	}
	return -1;
}

/* The process that was called ends when the collector collects or has failed.
 */
static int
wait_ready(int fd)
{
	char c;

	return read(fd, &c, 1) == 1 ? 0 : 1;
}

static void
on_ready(void *cookie)
{
	int *fd = cookie, null;

	(void)!write(*fd, "", 1); /* it waits, or was ended and does not care */
	close(*fd);
	if ((null = open("/dev/null", O_RDWR | O_CLOEXEC)) >= 0) {
		dup2(null, STDOUT_FILENO);
		close(null);
	}
}

static int
log_open(const struct parent_options *opt)
{
	const struct site *site = opt->site;
	char path[4096];
	int fd = -1;

	if (io_join(path, sizeof(path), site->run, "collector.log") == 0)
		fd = open(path,
		    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW,
		    0640);
	if (fd >= 0 && opt->priv.root && fchown(fd, 0, opt->priv.gid) != 0) {
		close(fd);
		fd = -1;
	}
	if (fd < 0)
		log_errno("%s/collector.log", site->run);
	return fd;
}

static int
background(const struct parent_options *opt)
{
	const struct site *site = opt->site;
	struct parent_options o = *opt;
	int ready[2], log;

	if ((log = log_open(opt)) < 0)
		return 1;
	if (pipe2(ready, O_CLOEXEC) != 0)
		return 1;
	switch (fork()) {
	case -1:
		log_errno(
		    tr("cannot start a process", "プロセスを起動できません"));
		return 1;
	case 0:
		break;
	default:
		close(ready[1]);
		if (wait_ready(ready[0]) == 0)
			return 0;
		log_error(tr("it did not start: see %s/collector.log",
			      "起動できませんでした。%s/collector.logを見てくだ"
			      "さい"),
		    site->run);
		return 1;
	}
	close(ready[0]);
	setsid();
	dup2(log, STDERR_FILENO);
	close(log);
	o.ready = on_ready;
	o.cookie = &ready[1];
	return parent_run(&o);
}

static int
check(const struct site *site)
{
	check_warn(site);
	check_addresses(site);
	if (check_site(site) != 0)
		return 1;
	printf("%s: %s\n", site->file, tr("fine", "問題ありません"));
	return 0;
}

static int
collect(struct site *site, bool foreground)
{
	struct parent_options o = { .site = site };
	struct buf why;
	int rc;

	buf_init(&why);
	if ((rc = priv_find(site, &o.priv, &why)) != 0)
		log_error("%s", buf_cstr(&why));
	buf_fini(&why);
	check_warn(site);
	if (rc != 0 || rundir_make(site, &o.priv) != 0)
		return 1;
	return foreground ? parent_run(&o) : background(&o);
}

/* The signer must not run: the site's lock says so. */
static int
rekey(const struct site *site, const char *name, const char *reason)
{
	const struct site_log *log = site_log(site, name);
	struct priv priv;
	struct successor s = { .site = site,
		.priv = &priv,
		.why = PREDECESSOR_REKEY,
		.found = reason };
	struct buf why;
	int lock = -1, status = 1;

	buf_init(&why);
	if (log == NULL)
		log_error(tr("%s has no log '%s'",
			      "%sにログ「%s」はありません"),
		    site->file, name);
	else if (priv_find(site, &priv, &why) != 0)
		log_error("%s", buf_cstr(&why));
	else if ((lock = rundir_open(site)) >= 0) {
		s.log = (size_t)(log - site->logs);
		status = successor_make(&s);
		rundir_close(site, lock);
	}
	buf_fini(&why);
	return status;
}

int
main(int argc, char *argv[])
{
	struct arguments a = { .site = getenv("KONSEKI_SITE") };
	struct site *site;
	int status, null = open("/dev/null", O_RDONLY);

	if (null > STDERR_FILENO) {
		dup2(null, STDIN_FILENO);
		close(null);
	}
	log_set_name("konseki-collector");
	log_set_lang(NULL);
	if ((status = arguments(&a, argc, argv)) >= 0)
		return status;
	if (a.site == NULL || *a.site == '\0')
		a.site = SYSCONF_DIR "/konseki";
	if ((site = load_site(a.site)) == NULL)
		return 1;
	if (a.rekey != NULL)
		status = rekey(site, a.rekey, a.reason);
	else
		status = a.check ? check(site) : collect(site, a.foreground);
	site_free(site);
	return status;
}
