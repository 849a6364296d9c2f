/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/children.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/anchor.h"
#include "collector/cell.h"
#include "collector/forwarder.h"
#include "collector/host.h"
#include "collector/monitor.h"
#include "collector/program.h"
#include "collector/signer.h"
#include "collector/tailer.h"
#include "collector/writer.h"
#include "common/io.h"
#include "common/log.h"

#define FDS (4 + 2 * SITE_LISTENERS_MAX + SITE_LOGS_MAX + SITE_WATCHES_MAX)

struct keep { /* descriptors that a child keeps */
	int fd[FDS];
	size_t n;
};

static const char *const names[] = {
#define CHILD(id, name) name,
#include "collector/child_tbl.h"
#undef CHILD
};

const char *
children_name(enum child child)
{
	return names[child];
}

int
children_init(struct children *c)
{
	size_t i;

	for (i = 0; i < CHILD_COUNT; i++) {
		c->pid[i] = 0;
		c->control[i] = -1;
	}
	for (i = 0; i < SITE_LOGS_MAX; i++)
		c->sign[i][0] = c->sign[i][1] = -1;
	c->gauges = gauges_new();
	if (c->gauges == NULL || pipe2(c->alive, O_CLOEXEC) != 0)
		return -1;
	return children_renew(c);
}

/* What only receiver and writer need. */
static void
shared_free(struct children *c)
{
	ring_free(c->ring);
	estate_free(c->estate);
	receipt_free(c->receipt);
	resent_free(c->resent);
}

void
children_fini(struct children *c)
{
	shared_free(c);
	buf_fini(&c->named);
	gauges_free(c->gauges);
	close(c->alive[0]);
	close(c->alive[1]);
}

int
children_renew(struct children *c)
{
	struct estate *before = c->estate;

	c->estate = estate_new();
	if (c->estate != NULL && before != NULL)
		estate_follow(c->estate, before);
	estate_free(before);
	ring_free(c->ring);
	c->ring = ring_new((size_t)c->site->ring_mib << 20);
	receipt_free(c->receipt);
	c->receipt = receipt_new();
	resent_free(c->resent);
	c->resent = resent_new();
	return c->ring == NULL || c->estate == NULL || c->receipt == NULL ||
		c->resent == NULL
	    ? -1
	    : 0;
}

static void
keep(struct keep *k, int fd)
{
	k->fd[k->n++] = fd;
}

static _Noreturn void
cannot(const char *name, const char *what)
{
	log_errno(tr("%s: cannot %s", "%s: %sできません"), name, what);
	_exit(1);
}

/*
 * Of the children only the receiver, the anchor, the forwarder and the asker
 * have a network; descriptors that are open stay.  Only root can, and a
 * container may not let it.
 */
static void
leave_network(const struct children *c, enum child child)
{
	if (c->priv.root && child != CHILD_RECEIVER && child != CHILD_ANCHOR &&
	    child != CHILD_FORWARDER && child != CHILD_ASKER &&
	    unshare(CLONE_NEWNET) != 0)
		log_warn(tr("%s: the network cannot be taken away: %s",
			     "%s: ネットワークから切り離せません: %s"),
		    names[child], strerror(errno));
}

/* The cells and the children have the same names. */
static enum cell
cell_of(enum child child)
{
	return cell_find(names[child]);
}

/* Only its own files; what is open stays. */
static void
leave_files(const struct children *c, enum child child)
{
	if (cell_files(cell_of(child), c->site) != 0)
		cannot(names[child],
		    tr("give up the files of others",
			"他のファイルの利用を放棄"));
}

static void
drop(const struct children *c, enum child child, enum priv_role role)
{
	leave_network(c, child);
	if (priv_drop(&c->priv, role) != 0)
		cannot(names[child],
		    tr("give up its privileges", "特権を放棄"));
	if (cell_calls(cell_of(child)) != 0)
		cannot(names[child],
		    tr("give up system calls", "システムコールの利用を放棄"));
}

static void
confine(const struct children *c, enum child child)
{
	char dir[4096];

	leave_files(c, child);
	if (io_join(dir, sizeof(dir), c->site->run, "empty") != 0 ||
	    priv_confine(&c->priv, dir) != 0)
		cannot(names[child],
		    tr("be confined", "空のフォルダーへの隔離が"));
}

