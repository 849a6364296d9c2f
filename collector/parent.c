/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "collector/anchored.h"
#include "collector/cell.h"
#include "collector/inforce.h"
#include "collector/parent_priv.h"
#include "collector/rundir.h"
#include "collector/writer.h"
#include "common/log.h"
#include "common/utc.h"

_Static_assert(CHILD_COUNT <= GAUGES_CHILDREN, "one for each");

#define AGAIN (10 * UTC_SECOND)	    /* until one that could not be made is */
#define HEARS_MAX ANCHORED_TOLD_MAX /* bytes of a child's longest message */
#define SAYS_MAX 1024 /* messages that a child's socket can hold, and more */

static const struct {
	enum child child; /* CHILD_COUNT: none */
	int seconds;
	enum state next;
} states[] = {
#define PARENT_STATE(id, child, seconds, next)                                 \
	{ CHILD_##child, seconds, STATE_##next },
#include "collector/parent_state_tbl.h"
#undef PARENT_STATE
};

static void
processes_write(const struct parent *p)
{
	const char *names[CHILD_COUNT];
	size_t i;

	for (i = 0; i < CHILD_COUNT; i++)
		names[i] = children_name((enum child)i);
	(void)rundir_processes(p->opt->site, names, p->c.pid,
	    CHILD_COUNT); /* it said so */
}

/* Whether collecting goes on without it for a while. */
static bool
is_spared(enum child child)
{
	return child == CHILD_TAILER || child == CHILD_ANCHOR ||
	    child == CHILD_MONITOR || child == CHILD_FORWARDER;
}

/* Make one child; if that fails it is tried again later, or all is ended. */
void
parent_make(struct parent *p, enum child child)
{
	p->again[child] = 0;
	watchdog_made(p, child);
	if ((p->was_made & 1u << child) != 0)
		gauge_add(&p->c.gauges->parent.restarts[child], 1);
	p->was_made |= 1u << child;
	respite_made(&p->respite[child], utc_now());
	if (children_make(&p->c, child) == 0) {
		processes_write(p);
		return;
	}
	if (is_spared(child)) {
		p->again[child] = utc_now() + AGAIN;
		return;
	}
	p->status = 1;
	if (p->state < STATE_STOP_RECEIVER)
		parent_enter(p, STATE_STOP_RECEIVER);
}

static void
running(struct parent *p)
{
	const struct site *site = p->opt->site;

	parent_closed_show(p);
	if (rundir_config(site, &p->c.priv) != 0)
		p->status = 1;
	log_info(tr("collecting: %zu listeners, %zu watched files",
		     "収集を開始しました（受信口%zu、追跡ファイル%zu）"),
	    site->n_listeners, site->n_watches);
	if (p->opt->ready != NULL)
		p->opt->ready(p->opt->cookie);
	manager_say(&p->manager, "READY=1");
	parent_make(p, CHILD_MONITOR);
	gauge_set(&p->c.gauges->parent.running, 1);
	if (p->next)
		trunk_ends(p, "leave");
}

void
parent_enter(struct parent *p, enum state state)
{
	p->state = state;
	p->deadline = states[state].seconds == 0
	    ? 0
	    : utc_now() + states[state].seconds * UTC_SECOND;
	if (state == STATE_STOP_RECEIVER)
		gauge_set(&p->c.gauges->parent.running, 0);
	switch (state) {
	case STATE_ASK:
		parent_make(p, CHILD_ASKER);
		break;
	case STATE_RECOVER:
		parent_make(p, CHILD_SIGNER);
		if (p->state == STATE_RECOVER)
			parent_make(p, CHILD_WRITER);
		break;
	case STATE_OPEN:
		parent_make(p, CHILD_RECEIVER);
		if (p->state == STATE_OPEN)
			parent_make(p, CHILD_TAILER);
		if (p->state == STATE_OPEN)
			parent_make(p, CHILD_ANCHOR);
		if (p->state == STATE_OPEN && p->opt->site->n_forwards > 0)
			parent_make(p, CHILD_FORWARDER);
		break;
	case STATE_RUN:
		running(p);
		break;
	case STATE_STOP_RECEIVER:
	case STATE_STOP_TAILER:
	case STATE_STOP_WRITER:
	case STATE_STOP_ANCHOR:
	case STATE_STOP_FORWARDER:
		children_tell(&p->c, states[state].child, "stop");
		break;
	case STATE_STOP_SIGNER: /* it ends when the writer's sockets do */
	case STATE_DONE:
		break;
	}
	if (state != STATE_DONE && states[state].child != CHILD_COUNT &&
	    p->c.pid[states[state].child] == 0)
		parent_enter(p, states[state].next);
}

/* Whether children end too often to go on; notes that one did. */
bool
parent_too_often(struct parent *p)
{
	int64_t now = utc_now();
	size_t n = PARENT_RESTARTS - 1;

	if (p->restarts[0] != 0 &&
	    now - p->restarts[0] < PARENT_WINDOW * UTC_SECOND) {
		log_error(tr("ALARM: %d processes ended within %d seconds: "
			     "collecting stops",
			      "警報: %d個のプロセスが%d秒以内に終了したため、収"
			      "集を停止します"),
		    PARENT_RESTARTS + 1, PARENT_WINDOW);
		return true;
	}
	memmove(&p->restarts[0], &p->restarts[1], n * sizeof(p->restarts[0]));
	p->restarts[n] = now;
	return false;
}

/* End a child, if it is there, without an alarm. */
void
parent_fell(struct parent *p, enum child child)
{
	if (p->c.pid[child] == 0)
		return;
	p->expected |= 1u << child;
	children_kill(&p->c, child);
}

/* One that collecting goes on without ended unasked. */
static void
stays_away(struct parent *p, enum child child)
{
	bool alarm;

	p->again[child] = respite_ended(&p->respite[child], utc_now(), &alarm);
	if (alarm)
		log_error(tr("ALARM: the %s ends again and again: collecting "
			     "goes on without it, and it is made again later "
			     "each time, at the latest after %d minutes",
			      "警報: プロセス%sが繰り返し終了しています。収集は"
			      "続けます。再起動の間隔を最大%d分まで延ばします"),
		    children_name(child), RESPITE_MOST_S / 60);
}

static void
again(struct parent *p, enum child child)
{
	switch (child) {
	case CHILD_SIGNER:
	case CHILD_WRITER:
		trunk_again(p);
		break;
	case CHILD_RECEIVER:
		if (!p->renew)
			parent_make(p, child);
		break;
	case CHILD_TAILER:
	case CHILD_ANCHOR:
	case CHILD_FORWARDER:
		if (p->state == STATE_RUN && p->c.pid[CHILD_WRITER] != 0)
			parent_make(p, child);
		break;
	case CHILD_MONITOR: /* see ended() */
	case CHILD_ASKER:   /* both end by themselves */
	case CHILD_SUCCESSOR:
	case CHILD_COUNT:
		break;
	}
}

static void
say_ended(enum child child, int status)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		log_error(
		    tr("ALARM: the %s was ended by the kernel: it made a "
		       "system call that it never makes (the kernel's log "
		       "says which). It may have been taken over",
			"警報: プロセス%sが許可のないシステムコールを行い、カー"
			"ネルに停止されました（詳細はカーネルのログ）。乗っ取"
			"りのおそれがあります"),
		    children_name(child));
	else if (WIFSIGNALED(status))
		log_error(tr("ALARM: the %s was ended by signal %d",
			      "警報: プロセス%sがシグナル%dで終了しました"),
		    children_name(child), WTERMSIG(status));
	else
		log_error(tr("ALARM: the %s ended with status %d",
			      "警報: プロセス%sが状態%dで終了しました"),
		    children_name(child), WEXITSTATUS(status));
}

