/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/listen.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "collector/conn.h"
#include "collector/relpconn.h"
#include "collector/source.h"
#include "collector/unixsock.h"
#include "collector/wire.h"
#include "common/text.h"
#include "common/utc.h"
#include "evidence/record.h"

#define ACCEPT_MAX 64	 /* connections accepted in one turn */
#define BACKLOG_MAX 4096 /* as many may be waiting */
#define CONNS_MAX (RINGMSG_STREAMS - SOURCES_MAX) /* each has a stream */

static const struct timeval second = { .tv_sec = 1 };

void
listen_no_memory(struct listener *l, int fd)
{
	uint64_t now = (uint64_t)utc_now();

	evutil_closesocket(fd);
	loss_add(&l->loss, GAP_CONNECTION_LIMIT, 1, GAP_UNKNOWN, now, now,
	    SPAN(""));
	intake_refused(l->in, l->conf->log, 1);
}

struct pace *
listen_came(struct listener *l, const struct endpoint *peer)
{
	l->n_conns++;
	l->in->n_conns++;
	return crowd_add(&l->crowd, peer->address);
}

void
listen_left(struct listener *l, const struct endpoint *peer)
{
	crowd_remove(&l->crowd, peer->address, (uint64_t)utc_now());
	l->n_conns--;
	l->in->n_conns--;
}

/* Close it: no bytes are read, the sender is named. */
static void
refuse(struct listener *l, int fd, const struct endpoint *peer,
    enum gap_kind kind)
{
	close(fd);
	tally_add(&l->tally, kind, peer->address, GAP_UNKNOWN,
	    (uint64_t)utc_now());
	intake_refused(l->in, l->conf->log, 1);
}

/* There are too many: who has most of them is looked for once for each g1. */
static void
turn_away(struct listener *l, int fd, const struct endpoint *peer)
{
	uint64_t now = (uint64_t)utc_now();
	struct buf extra;

	close(fd);
	if (l->loss.sums[GAP_CONNECTION_LIMIT].count == 0)
		l->held = crowd_most(&l->crowd, l->most);
	buf_init(&extra);
	record_word(&extra, "peer", span_str(peer->address));
	record_word(&extra, "most", span_str(l->most));
	record_word_u64(&extra, "held", l->held);
	loss_add(&l->loss, GAP_CONNECTION_LIMIT, 1, GAP_UNKNOWN, now, now,
	    buf_view(&extra));
	intake_refused(l->in, l->conf->log, 1);
	buf_fini(&extra);
}

/* What accept's errno says of the next: 1 ask again, 0 nobody, -1 run out. */
static int
accept_failed(int e)
{
	switch (e) {
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
		return -1;
	case ECONNABORTED: /* he gave up while he waited */
	case EINTR:
	case EPROTO:
	case EPERM: /* a firewall's word */
	case ENETDOWN:
	case ENETUNREACH:
	case EHOSTDOWN:
	case EHOSTUNREACH:
		return 1;
	default:
		return 0;
	}
}

/* The two ends of a connection. */
static void
ends_set(const struct listener *l, int fd, const struct sockaddr *from,
    struct endpoint *peer)
{
	struct sockaddr_storage ss = { 0 };
	socklen_t len = sizeof(ss);

	endpoint_set(peer, from);
	if (site_is_unix(l->conf->transport))
		peer->known = unixsock_peer(fd, &peer->uid, &peer->pid) == 0;
	else if (getsockname(fd, (struct sockaddr *)&ss, &len) == 0)
		endpoint_local(peer, (struct sockaddr *)&ss);
}

/* Accept one: 1, 0 if nobody waits, -1 if descriptors or memory ran out. */
static int
accept_one(struct listener *l)
{
	struct sockaddr_storage ss = { 0 };
	socklen_t len = sizeof(ss);
	struct endpoint peer;
	unsigned had;
	int fd;

	fd = accept4(l->fd, (struct sockaddr *)&ss, &len,
	    SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0)
		return accept_failed(errno);
	ends_set(l, fd, (struct sockaddr *)&ss, &peer);
	had = l->n_conns;
	if (!listen_allows(l, (struct sockaddr *)&ss))
		refuse(l, fd, &peer, GAP_REFUSED_SOURCE);
	else if (!site_is_unix(l->conf->transport) &&
	    crowd_count(&l->crowd, peer.address) >= l->conf->max_per_source)
		refuse(l, fd, &peer, GAP_CONNECTION_LIMIT);
	else if (l->n_conns >= l->conf->max_connections ||
	    l->in->n_conns >= CONNS_MAX)
		turn_away(l, fd, &peer);
	else if (l->relp != NULL)
		relpconn_open(l, fd, &peer);
	else
		conn_open(l, fd, &peer);
	l->seen.accepted += l->n_conns > had;
	return 1;
}