/* Called when the signer's keys are open: no file is opened from then on. */
static int
signer_ready(void *cookie)
{
	const struct children *c = cookie;

	confine(c, CHILD_SIGNER);
	drop(c, CHILD_SIGNER, PRIV_KEYS);
	return 0;
}

static int
signer_main(struct children *c, struct keep *k)
{
	int ask[SITE_LOGS_MAX];
	struct signer_options o = { c->site, ask, signer_ready, c };
	size_t i;

	for (i = 0; i < c->site->n_logs; i++)
		keep(k, ask[i] = c->sign[i][0]);
	priv_close_others(k->fd, k->n);
	return signer_run(&o);
}

static int
writer_main(struct children *c, struct keep *k, int control)
{
	int sign[SITE_LOGS_MAX];
	uint8_t program[SHA256_LEN];
	struct writer_options o = { .site = c->site,
		.program = program_hash(program) == 0 ? program : NULL,
		.ring = c->ring,
		.estate = c->estate,
		.gauges = c->gauges,
		.receipt = c->receipt,
		.sign = sign,
		.submit = c->submit,
		.control = control,
		.named = buf_view(&c->named),
		.receiver_alive = c->alive[0] };
	size_t i;

	for (i = 0; i < c->site->n_logs; i++)
		keep(k, sign[i] = c->sign[i][1]);
	keep(k, c->submit);
	keep(k, c->alive[0]);
	keep(k, ring_data_fd(c->ring));
	keep(k, ring_room_fd(c->ring));
	keep(k, receipt_fd(c->receipt));
	priv_close_others(k->fd, k->n);
	leave_files(c, CHILD_WRITER);
	drop(c, CHILD_WRITER, PRIV_USER);
	return writer_run(&o);
}

/* What a TLS listener is made of: the parent never has it.  One for which it
 * cannot be had is not opened. */
static void
files_load(struct receiver_listener *l)
{
	struct buf why;

	buf_init(&why);
	if (!l->closed && receiver_load(l, &why) != 0) {
		l->closed = true;
		snprintf(l->why, sizeof(l->why), "%s", buf_cstr(&why));
	} else if (why.len > 0)
		log_warn(tr("listener '%s': %s", "受信口「%s」: %s"),
		    l->conf->name, buf_cstr(&why));
	buf_fini(&why);
}

static int
receiver_main(struct children *c, struct keep *k, int control)
{
	struct receiver_options o = { .site = c->site,
		.listeners = c->listeners,
		.n_listeners = c->n_listeners,
		.ring = c->ring,
		.gauges = c->gauges,
		.receipt = c->receipt,
		.resent = c->resent,
		.control = control };
	size_t i;

	host_open(o.counters);
	keep(k, o.counters[0]);
	keep(k, o.counters[1]);
	for (i = 0; i < c->n_listeners; i++) {
		keep(k, c->listeners[i].fd);
		files_load(&c->listeners[i]);
	}
	keep(k, c->alive[1]);
	keep(k, ring_data_fd(c->ring));
	keep(k, ring_room_fd(c->ring));
	keep(k, receipt_fd(c->receipt));
	priv_close_others(k->fd, k->n);
	estate_free(c->estate);
	confine(c, CHILD_RECEIVER);
	drop(c, CHILD_RECEIVER, PRIV_USER);
	return receiver_run(&o);
}

/*
 * Give the writer one end of a new pair, and say whose the other is, which is
 * returned; or -1.
 */
static int
guest_pair(const struct children *c, const char *whose)
{
	int pair[2], rc;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return -1;
	rc = children_give(c, CHILD_WRITER, whose, &pair[1], 1);
	close(pair[1]);
	if (rc == 0)
		return pair[0];
	close(pair[0]);
	return -1;
}