/* A child ended. */
static void
ended(struct parent *p, enum child child, int status)
{
	bool fine = WIFEXITED(status) && WEXITSTATUS(status) == 0, expected;

	if (child == CHILD_RECEIVER)
		reload_answered(p, false); /* if it was asked */
	expected = (p->expected & 1u << child) != 0;
	p->expected &= ~(1u << child);
	p->reload.ends[child] = 0;
	if (child == CHILD_MONITOR) {
		if (!expected)
			say_ended(child, status);
		if (expected)
			p->again[child] = 1;
		else
			stays_away(p, child);
		return;
	}
	if (p->state >= STATE_STOP_RECEIVER) {
		if (!fine && !expected && child != CHILD_TAILER) {
			say_ended(child, status);
			p->status = 1;
		}
		if (states[p->state].child == child)
			parent_enter(p, states[p->state].next);
		return;
	}
	if (fine && child == CHILD_SIGNER && p->c.pid[CHILD_WRITER] != 0 &&
	    p->state == STATE_RUN)
		return; /* the writer is gone, and will be found to be */
	if (!expected &&
	    !(fine && (child == CHILD_SUCCESSOR || child == CHILD_ASKER)))
		say_ended(child, status);
	if (child == CHILD_SUCCESSOR)
		trunk_succeeded(p, fine);
	else if (child == CHILD_ASKER)
		trunk_asked(p);
	else if (p->state == STATE_RECOVER && p->over)
		trunk_recover(p);
	else if (child == CHILD_FORWARDER && p->opt->site->n_forwards == 0)
		return; /* a reload took its work away */
	else if (is_spared(child) && !expected)
		stays_away(p, child);
	else if (is_spared(child))
		again(p, child);
	else if (p->state != STATE_RUN ||
	    (!expected && parent_too_often(p))) {
		p->status = 1;
		parent_enter(p, STATE_STOP_RECEIVER);
	} else
		again(p, child);
}

