/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <getopt.h>
#include <grp.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "analyzer/case/entry.h"
#include "analyzer/case/runner_apart.h"
#include "analyzer/command/analysis.h"
#include "analyzer/command/clerk.h"
#include "analyzer/command/command.h"
#include "analyzer/command/watch_cell.h"
#include "common/io.h"
#include "common/log.h"
#include "common/utc.h"
#include "site/account.h"

/*
 * konseki watch: the evidence as it grows.  Two processes: the matcher parses
 * hostile bytes and holds nothing but a pipe to the notifier, which holds the
 * way to people (mail secrets, the writer's socket) and reads only findings,
 * one line of JSON each.  If people are told by a program, a third process
 * runs it and nothing else (runner_apart.h).
 */
#define STEP_MS 200   /* from one look at the log to the next */
#define TURN_MS 60000 /* a turn of escalation at least so often */
#define LINE_MAX_BYTES (ENTRY_BYTES + 1)

static volatile sig_atomic_t stopped;

static void
stop(int signo)
{
	(void)signo;
	stopped = 1;
}

/* ---- the matcher ---- */

static void
send_finding(void *cookie, const struct casebook_finding *f)
{
	int fd = *(int *)cookie;
	struct buf line;

	buf_init(&line);
	entry_print_finding(f, &line);
	buf_byte(&line, '\n');
	if (io_write_all(fd, line.p, line.len) != 0)
		_exit(1); /* the notifier is gone: nobody is left to tell */
	buf_fini(&line);
}

/* Root has no business here: become the owner of the logs, for good. */
static int
give_up_privileges(const struct site *site)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3,
		0 };
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3];
	struct account a;
	struct buf why;
	int rc = 0;

	buf_init(&why);
	if (geteuid() == 0) {
		rc = account_find(site, &a, &why);
		if (rc == 0 && a.uid != 0)
			rc = setgroups(0, NULL) == 0 && setgid(a.gid) == 0 &&
				setuid(a.uid) == 0
			    ? 0
			    : -1;
		if (rc != 0)
			log_errno(tr("the matcher keeps root's rights: %s",
				      "照合プロセスの権限を下げられません: %s"),
			    buf_cstr(&why));
	}
	buf_fini(&why);
	memset(caps, 0, sizeof(caps));
	if (syscall(SYS_capset, &head, caps) != 0)
		rc = -1;
	return rc;
}

/*
 * The notifier stays root where the password of mails is root's: what it keeps
 * is to read logs and use the writer's socket, which are another's, and to end
 * the matcher.
 */
static int
keep_little(void)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3,
		0 };
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &head, caps) != 0)
		return -1;
	caps[0].permitted &= 1u << CAP_DAC_OVERRIDE | 1u << CAP_KILL;
	caps[0].effective = caps[0].permitted;
	caps[1].permitted = caps[1].effective = 0;
	caps[0].inheritable = caps[1].inheritable = 0;
	return (int)syscall(SYS_capset, &head, caps);
}

static _Noreturn void
match(const struct site *site, int out)
{
	struct analysis_options options = { send_finding, &out, true, false };
	struct timespec pause = { 0, STEP_MS * 1000000L };
	struct analysis *a;
	int64_t n = 0;

	log_set_name("konseki-matcher");
	(void)prctl(PR_SET_NAME, "konseki-matcher"); /* for people */
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);	     /* else the pipe tells */
	if (give_up_privileges(site) != 0 || watch_cell_matcher(site) != 0)
		_exit(1);
	a = analysis_open(site, &options);
	if (a == NULL)
		_exit(1);
	while (!stopped && (n = analysis_step(a)) >= 0)
		if (n == 0)
			(void)nanosleep(&pause, NULL); /* a signal ends it */
	analysis_close(a);
	_exit(n < 0 ? 1 : 0);
}

/* ---- the notifier ---- */

struct notifier {
	struct site *site;
	int in; /* from the matcher */
	char *line;
	size_t len;
	int64_t again; /* next turn of escalation, utc usec */
};