static int
tailer_main(struct children *c, struct keep *k, int control)
{
	int tail[SITE_WATCHES_MAX];
	struct tailer_options o = { c->site, tail, control };
	size_t i;

	for (i = 0; i < c->site->n_watches; i++) {
		if ((tail[i] = guest_pair(c, "tail")) < 0)
			cannot(names[CHILD_TAILER],
			    tr("reach the writer", "書き込みプロセスに接続"));
		keep(k, tail[i]);
	}
	priv_close_others(k->fd, k->n);
	shared_free(c);
	leave_files(c, CHILD_TAILER);
	drop(c, CHILD_TAILER, PRIV_USER);
	return tailer_run(&o);
}

static int
anchor_main(struct children *c, struct keep *k, int control)
{
	struct anchor_options o = { c->site, control, guest_pair(c, "anchor") };

	if (o.writer < 0)
		cannot(names[CHILD_ANCHOR],
		    tr("reach the writer", "書き込みプロセスに接続"));
	keep(k, o.writer);
	priv_close_others(k->fd, k->n);
	shared_free(c);
	leave_files(c, CHILD_ANCHOR);
	drop(c, CHILD_ANCHOR, PRIV_USER);
	return anchor_run(&o);
}

static int
forwarder_main(struct children *c, struct keep *k, int control)
{
	struct forwarder_options o = { .site = c->site,
		.control = control,
		.writer = guest_pair(c, "forward") };

	if (o.writer < 0)
		cannot(names[CHILD_FORWARDER],
		    tr("reach the writer", "書き込みプロセスに接続"));
	keep(k, o.writer);
	priv_close_others(k->fd, k->n);
	ring_free(c->ring);
	estate_free(c->estate);
	forwarder_load(&o);
	leave_files(c, CHILD_FORWARDER);
	drop(c, CHILD_FORWARDER, PRIV_USER);
	return forwarder_run(&o);
}

/* Asks outside, before the signer is made, how far the logs had come. */
static int
asker_main(struct children *c, struct keep *k, int control)
{
	struct anchor_options o = { c->site, control, -1 };

	priv_close_others(k->fd, k->n);
	shared_free(c);
	leave_files(c, CHILD_ASKER);
	drop(c, CHILD_ASKER, PRIV_USER);
	(void)anchor_ask(&o); /* the parent was told */
	return 0;
}

void
children_slots(const struct children *c)
{
	const struct receiver_listener *l;
	size_t i;

	for (i = 0; i < GAUGES_SLOTS; i++)
		gauge_set(&c->gauges->listener[i].listener, 0);
	for (i = 0; i < c->n_listeners; i++) {
		l = &c->listeners[i];
		gauge_set(&c->gauges->listener[l->slot].listener, i + 1);
		gauge_set(&c->gauges->listener[l->slot].open, !l->closed);
	}
}

static int
monitor_main(struct children *c, struct keep *k, int control)
{
	int disk[SITE_LOGS_MAX];
	struct monitor_options o = { .site = c->site,
		.gauges = c->gauges,
		.disk = disk,
		.metrics = c->metrics,
		.control = control,
		.children = names,
		.n_children = CHILD_COUNT };
	size_t i;

	for (i = 0; i < c->site->n_logs; i++)
		keep(k,
		    disk[i] = open(c->site->logs[i].dir,
			O_PATH | O_DIRECTORY | O_CLOEXEC));
	keep(k, c->metrics);
	priv_close_others(k->fd, k->n);
	ring_free(c->ring);
	estate_free(c->estate);
	confine(c, CHILD_MONITOR);
	drop(c, CHILD_MONITOR, PRIV_NOBODY);
	return monitor_run(&o);
}

/* It makes keys and a folder beside the log's: nobody else may. */
static int
successor_main(struct children *c, struct keep *k)
{
	priv_close_others(k->fd, k->n);
	shared_free(c);
	leave_files(c, CHILD_SUCCESSOR);
	drop(c, CHILD_SUCCESSOR, PRIV_GIVER);
	c->successor.site = c->site;
	c->successor.priv = &c->priv;
	return successor_make(&c->successor);
}