/* A child says something. */
static void
on_control(struct parent *p, enum child child)
{
	char in[HEARS_MAX];
	ssize_t n = recv(p->c.control[child], in, sizeof(in), MSG_DONTWAIT);
	struct span s = span_make(in, n > 0 ? (size_t)n : 0);

	if (n <= 0) { /* it is gone, and SIGCHLD says how */
		if (n == 0 || errno != EAGAIN) {
			close(p->c.control[child]);
			p->c.control[child] = -1;
		}
		return;
	}
	if (span_is(s, "pong"))
		watchdog_hears(p, child);
	else if (child == CHILD_WRITER)
		trunk_hears(p, s);
	else if (child == CHILD_ANCHOR && span_is(s, "anew")) {
		p->expected |= 1u << child; /* it ends, and is made again */
		p->was_made &= ~(1u << child);
	} else if (child == CHILD_ASKER || child == CHILD_ANCHOR)
		trunk_rolled(p, s);
	else if (child == CHILD_RECEIVER && span_is(s, "ready") &&
	    p->state == STATE_OPEN)
		parent_enter(p, STATE_RUN);
	else if (child == CHILD_RECEIVER && span_is(s, "ready"))
		parent_named_begin(p); /* it began anew, and read them */
	else if (child == CHILD_RECEIVER && span_is(s, "reloaded"))
		reload_answered(p, true);
	else if (child == CHILD_RECEIVER && span_is(s, "refused"))
		reload_answered(p, false);
	else if (child == CHILD_RECEIVER)
		parent_closed_hears(p, s);
	if (span_is(s, "ready"))
		watchdog_ready(p, child);
}

/*
 * Take all that was said: who ended may have said why.  One that lives and does
 * not stop talking is not listened to for ever.
 */
static void
hear_all(struct parent *p)
{
	struct pollfd fd;
	int i, n;

	for (i = 0; i < CHILD_COUNT; i++) {
		fd = (struct pollfd){ p->c.control[i], POLLIN, 0 };
		for (n = 0; n < SAYS_MAX && fd.fd >= 0 && poll(&fd, 1, 0) == 1;
		     n++) {
			on_control(p, (enum child)i);
			fd.fd = p->c.control[i];
		}
	}
}

static void
reap(struct parent *p)
{
	enum child child;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		hear_all(p);
		if ((child = children_forget(&p->c, pid)) != CHILD_COUNT)
			ended(p, child, status);
	}
	if (p->state != STATE_DONE)
		processes_write(p);
}

static void
on_signal(struct parent *p)
{
	struct signalfd_siginfo s;

	if (read(p->signals, &s, sizeof(s)) != sizeof(s))
		return;
	if (s.ssi_signo == SIGCHLD)
		reap(p);
	else if (s.ssi_signo == SIGHUP)
		reload_ask(p);
	else if (p->state < STATE_STOP_RECEIVER) {
		manager_say(&p->manager, "STOPPING=1");
		manager_status(&p->manager, "sealing for the last time");
		log_info(tr("stopping: the rest is sealed",
		    "停止します（残りを封印中）"));
		p->stop = p->state == STATE_RUN &&
		    p->c.pid[CHILD_WRITER] == 0 &&
		    p->c.pid[CHILD_SUCCESSOR] != 0;
		if (!p->stop)
			parent_enter(p, STATE_STOP_RECEIVER);
	}
}

/* The state has lasted too long. */
static void
overdue(struct parent *p)
{
	enum child child = states[p->state].child;

	log_error(tr("ALARM: the %s does not end and is killed",
		      "警報: プロセス%sが終了しないため強制終了します"),
	    children_name(child));
	p->status = 1;
	p->deadline = 0;
	children_kill(&p->c, child);
}

/* Collecting does not depend on them: they are made again, if not at once. */
static void
spared_again(struct parent *p)
{
	int i;

	for (i = 0; i < CHILD_COUNT; i++)
		if (p->again[i] != 0 && utc_now() >= p->again[i] &&
		    p->state == STATE_RUN && p->c.pid[CHILD_WRITER] != 0)
			parent_make(p, (enum child)i);
}