/* Lines that are whole go into the casebook, sealed, before anybody is told. */
static int
enter_lines(struct notifier *n, struct buf *why)
{
	struct arena *arena = arena_new();
	struct clerk *clerk = clerk_open(n->site, "konseki-watch", why);
	char *lf, *at = n->line, *end = n->line + n->len;
	int rc = clerk == NULL ? -1 : 0;
	struct entry e;

	while (rc == 0 && (lf = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		struct span line = span_make(at, (size_t)(lf - at));

		if (entry_parse(line, arena, &e) != 0 ||
		    e.what != ENTRY_FINDING) {
			buf_str(why, "matcher: not a finding");
			rc = -1;
		} else {
			rc = clerk_enter(clerk, &e.finding, why) < 0 ? -1 : 0;
			at = lf + 1;
		}
	}
	if (rc == 0)
		rc = clerk_seal(clerk, why);
	n->len = (size_t)(end - at);
	memmove(n->line, at, n->len);
	clerk_close(clerk);
	arena_free(arena);
	return rc;
}

/* 1 something was entered, 0 nothing whole yet, -1 the matcher is gone. */
static int
take_lines(struct notifier *n)
{
	ssize_t got = read(n->in, n->line + n->len, LINE_MAX_BYTES - n->len);
	struct buf why;
	int rc = 1;

	if (got == -1 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (got <= 0)
		return -1;
	n->len += (size_t)got;
	if (memchr(n->line, '\n', n->len) == NULL)
		return n->len == LINE_MAX_BYTES ? -1 : 0;
	buf_init(&why);
	if (enter_lines(n, &why) != 0) {
		log_error("%s", buf_cstr(&why));
		rc = -1;
	}
	buf_fini(&why);
	return rc;
}

static int
until_next(const struct notifier *n)
{
	int64_t left = (n->again - utc_now()) / 1000;

	if (n->again == 0 || left > TURN_MS)
		return TURN_MS;
	return left < 0 ? 0 : (int)left;
}

static int
notify(struct notifier *n)
{
	struct pollfd p = { .fd = n->in, .events = POLLIN };
	int rc;

	(void)command_escalate_turn(n->site, &n->again); /* says what fails */
	while (!stopped) {
		rc = poll(&p, 1, until_next(n));
		if (rc == -1 && errno != EINTR)
			return -1;
		if (rc == 1) {
			rc = take_lines(n);
			if (rc < 0)
				return stopped ? 0 : -1;
			if (rc == 0)
				continue;
		}
		if (!stopped)
			(void)command_escalate_turn(n->site, &n->again);
	}
	return 0;
}

static int
caller_start(const struct site *site)
{
	const struct runner program = { .argv = site->escalation.command.v,
		.n = site->escalation.command.n,
		.timeout_s = site->escalation.command_timeout_s };

	if (program.n == 0 || runner_apart_start(&program) == 0)
		return 0;
	log_errno("%s",
	    tr("cannot start the process that runs escalation.command",
		"escalation.commandの起動用プロセスを開始できません"));
	return -1;
}

/*
 * A matcher that the kernel ended made a call that it has no right to: what it
 * read last may have been made to take it over.
 */
static void
say_ended(int status)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		log_error("%s",
		    tr("ALARM: the matcher was ended by the kernel: it made a "
		       "system call that it never makes. A record may have "
		       "been made to take it over",
			"警報: 照合プロセスが許可のないシステムコールを行い、"
			"カーネルに停止されました。細工された記録による乗っ取"
			"りのおそれがあります"));
	log_error("%s",
	    tr("the matcher ended; watching has stopped",
		"照合プロセスが終了しました。監視を停止します"));
}

static int
watch(struct site *site)
{
	struct sigaction act = { .sa_handler = stop };
	struct notifier n = { .site = site };
	int fds[2], status, rc;
	pid_t pid;

	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGINT, &act, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	if (caller_start(site) != 0)
		return 1;
	if (pipe(fds) != 0 || (pid = fork()) == -1) {
		log_errno("%s",
		    tr("cannot start the matcher",
			"照合プロセスを開始できません"));
		return 1;
	}
	if (pid == 0) {
		close(fds[0]);
		match(site, fds[1]);
	}
	close(fds[1]);
	if (keep_little() != 0) {
		log_errno("%s",
		    tr("cannot give up capabilities",
			"ケーパビリティを放棄できません"));
		return 1;
	}
	if (watch_cell_notifier(site) != 0)
		return 1; /* the matcher sees that nobody reads */
	n.in = fds[0];
	n.line = malloc(LINE_MAX_BYTES);
	if (n.line == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	rc = notify(&n);
	/* A matcher that is writing sees that nobody reads any more. */
	close(n.in);
	(void)kill(pid, SIGTERM); /* it may have ended by itself */
	while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
		;
	if (rc != 0)
		say_ended(status);
	free(n.line);
	return rc == 0 ? 0 : 1;
}

int
command_watch(int argc, char *argv[])
{
	static const struct option options[] = {
		{ "site", required_argument, NULL, 's' },
		{ NULL, 0, NULL, 0 },
	};
	const char *dir = NULL;
	struct site *site;
	int o, rc;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (o != 's')
			return command_usage("watch", "[--site DIR]");
		dir = optarg;
	}
	if (optind != argc)
		return command_usage("watch", "[--site DIR]");
	site = command_site(dir);
	if (site == NULL)
		return 1;
	rc = watch(site);
	site_free(site);
	return rc;
}