/* Signals are the parent's: it tells its children what to do. */
static void
signals_ignore(void)
{
	static const int ignored[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };
	sigset_t none;
	size_t i;

	for (i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		signal(ignored[i], SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static _Noreturn void
child_main(struct children *c, enum child child, int control)
{
	struct keep k = { .n = 0 };
	char name[32];
	int status = 1;

	signals_ignore();
	snprintf(name, sizeof(name), "konseki-%s", names[child]);
	prctl(PR_SET_NAME, name);
	log_set_name(names[child]);
	keep(&k, control);
	switch (child) {
	case CHILD_SIGNER:
		status = signer_main(c, &k);
		break;
	case CHILD_WRITER:
		status = writer_main(c, &k, control);
		break;
	case CHILD_RECEIVER:
		status = receiver_main(c, &k, control);
		break;
	case CHILD_TAILER:
		status = tailer_main(c, &k, control);
		break;
	case CHILD_ANCHOR:
		status = anchor_main(c, &k, control);
		break;
	case CHILD_MONITOR:
		status = monitor_main(c, &k, control);
		break;
	case CHILD_FORWARDER:
		status = forwarder_main(c, &k, control);
		break;
	case CHILD_ASKER:
		status = asker_main(c, &k, control);
		break;
	case CHILD_SUCCESSOR:
		status = successor_main(c, &k);
		break;
	case CHILD_COUNT:
		break;
	}
	_exit(status);
}

static int
sign_pairs(struct children *c)
{
	size_t i;

	for (i = 0; i < c->site->n_logs; i++)
		if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
			c->sign[i]) != 0)
			return -1;
	return 0;
}

/* Once each side has its ends, one that dies is noticed by the other. */
static void
sign_close(struct children *c, size_t end)
{
	size_t i;

	for (i = 0; i < c->site->n_logs; i++)
		if (c->sign[i][end] >= 0) {
			close(c->sign[i][end]);
			c->sign[i][end] = -1;
		}
}

int
children_make(struct children *c, enum child child)
{
	int pair[2] = { -1, -1 };
	pid_t pid = -1;

	if (child == CHILD_MONITOR)
		children_slots(c); /* it must know the configuration alike */
	if ((child != CHILD_SIGNER || sign_pairs(c) == 0) &&
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0)
		pid = fork();
	if (pid == 0) {
		close(pair[0]);
		child_main(c, child, pair[1]);
	}
	if (pair[1] >= 0)
		close(pair[1]);
	if (child == CHILD_SIGNER)
		sign_close(c, 0);
	else if (child == CHILD_WRITER)
		sign_close(c, 1);
	if (pid < 0) {
		log_errno(tr("cannot start the %s",
			      "プロセス%sを起動できません"),
		    names[child]);
		if (pair[0] >= 0)
			close(pair[0]);
		return -1;
	}
	c->pid[child] = pid;
	c->control[child] = pair[0];
	return 0;
}

void
children_tell(const struct children *c, enum child child, const char *what)
{
	if (c->control[child] >= 0)
		/* Who is gone is found by waitpid(), who does not listen by
		 * not doing it. */
		(void)send(c->control[child], what, strlen(what),
		    MSG_NOSIGNAL | MSG_DONTWAIT);
}

int
children_give(const struct children *c, enum child child, const char *what,
    const int *fd, size_t n)
{
	union {
		struct cmsghdr head;
		char space[CMSG_SPACE(FDS * sizeof(int))];
	} aside = { .space = { 0 } };
	struct iovec iov = { (void *)(uintptr_t)what, strlen(what) };
	struct msghdr m = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &aside,
		.msg_controllen = CMSG_SPACE(n * sizeof(int)) };
	struct cmsghdr *head = CMSG_FIRSTHDR(&m);

	if (n > FDS) {
		errno = E2BIG;
		return -1;
	}
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(n * sizeof(int));
	memcpy(CMSG_DATA(head), fd, n * sizeof(int));
	return sendmsg(c->control[child], &m, MSG_NOSIGNAL | MSG_DONTWAIT) < 0
	    ? -1
	    : 0;
}

void
children_kill(const struct children *c, enum child child)
{
	if (c->pid[child] > 0)
		kill(c->pid[child], SIGKILL);
}

enum child
children_forget(struct children *c, pid_t pid)
{
	int i;

	for (i = 0; i < CHILD_COUNT; i++) {
		if (c->pid[i] != pid)
			continue;
		c->pid[i] = 0;
		close(c->control[i]);
		c->control[i] = -1;
		return (enum child)i;
	}
	return CHILD_COUNT;
}