static void
on_ready(evutil_socket_t fd, short what, void *arg)
{
	struct listener *l = arg;
	uint64_t now;
	int i, rc = 1;

	(void)fd;
	(void)what;
	for (i = 0; i < ACCEPT_MAX && rc > 0; i++)
		rc = accept_one(l);
	if (rc >= 0)
		return;
	now = (uint64_t)utc_now();
	loss_add(&l->loss, GAP_ACCEPT_DEFERRED, 1, 0, now, now, SPAN(""));
	event_del(l->ready);
	evtimer_add(l->retry, &second);
}

static void
on_retry(evutil_socket_t fd, short what, void *arg)
{
	struct listener *l = arg;

	(void)fd;
	(void)what;
	event_add(l->ready, NULL);
}

int
listen_open(struct listener *l, struct intake *in,
    const struct site_listener *conf, int fd, SSL_CTX *ctx)
{
	struct sockaddr_storage ss = { 0 };
	socklen_t len = sizeof(ss);

	assert((site_is_tls(conf->transport)) == (ctx != NULL));
	memset(l, 0, sizeof(*l));
	l->conf = conf;
	l->in = in;
	intake_feeds(in, conf->log);
	l->fd = fd;
	l->ctx = ctx;
	TAILQ_INIT(&l->conns);
	TAILQ_INIT(&l->sessions);
	loss_init(&l->loss, conf->name, conf->log);
	tally_init(&l->tally, conf->name, conf->log);
	crowd_init(&l->crowd);
	if (getsockname(fd, (struct sockaddr *)&ss, &len) != 0)
		return -1;
	endpoint_set(&l->local, (struct sockaddr *)&ss);
	l->wildcard = strcmp(l->local.address, "0.0.0.0") == 0 ||
	    strcmp(l->local.address, "::") == 0;
	return 0;
}

int
listen_start(struct listener *l)
{
	l->ready =
	    event_new(l->in->base, l->fd, EV_READ | EV_PERSIST, on_ready, l);
	l->retry = evtimer_new(l->in->base, on_retry, l);
	if (l->ready == NULL || l->retry == NULL ||
	    evutil_make_socket_nonblocking(l->fd) != 0)
		return -1;
	return event_add(l->ready, NULL);
}

void
listen_leave(struct listener *l, bool handed)
{
	struct relpconn *s, *following;
	struct conn *c, *next;
	int i;

	if (l->ready == NULL)
		return;
	event_del(l->ready);
	event_del(l->retry);
	for (i = 0; !handed && i < BACKLOG_MAX && accept_one(l) > 0; i++)
		;
	for (c = TAILQ_FIRST(&l->conns); c != NULL; c = next) {
		next = conn_next(c);
		conn_stop(c);
	}
	for (s = TAILQ_FIRST(&l->sessions); s != NULL; s = following) {
		following = relpconn_next(s);
		relpconn_stop(s);
	}
}

bool
listen_allows(const struct listener *l, const struct sockaddr *from)
{
	uint8_t addr[16];

	if (l->conf->allow.n == 0)
		return true;
	endpoint_bytes(from, addr);
	return site_nets_have(&l->conf->allow, addr);
}

void
listen_stop(struct listener *l)
{
	listen_leave(l, false);
}

void
listen_reconf(struct listener *l, const struct site_listener *conf,
    SSL_CTX *ctx)
{
	l->conf = conf;
	l->loss.listener = l->tally.listener = conf->name;
	SSL_CTX_free(l->ctx); /* connections hold it as long as they live */
	l->ctx = ctx;
}

bool
listen_leaves(const struct listener *l)
{
	return l->in->stopping || l->leaving;
}

enum conn_end
listen_why(const struct listener *l)
{
	return l->leaving ? CONN_END_LISTENER_REMOVED : CONN_END_STOP;
}

bool
listen_told(const struct listener *l)
{
	return loss_told(&l->loss);
}

void
listen_tell(struct listener *l, uint64_t now)
{
	struct conn *c;

	crowd_sweep(&l->crowd, now);
	if (!intake_drained(l->in))
		return;
	for (c = TAILQ_FIRST(&l->conns); c != NULL; c = conn_next(c)) {
		conn_tick(c, now);
		conn_tell(c);
	}
	loss_tell(&l->loss, l->in, now);
	tally_tell(&l->tally, l->in, now, false);
}

static void
close_conns(struct listener *l)
{
	struct relpconn *s;
	struct conn *c;

	while ((c = TAILQ_FIRST(&l->conns)) != NULL)
		conn_close(c);
	while ((s = TAILQ_FIRST(&l->sessions)) != NULL)
		relpconn_close(s);
}

void
listen_finish(struct listener *l, uint64_t now)
{
	close_conns(l);
	loss_finish(&l->loss, l->in, now);
	tally_tell(&l->tally, l->in, now, true);
}

