/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/receiver.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "collector/conn_end.h"
#include "collector/host.h"
#include "collector/receiver_priv.h"
#include "common/log.h"
#include "common/utc.h"

_Static_assert(RING_NOTES >= 2 * RECEIVER_SLOTS, "two for each");

#define WITH_MAX (1u + SITE_LISTENERS_MAX) /* descriptors with a message */
#define STOP_S 5 /* seconds to read what the kernel still has */

void
receiver_say(const struct receiver *r, const char *what)
{
	/* A parent that is gone reads nothing; we notice by its socket. */
	send(r->opt->control, what, strlen(what), MSG_NOSIGNAL);
}

static void
stop(struct receiver *r)
{
	struct timeval t = { .tv_sec = STOP_S };
	size_t i;

	if (r->in.stopping)
		return;
	r->in.stopping = true;
	evtimer_add(r->deadline, &t);
	for (i = 0; i < r->n; i++)
		port_stop(r->ports[i]);
}

/* Receive a message and the descriptors that came with it. */
static ssize_t
receive(int fd, char *text, size_t len, int *with, size_t *n)
{
	union {
		struct cmsghdr head;
		char space[CMSG_SPACE(WITH_MAX * sizeof(int))];
	} aside;
	struct iovec iov = { text, len };
	struct msghdr m = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &aside,
		.msg_controllen = sizeof(aside) };
	struct cmsghdr *c;
	ssize_t got = recvmsg(fd, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	*n = 0;
	if (got > 0 && (c = CMSG_FIRSTHDR(&m)) != NULL &&
	    c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
		*n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(with, CMSG_DATA(c), *n * sizeof(int));
	}
	return got;
}

static void
on_control(evutil_socket_t fd, short what, void *arg)
{
	struct receiver *r = arg;
	int with[WITH_MAX];
	char text[1024];
	struct span said;
	size_t n;
	ssize_t got = receive(fd, text, sizeof(text), with, &n);

	(void)what;
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0)
		event_del(r->control);
	said = span_make(text, got > 0 ? (size_t)got : 0);
	if (got <= 0 || span_is(said, "stop"))
		stop(r);
	else if (span_is(said, "ping"))
		receiver_say(r, "pong");
	else if (span_starts(said, SPAN("reload")))
		receiver_say(r,
		    receiver_reload(r, span_sub(said, 6, said.len), with, n)
			? "reloaded"
			: "refused");
	else if (span_starts(said, SPAN("open ")))
		receiver_open(r, span_sub(said, 5, said.len), with, n);
}

static void
tell(struct receiver *r)
{
	uint64_t now = (uint64_t)utc_now();
	size_t i;

	for (i = 0; i < r->n; i++)
		port_tell(r->ports[i], now);
	host_tell(&r->host, &r->in, now);
	receiver_closed_tell(r, now, false);
	intake_tell(&r->in, now);
	for (i = 0; i < r->n; i++)
		port_told(r->ports[i]);
	receiver_left(r);
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	tell(arg);
}

static void
on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct receiver *r = arg;

	(void)fd;
	(void)what;
	r->late = true;
}

/* Whether all that the kernel had is in the ring, or it took too long. */
static bool
stopped(const struct receiver *r)
{
	size_t i;

	if (!r->in.stopping)
		return false;
	if (r->late)
		return true;
	for (i = 0; i < r->n; i++)
		if (!port_stopped(r->ports[i]))
			return false;
	return r->in.n_conns == 0 && intake_drained(&r->in);
}

static int
add_events(struct receiver *r)
{
	struct timeval second = { .tv_sec = 1 };

	r->control = event_new(r->in.base, r->opt->control,
	    EV_READ | EV_PERSIST, on_control, r);
	r->tick = event_new(r->in.base, -1, EV_PERSIST, on_tick, r);
	r->deadline = evtimer_new(r->in.base, on_deadline, r);
	if (r->control == NULL || r->tick == NULL || r->deadline == NULL)
		return -1;
	return event_add(r->control, NULL) == 0 &&
		event_add(r->tick, &second) == 0
	    ? 0
	    : -1;
}

struct port_shared
receiver_shared(struct receiver *r)
{
	return (struct port_shared){ .in = &r->in,
		.sources = r->sources,
		.slots = r->slots,
		.ring = r->opt->ring,
		.gauges = r->opt->gauges,
		.relp = r->relp };
}

static int
open_all(struct receiver *r)
{
	const struct receiver_options *opt = r->opt;
	size_t i;

	r->sources = sources_new(&r->in);
	r->slots = udp_slots_new();
	r->relp = relpserver_new(&r->in, opt->receipt, opt->resent);
	if (r->sources == NULL || r->slots == NULL || r->relp == NULL ||
	    add_events(r) != 0) {
		log_error(tr("out of memory", "メモリーが足りません"));
		return -1;
	}
	for (i = 0; i < opt->n_listeners; i++)
		if (receiver_begin(r, i) != 0)
			return -1;
	return 0;
}

static void
free_event(struct event *e)
{
	if (e != NULL)
		event_free(e);
}

/* Ends what is left, each stream with its end record. */
static void
close_all(struct receiver *r)
{
	uint64_t now = (uint64_t)utc_now();
	size_t i;

	for (i = 0; i < r->n; i++)
		port_close(r->ports[i], now);
	receiver_closed_tell(r, now, true);
	host_finish(&r->host, &r->in, now);
	sources_free(r->sources, conn_end_name(CONN_END_STOP));
	udp_slots_free(r->slots);
	relpserver_free(r->relp);
	intake_tell(&r->in, now);
}

static void
free_all(struct receiver *r)
{
	size_t i;

	for (i = 0; i < r->n_sites; i++)
		site_free(r->sites[i]);
	free_event(r->control);
	free_event(r->tick);
	free_event(r->deadline);
	host_fini(&r->host);
	intake_fini(&r->in);
	event_base_free(r->in.base);
}

/* As many descriptors as we may have; and only the parent ends us. */
static void
settle_in(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files); /* else fewer connections */
	}
	signal(SIGPIPE, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
}

/* What still waits for room after the end waits for a while. */
static void
drain(struct receiver *r)
{
	struct timeval t = { .tv_sec = STOP_S };

	/* What could not be read in time is among it: it is said even then. */
	r->late = false;
	evtimer_add(r->deadline, &t);
	while (!intake_drained(&r->in) && !r->late)
		if (event_base_loop(r->in.base, EVLOOP_ONCE) != 0)
			break;
}

int
receiver_run(const struct receiver_options *opt)
{
	struct receiver r = { .opt = opt, .site = opt->site };
	struct event_base *base = event_base_new();
	int status = 1;

	settle_in();
	if (base == NULL ||
	    intake_init(&r.in, base, opt->ring, opt->site) != 0) {
		log_error(tr("out of memory", "メモリーが足りません"));
		return 1;
	}
	host_init(&r.host, opt->counters, opt->site, (uint64_t)utc_now());
	if (open_all(&r) == 0) {
		intake_tell(&r.in, (uint64_t)utc_now());
		receiver_say(&r, "ready");
		while (!stopped(&r))
			if (event_base_loop(base, EVLOOP_ONCE) != 0)
				break;
		status = 0;
	}
	close_all(&r);
	if (status == 0) {
		drain(&r);
		intake_leave(&r.in);
		receiver_say(&r, "stopped");
	}
	free_all(&r);
	return status;
}
