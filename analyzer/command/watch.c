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
#include "analyzer/case/escalation.h"
#include "analyzer/case/runner_apart.h"
#include "analyzer/command/analysis.h"
#include "analyzer/command/clerk.h"
#include "analyzer/command/command.h"
#include "analyzer/command/follow.h"
#include "analyzer/command/summing.h"
#include "analyzer/command/watch_cell.h"
#include "common/confine.h"
#include "common/io.h"
#include "common/log.h"
#include "common/utc.h"
#include "site/account.h"

/*
 * konseki watch: the evidence as it grows.  The matcher parses hostile bytes
 * and holds nothing but a pipe to the notifier, which holds the way to people
 * (mail secrets, the writer's socket) and reads only findings, one line of JSON
 * each.  The keeper makes and ends both and reads nothing: a file that was put
 * in the place of one that the notifier may read is not that one to the kernel,
 * and whoever is confined cannot let himself in, so it is made anew.  If people
 * are told by a program, one more process runs it and nothing else
 * (runner_apart.h).
 */
#define TURN_S 60   /* a turn of escalation at least so often */
#define ANEW_S 10   /* from one look for other files to the next */
#define ANEW 3	    /* exit status of the notifier: make me anew */
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

static void
send_version(void *cookie, const struct version *v)
{
	int fd = *(int *)cookie;
	struct buf line;

	buf_init(&line);
	version_print(v, &line);
	buf_byte(&line, '\n');
	if (io_write_all(fd, line.p, line.len) != 0)
		_exit(1);
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

/* Keep these capabilities of what there is, and no other; says what fails. */
static int
keep_little(uint32_t wanted)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3,
		0 };
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3];

	memset(caps, 0, sizeof(caps));
	(void)syscall(SYS_capget, &head, caps); /* else there are none */
	caps[0].permitted &= wanted;
	caps[0].effective = caps[0].permitted;
	caps[1].permitted = caps[1].effective = 0;
	caps[0].inheritable = caps[1].inheritable = 0;
	if (syscall(SYS_capset, &head, caps) == 0)
		return 0;
	log_errno("%s",
	    tr("cannot give up capabilities",
		"ケーパビリティを放棄できません"));
	return -1;
}

static _Noreturn void
match(struct site *site, int out)
{
	struct verifying *verifying = NULL;
	struct analysis_options options = { .found = send_finding,
		.ledger = send_version,
		.cookie = &out,
		.live = true,
		.revise = true };

	log_set_name("konseki-matcher");
	(void)prctl(PR_SET_NAME, "konseki-matcher"); /* for people */
	if (give_up_privileges(site) != 0)
		_exit(1);
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM); /* else the pipe tells */
	if (site->analyzer.verify_hours > 0)
		verifying = verifying_rounds(site,
		    site->analyzer.verify_hours, watch_cell_matcher);
	summing_start(site, watch_cell_summing);
	if (watch_cell_matcher(site) != 0)
		_exit(1);
	_exit(follow(site, &options, verifying, &stopped) != 0 ? 1 : 0);
}

/* ---- the notifier ---- */

struct notifier {
	struct site *site;
	int in; /* from the matcher */
	char *line;
	size_t len;
	int64_t turn; /* the next one of escalation, utc usec */
	int64_t made; /* utc usec */
};

static int
enter(struct clerk *clerk, const struct entry *e, struct buf *why)
{
	return e->what == ENTRY_VERSION
	    ? clerk_enter_version(clerk, &e->version, why)
	    : clerk_enter(clerk, &e->finding, why);
}

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
		    (e.what != ENTRY_FINDING && e.what != ENTRY_VERSION)) {
			buf_str(why, "matcher: not a finding");
			rc = -1;
		} else {
			rc = enter(clerk, &e, why) < 0 ? -1 : 0;
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

/* Of escalation; it says what fails. */
static void
turn(struct notifier *n)
{
	int64_t again, last = utc_now() + TURN_S * UTC_SECOND;

	(void)command_escalate_turn(n->site,
	    n->site->escalation.gather_s * UTC_SECOND, &again);
	n->turn = again == 0 || again > last ? last : again;
}

static int
until_next(const struct notifier *n)
{
	int64_t left = (n->turn - utc_now()) / 1000;

	if (left > ANEW_S * 1000)
		return ANEW_S * 1000;
	return left < 0 ? 0 : (int)left;
}

/* Whether a file is there that it should read and cannot: only a new one can.
 * Not at once: what keeps it out may be another's doing. */
static bool
is_shut_out(const struct notifier *n)
{
	return utc_now() - n->made >= ANEW_S * UTC_SECOND && n->len == 0 &&
	    (confine_shuts(n->site->analyzer.contacts) ||
		confine_shuts(n->site->mail.password_file) ||
		confine_shuts(n->site->escalation.webhook_auth_file) ||
		confine_shuts(n->site->escalation.webhook_ca) ||
		confine_shuts(n->site->escalation.cef_ca) ||
		confine_shuts(n->site->mail.ca));
}

/* Its exit status. */
static int
notify(struct notifier *n)
{
	struct pollfd p = { .fd = n->in, .events = POLLIN };
	int rc;

	turn(n);
	while (!stopped) {
		rc = poll(&p, 1, until_next(n));
		if (rc == -1 && errno != EINTR)
			return 1;
		if (rc == 1) {
			rc = take_lines(n);
			if (rc < 0)
				return stopped ? 0 : 1;
			if (rc == 0)
				continue;
		}
		if (!stopped && is_shut_out(n))
			return ANEW;
		if (!stopped && (rc == 1 || utc_now() >= n->turn))
			turn(n);
	}
	return 0;
}

static _Noreturn void
notifier(struct site *site, int in)
{
	struct sigaction act = { .sa_handler = stop };
	struct notifier n = { .site = site, .in = in, .made = utc_now() };
	sigset_t none;

	(void)prctl(PR_SET_NAME, "konseki-notify"); /* for people */
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGINT, &act, NULL);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	/* To read logs and use the writer's socket, which are another's. */
	if (keep_little(1u << CAP_DAC_OVERRIDE) != 0)
		_exit(1);
	n.line = malloc(LINE_MAX_BYTES);
	if (n.line == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	if (watch_cell_notifier(site) != 0)
		_exit(1);
	_exit(notify(&n));
}

/* ---- the keeper ---- */

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

/* One that the kernel ended made a call that it has no right to: what it read
 * last may have been made to take it over. */
static void
say_ended(const char *name, int status)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		log_error(
		    tr("ALARM: the %s was ended by the kernel: it made a "
		       "system call that it never makes. What it read may "
		       "have been made to take it over",
			"警報: %sが許可のないシステムコールを行い、カーネルに停"
			"止されました。読み込んだデータによる乗っ取りのおそれが"
			"あります"),
		    name);
	else
		log_error(tr("the %s ended", "%sが終了しました"), name);
}