void
listen_close(struct listener *l)
{
	close_conns(l);
	if (l->ready != NULL)
		event_free(l->ready);
	if (l->retry != NULL)
		event_free(l->retry);
	SSL_CTX_free(l->ctx);
	loss_fini(&l->loss);
	tally_fini(&l->tally);
	crowd_fini(&l->crowd);
}

/* The source of the listener that has the address, or NULL. */
static const struct site_source *
source_of(const struct site_listener *conf, const struct endpoint *peer)
{
	struct endpoint e = *peer;
	struct sockaddr_storage ss;
	uint8_t addr[16];
	size_t i;

	/* Without its scope an address is what blocks are made of. */
	e.address[strcspn(e.address, "%")] = '\0';
	endpoint_sockaddr(e.address, 0, &ss);
	endpoint_bytes((struct sockaddr *)&ss, addr);
	for (i = 0; i < conf->n_sources; i++)
		if (site_nets_have(&conf->sources[i].addresses, addr))
			return &conf->sources[i];
	return NULL;
}

const char *
listen_framer(const struct listener *l, const struct endpoint *peer,
    struct framer *fr)
{
	static const enum frame_mode modes[] = {
		[SITE_FRAMING_AUTO] = FRAME_AUTO,
		[SITE_FRAMING_OCTET] = FRAME_OCTET,
		[SITE_FRAMING_LF] = FRAME_LF,
		[SITE_FRAMING_NUL] = FRAME_NUL,
	};
	const struct site_source *s = NULL;
	unsigned framing = l->conf->framing;

	if (l->conf->n_sources > 0)
		s = source_of(l->conf, peer);
	if (s != NULL)
		framing = s->framing;
	framer_init(fr, modes[framing], l->conf->max_frame);
	if (framing == SITE_FRAMING_AUTO)
		return "auto";
	return s != NULL ? "source" : "listener";
}

const char *
listen_framing_name(enum frame_mode mode)
{
	static const enum record_framing framing[] = {
		[FRAME_AUTO] = RECORD_FRAMING_RAW,
		[FRAME_OCTET] = RECORD_FRAMING_OCTET,
		[FRAME_LF] = RECORD_FRAMING_LF,
		[FRAME_NUL] = RECORD_FRAMING_NUL,
		[FRAME_RAW] = RECORD_FRAMING_RAW,
	};

	return record_framing_name(framing[mode]);
}

static const enum text_encoding encodings[] = {
	[SITE_ENCODING_UTF8] = TEXT_UTF8,
	[SITE_ENCODING_CP932] = TEXT_CP932,
	[SITE_ENCODING_EUC_JP] = TEXT_EUC_JP,
	[SITE_ENCODING_ISO_2022_JP] = TEXT_ISO_2022_JP,
};

void
listen_words(const struct listener *l, const struct endpoint *peer,
    const char *framing, struct span client, struct buf *out)
{
	bool told = peer->local[0] != '\0';
	const char *local = told ? peer->local : l->local.address;

	record_word(out, "listener", span_str(l->conf->name));
	record_word(out, "transport",
	    span_str(site_transport_word(l->conf->transport)));
	record_word(out, "local",
	    span_str(site_is_unix(l->conf->transport) ? l->conf->path : local));
	record_word(out, "peer", span_str(peer->address));
	record_word_u64(out, "port", peer->port);
	record_word(out, "framing", span_str(framing));
	if (client.len > 0) {
		buf_byte(out, ' ');
		buf_span(out, client);
	}
	record_word(out, "replay", l->conf->replay ? SPAN("yes") : SPAN("no"));
	if (l->conf->encoding != SITE_ENCODING_AUTO)
		record_word(out, "encoding",
		    span_str(text_encoding_name(encodings[l->conf->encoding])));
	if (!site_is_unix(l->conf->transport))
		record_word_u64(out, "local-port",
		    told ? peer->local_port : l->local.port);
	if (l->conf->tls_profile == SITE_TLS_LEGACY)
		record_word(out, "profile", SPAN("legacy"));
	if (peer->known) {
		record_word_u64(out, "peer-uid", peer->uid);
		record_word_u64(out, "peer-pid", (uint64_t)peer->pid);
	}
}

uint32_t
listen_stream(struct listener *l, const struct listen_stream *s, uint64_t rx)
{
	struct buf words, client;
	uint32_t stream;

	buf_init(&words);
	buf_init(&client);
	wire_client(s->wire, &client);
	listen_words(l, s->peer, s->framing, buf_view(&client), &words);
	wire_words(s->wire, &words);
	record_word(&words, s->key, span_str(s->value));
	stream = intake_open(l->in, l->conf->log, rx, buf_view(&words));
	buf_fini(&client);
	buf_fini(&words);
	return stream;
}
