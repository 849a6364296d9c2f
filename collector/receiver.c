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
#include "collector/intake.h"
#include "collector/listen.h"
#include "collector/relpserver.h"
#include "collector/tlsload.h"
#include "collector/udp.h"
#include "common/log.h"
#include "common/utc.h"

_Static_assert(RING_NOTES >= 2 * SITE_LISTENERS_MAX, "two for each");

#define STOP_S 5 /* seconds to read what the kernel still has */

struct receiver {
	const struct receiver_options *opt;
	struct intake in;
	struct listener *listeners;
	struct udp **udp; /* of each listener, or NULL */
	size_t n;	  /* listeners that are open */
	struct sources *sources;
	struct host host;
	struct udp_slots *slots;
	struct relpserver *relp;
	struct event *control, *tick, *deadline;
	bool late; /* the deadline has passed */
	struct tlsload tls;
};

static void
say(struct receiver *r, const char *what)
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
		if (r->udp[i] != NULL)
			udp_stop(r->udp[i]);
		else
			listen_stop(&r->listeners[i]);
}

static void
on_control(evutil_socket_t fd, short what, void *arg)
{
	struct receiver *r = arg;
	int files[TLS_FILE_COUNT];
	const char *answer;
	char text[64];
	ssize_t n = tlsload_recv(fd, text, sizeof(text), files);
	struct span s = span_make(text, n > 0 ? (size_t)n : 0);

	(void)what;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0)
		event_del(r->control);
	if (n <= 0 || span_is(s, "stop"))
		stop(r);
	else if (span_starts(s, SPAN("tls ")) &&
	    (answer = tlsload_hear(&r->tls, s, files, r->listeners, r->n)) !=
		NULL)
		say(r, answer);
}

static void
tell(struct receiver *r)
{
	uint64_t now = (uint64_t)utc_now();
	size_t i;

	for (i = 0; i < r->n; i++) {
		if (r->udp[i] != NULL)
			udp_tell(r->udp[i], now);
		listen_tell(&r->listeners[i], now);
	}
	host_tell(&r->host, &r->in, now);
	intake_tell(&r->in);
	for (i = 0; i < r->n; i++)
		if (r->udp[i] != NULL)
			udp_told(r->udp[i]);
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
		if (r->udp[i] != NULL && !udp_stopped(r->udp[i]))
			return false;
	return r->in.n_conns == 0 && intake_drained(&r->in);
}

/* The context of a TLS listener, NULL of others; -1: it was said why. */
static int
make_context(const struct receiver_listener *from, SSL_CTX **ctx)
{
	const struct site_listener *conf = from->conf;
	struct span key = from->files.pem[TLS_FILE_KEY];
	struct buf why;

	*ctx = NULL;
	if (!site_is_tls(conf->transport))
		return 0;
	buf_init(&why);
	*ctx = tlsctx_new(conf, &from->files, &why);
	if (*ctx == NULL)
		log_error(tr("listener '%s': %s", "受信口「%s」: %s"),
		    conf->name, buf_cstr(&why));
	else if (why.len > 0)
		log_warn(tr("listener '%s': %s", "受信口「%s」: %s"),
		    conf->name, buf_cstr(&why));
	buf_fini(&why);
	explicit_bzero((void *)(uintptr_t)key.p, key.len);
	if (conf->tls_profile == SITE_TLS_LEGACY)
		log_warn(tr("listener '%s': tls_profile legacy: what comes by "
			    "TLS 1.0 or 1.1 can be read and changed on the way",
			     "受信口「%s」: tls_profile: "
			     "legacyのため、TLS 1.0・1.1による通信は途中で盗聴"
			     "・改変されるおそれがあります"),
		    conf->name);
	return *ctx == NULL ? -1 : 0;
}

static int
open_listener(struct receiver *r, struct receiver_listener *from)
{
	struct listener *l = &r->listeners[r->n];
	SSL_CTX *ctx;
	size_t i;

	if (make_context(from, &ctx) != 0)
		return -1;
	r->n++;
	if (listen_open(l, &r->in, from->conf, from->fd, ctx) != 0)
		goto fail;
	if (site_is_relp(from->conf->transport))
		l->relp = r->relp;
	if (site_is_datagram(from->conf->transport)) {
		i = r->n - 1;
		r->udp[i] = udp_open(l, r->sources, r->slots,
		    ring_notes(r->opt->ring) + 2 * i);
		if (r->udp[i] == NULL)
			goto fail;
	} else if (listen_start(l) != 0)
		goto fail;
	return 0;
fail:
	log_errno(tr("listener '%s' cannot receive",
		      "受信口「%s」で受信を始められません"),
	    from->conf->name);
	return -1;
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

static int
open_all(struct receiver *r)
{
	const struct receiver_options *opt = r->opt;
	size_t i;

	r->listeners = calloc(opt->n_listeners + 1, sizeof(*r->listeners));
	r->udp = calloc(opt->n_listeners + 1, sizeof(struct udp *));
	r->sources = sources_new(&r->in);
	r->slots = udp_slots_new();
	r->relp = relpserver_new(&r->in, opt->receipt, opt->resent);
	if (r->listeners == NULL || r->udp == NULL || r->sources == NULL ||
	    r->slots == NULL || r->relp == NULL || add_events(r) != 0) {
		log_error(tr("out of memory", "メモリーが足りません"));
		return -1;
	}
	for (i = 0; i < opt->n_listeners; i++)
		if (open_listener(r, &opt->listeners[i]) != 0)
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

	for (i = 0; i < r->n; i++) {
		if (r->udp[i] != NULL)
			udp_finish(r->udp[i], now);
		listen_finish(&r->listeners[i], now);
		udp_close(r->udp[i]);
		listen_close(&r->listeners[i]);
	}
	host_finish(&r->host, &r->in, now);
	sources_free(r->sources, conn_end_name(CONN_END_STOP));
	udp_slots_free(r->slots);
	relpserver_free(r->relp);
	intake_tell(&r->in);
}

static void
free_all(struct receiver *r)
{
	free(r->listeners);
	free(r->udp);
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
	struct receiver r = { .opt = opt };
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
		intake_publish(&r.in);
		say(&r, "ready");
		while (!stopped(&r))
			if (event_base_loop(base, EVLOOP_ONCE) != 0)
				break;
		status = 0;
	}
	close_all(&r);
	if (status == 0) {
		drain(&r);
		say(&r, "stopped");
	}
	free_all(&r);
	return status;
}