static int
cannot_start(void)
{
	log_errno("%s",
	    tr("cannot start the processes of konseki watch",
		"konseki watchのプロセスを開始できません"));
	return -1;
}

/* Wait for it to end, and tell it to when we are told so. */
static int
await(pid_t pid, const sigset_t *ours)
{
	int signo, status;

	while (waitpid(pid, &status, WNOHANG) != pid)
		if (sigwait(ours, &signo) == 0 && signo != SIGCHLD) {
			stopped = 1;
			(void)kill(pid, SIGTERM); /* it is there: not reaped */
		}
	return status;
}

/* A notifier after the other, as long as each wants to be made anew, and not
 * sooner than it may.  0, -1. */
static int
keep_notifying(struct site *site, int in, const sigset_t *ours)
{
	int64_t made;
	int status = 0;
	pid_t pid;

	while (!stopped) {
		made = utc_now();
		if ((pid = fork()) == 0)
			notifier(site, in);
		if (pid < 0)
			return cannot_start();
		status = await(pid, ours);
		if (!WIFEXITED(status) || WEXITSTATUS(status) != ANEW ||
		    utc_now() - made < ANEW_S * UTC_SECOND)
			break;
	}
	if (WIFSIGNALED(status))
		say_ended(tr("notifier", "通知プロセス"), status);
	return stopped && WIFEXITED(status) ? 0 : -1;
}

/* All descriptors above 2 but this one: the caller's socket above all. */
static void
close_others(int fd)
{
	if (fd > 3)
		(void)close_range(3, (unsigned)fd - 1, 0);
	(void)close_range((unsigned)fd + 1, ~0u, 0);
}

static pid_t
matcher_start(struct site *site, int *from)
{
	struct sigaction act = { .sa_handler = stop };
	sigset_t none;
	int fds[2];
	pid_t pid;

	if (pipe(fds) != 0)
		return -1;
	if ((pid = fork()) == 0) {
		close_others(fds[1]);
		sigaction(SIGTERM, &act, NULL);
		sigaction(SIGINT, &act, NULL);
		sigemptyset(&none);
		(void)sigprocmask(SIG_SETMASK, &none, NULL);
		match(site, fds[1]);
	}
	close(fds[1]);
	*from = fds[0];
	return pid;
}

static int
watch(struct site *site)
{
	int from, status, rc = -1;
	sigset_t ours;
	pid_t pid;

	(void)signal(SIGPIPE, SIG_IGN);
	if (caller_start(site) != 0)
		return 1;
	sigemptyset(&ours);
	sigaddset(&ours, SIGTERM);
	sigaddset(&ours, SIGINT);
	sigaddset(&ours, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, &ours, NULL);
	if ((pid = matcher_start(site, &from)) == -1) {
		(void)cannot_start();
		return 1;
	}
	/* KILL: to end the matcher, who is another. */
	if (keep_little(1u << CAP_DAC_OVERRIDE | 1u << CAP_KILL) == 0 &&
	    watch_cell_keeper() == 0)
		rc = keep_notifying(site, from, &ours);
	/* A matcher that is writing sees that nobody reads any more. */
	close(from);
	(void)kill(pid, SIGTERM); /* it may have ended by itself */
	while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
		;
	if (rc != 0) {
		if (status != 0) /* not because we told it to */
			say_ended(tr("matcher", "照合プロセス"), status);
		log_error("%s", tr("watching has stopped", "監視を停止します"));
	}
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