/* at: a time, or 0. */
static void
sooner(int64_t *until, int64_t at)
{
	if (at != 0 && at < *until)
		*until = at;
}

/* Milliseconds to sleep. */
static int
patience(const struct parent *p)
{
	int64_t until = watchdog_next(p), left;
	int i;

	sooner(&until, p->deadline);
	sooner(&until, parent_closed_next(p));
	if (p->reload.site != NULL)
		sooner(&until, p->reload.until);
	for (i = 0; i < CHILD_COUNT; i++) {
		sooner(&until, p->reload.ends[i]);
		if (p->state == STATE_RUN && p->c.pid[CHILD_WRITER] != 0)
			sooner(&until, p->again[i]);
	}
	if (until == INT64_MAX)
		return -1;
	left = (until - utc_now()) / 1000 + 1;
	return left < 0 ? 0 : left > 60000 ? 60000 : (int)left;
}

static void
loop(struct parent *p)
{
	struct pollfd fd[1 + CHILD_COUNT];
	int i;

	while (p->state != STATE_DONE) {
		fd[0] = (struct pollfd){ p->signals, POLLIN, 0 };
		for (i = 0; i < CHILD_COUNT; i++)
			fd[1 + i] =
			    (struct pollfd){ p->c.control[i], POLLIN, 0 };
		if (poll(fd, 1 + CHILD_COUNT, patience(p)) < 0)
			continue;
		for (i = 0; i < CHILD_COUNT; i++)
			if (fd[1 + i].revents != 0 && p->c.control[i] >= 0)
				on_control(p, (enum child)i);
		if (fd[0].revents != 0)
			on_signal(p);
		if (p->deadline != 0 && utc_now() >= p->deadline)
			overdue(p);
		reload_begin(p);
		reload_overdue(p);
		parent_closed_tick(p);
		watchdog_tick(p);
		spared_again(p);
	}
}

static int
signals_open(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGHUP);
	signal(SIGPIPE, SIG_IGN);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void
supervise(struct parent *p)
{
	if (children_init(&p->c) != 0) {
		log_errno(tr("cannot make a ring", "リングを作成できません"));
		return;
	}
	inherit_notes(&p->inherit, p->opt->site, p->c.listeners,
	    p->c.n_listeners, ring_notes(p->c.ring));
	if (inforce_say(p->c.site, &p->c.priv) != 0)
		return;
	if (priv_drop(&p->c.priv, PRIV_PARENT) != 0 ||
	    cell_calls(CELL_PARENT) != 0) {
		log_errno(tr("cannot give up what is not needed",
		    "不要な権限を放棄できません"));
		return;
	}
	parent_named_begin(p);
	p->status = 0;
	gauge_set(&p->c.gauges->parent.started, (uint64_t)utc_now());
	parent_enter(p, STATE_ASK);
	loop(p);
	parent_fell(p, CHILD_MONITOR);
	if (p->status == 0)
		inherit_leave(p->opt->site, p->c.listeners, p->c.n_listeners,
		    ring_notes(p->c.ring));
	children_fini(&p->c);
}

int
parent_run(const struct parent_options *opt)
{
	struct parent p = { .options = *opt, .reload = { .bundle = -1 } };
	size_t i;
	int lock;

	p.opt = &p.options;
	p.c.site = opt->site;
	p.c.priv = opt->priv;
	if ((lock = rundir_open(opt->site)) < 0)
		return 1;
	p.status = 1;
	p.c.submit = p.c.metrics = -1;
	manager_init(&p.manager);
	inherit_init(&p.inherit);
	if ((p.signals = signals_open()) >= 0 && parent_listeners(&p) == 0 &&
	    (p.c.submit = rundir_submit(opt->site, &p.c.priv)) >= 0 &&
	    (p.c.metrics = rundir_metrics(opt->site, &p.c.priv)) >= 0)
		supervise(&p);
	for (i = 0; i < SITE_LOGS_MAX; i++)
		buf_fini(&p.outside[i]);
	if (p.c.submit >= 0)
		close(p.c.submit);
	if (p.c.metrics >= 0)
		close(p.c.metrics);
	rundir_close(opt->site, lock);
	for (i = 0; i < p.c.n_listeners; i++)
		close(p.c.listeners[i].fd);
	free(p.c.listeners);
	reload_fini(&p);
	if (p.status == 0)
		log_info(tr("stopped", "停止しました"));
	manager_fini(&p.manager);
	return p.status;
}
