/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * Bytes are read into the buffer that all connections share and go from there
 * into the ring; only what is not whole yet is kept, in memory of the
 * connection's own.  Ten thousand idle connections hold next to nothing, and
 * most records are copied once.  A large half message is read straight into
 * the connection's memory, or each read would copy it again.
 */
#include "collector/conn.h"

#include <assert.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event_struct.h>

#include "collector/frame.h"
#include "collector/wire.h"
#include "common/utc.h"
#include "evidence/record.h"

#define SMALL 4096u /* held bytes that are copied and not counted */
#define GROW 65536u /* bytes to read at a time into a large half message */
#define PAUSE_TOLD (uint64_t) UTC_SECOND /* shorter ones nobody feels */

enum state { STATE_NEW, STATE_HANDSHAKE, STATE_READING, STATE_PAUSED };

struct conn {
	struct listener *l;
	struct wire wire;
	enum state state;
	bool ended;	   /* no more bytes will come */
	enum conn_end why; /* then: the reason */
	struct endpoint peer;
	struct framer framer;
	uint32_t stream;
	uint64_t rx;	 /* of the bytes held */
	uint64_t paused; /* when */
	uint8_t *held;
	size_t held_len, held_cap;
	struct { /* stray bytes since the last g1 */
		uint64_t count, bytes, from, until;
	} stray;
	struct event ready, timer;
	struct intake_waiter waiter;
	TAILQ_ENTRY(conn) next;
};

static void on_ready(evutil_socket_t fd, short what, void *arg);
static void on_handshake(struct conn *c);
static void on_reading(struct conn *c);

#define BIT(s) (1u << STATE_##s)
static const struct {
	const char *name;
	time_t timeout; /* seconds; 0 none */
	void (*ready)(struct conn *c);
	unsigned next; /* states that may follow */
} states[] = {
	[STATE_NEW] = { "new", 0, NULL, BIT(HANDSHAKE) | BIT(READING) },
	[STATE_HANDSHAKE] = { "handshake", 20, on_handshake, BIT(READING) },
	[STATE_READING] = { "reading", 0, on_reading, BIT(PAUSED) },
	[STATE_PAUSED] = { "paused", 0, NULL, BIT(READING) },
};

static void
enter(struct conn *c, enum state s)
{
	struct timeval t = { .tv_sec = states[s].timeout };

	assert(states[c->state].next & 1u << s);
	c->state = s;
	evtimer_del(&c->timer);
	if (t.tv_sec > 0)
		evtimer_add(&c->timer, &t);
	if (states[s].ready != NULL)
		event_add(&c->ready, NULL);
	else
		event_del(&c->ready);
	if (s == STATE_READING) /* TLS may hold bytes that no event tells of */
		event_active(&c->ready, EV_READ, 0);
	if (s == STATE_PAUSED) {
		c->paused = (uint64_t)utc_now();
		intake_wait(c->l->in, &c->waiter);
	}
}

/* TLS may have to write before it can read. */
static void
await(struct conn *c)
{
	short what = EV_PERSIST | (c->wire.wants_write ? EV_WRITE : EV_READ);

	if (event_get_events(&c->ready) == what)
		return;
	event_del(&c->ready);
	event_assign(&c->ready, c->l->in->base, c->wire.fd, what, on_ready, c);
	event_add(&c->ready, NULL);
}

/* A pause that a sender may have felt is a g1. */
static void
go_on(struct conn *c)
{
	uint64_t now = (uint64_t)utc_now();

	if (now >= c->paused + PAUSE_TOLD)
		loss_add(&c->l->loss, GAP_READING_PAUSED, 1, 0, c->paused, now,
		    SPAN(""));
	enter(c, STATE_READING);
}

/* --- what is held ------------------------------------------------------------
 */

static bool
resize(struct conn *c, size_t cap)
{
	uint8_t *p;

	if (cap == c->held_cap)
		return true;
	p = realloc(c->held, cap);
	if (p == NULL)
		return false;
	c->l->in->held += cap - c->held_cap;
	c->held = p;
	c->held_cap = cap;
	return true;
}

static void
forget(struct conn *c)
{
	c->l->in->held -= c->held_cap;
	free(c->held);
	c->held = NULL;
	c->held_len = c->held_cap = 0;
}

/* Keep p, which may lie in what is held already.  false: there is no memory. */
static bool
hold(struct conn *c, struct span p)
{
	if (p.len == 0) {
		forget(c);
		return true;
	}
	if (c->held != NULL && p.p >= c->held && p.p < c->held + c->held_len) {
		memmove(c->held, p.p, p.len);
		c->held_len = p.len;
		return p.len > SMALL || resize(c, p.len);
	}
	c->held_len = 0;
	if (!resize(c, p.len))
		return false;
	memcpy(c->held, p.p, p.len);
	c->held_len = p.len;
	return true;
}

/* --- into the ring -----------------------------------------------------------
 */

void
conn_tell(struct conn *c)
{
	struct buf words;

	if (c->stray.count == 0)
		return;
	buf_init(&words);
	record_word(&words, "listener", span_str(c->l->conf->name));
	record_word_u64(&words, "count", c->stray.count);
	record_word_u64(&words, "bytes", c->stray.bytes);
	record_word_u64(&words, "from", c->stray.from);
	record_word_u64(&words, "until", c->stray.until);
	intake_gap(c->l->in, GAP_RESYNC, c->l->conf->log, c->stream, c->rx,
	    buf_view(&words));
	buf_fini(&words);
	c->stray.count = c->stray.bytes = 0;
}

static void
count_stray(struct conn *c, size_t len)
{
	if (c->stray.count++ == 0)
		c->stray.from = c->rx;
	c->stray.until = c->rx;
	c->stray.bytes += len;
}

static bool
open_stream(struct conn *c)
{
	static const enum record_framing framing[] = {
		[FRAME_AUTO] = RECORD_FRAMING_RAW,
		[FRAME_OCTET] = RECORD_FRAMING_OCTET,
		[FRAME_LF] = RECORD_FRAMING_LF,
		[FRAME_NUL] = RECORD_FRAMING_NUL,
		[FRAME_RAW] = RECORD_FRAMING_RAW,
	};
	struct buf words;

	buf_init(&words);
	listen_words(c->l, &c->peer,
	    record_framing_name(framing[c->framer.mode]), &words);
	wire_words(&c->wire, &words);
	c->stream =
	    intake_open(c->l->in, c->l->conf->log, c->rx, buf_view(&words));
	buf_fini(&words);
	return c->stream != RINGMSG_NO_STREAM;
}

static bool
put(struct conn *c, const uint8_t *p, size_t len, unsigned flags)
{
	if (c->stream == RINGMSG_NO_STREAM && !open_stream(c))
		return false;
	if (!intake_record(c->l->in, c->l->conf->log, c->rx, c->stream, flags,
		0, span_make(p, len)))
		return false;
	c->l->seen.received++;
	c->l->seen.bytes += len;
	return true;
}

/*
 * Put the whole frames of *p and take them off it.  false: there is no room,
 * and *again is the frame to begin with next time.
 */
static bool
put_frames(struct conn *c, struct span *p)
{
	struct framer before = c->framer;
	struct frame f;

	while (framer_next(&c->framer, p->p, p->len, &f)) {
		if (!put(c, p->p, f.len, f.cut ? RECORD_CUT : 0)) {
			c->framer = before;
			return false;
		}
		if (f.stray)
			count_stray(c, f.len);
		*p = span_sub(*p, f.len, p->len);
		before = c->framer;
	}
	return true;
}

/* A half message too many: give out what there is of it. */
static bool
put_cut(struct conn *c, struct span *p)
{
	struct framer before = c->framer;
	bool cut = framer_cut(&c->framer, p->p, p->len);

	if (!put(c, p->p, p->len, cut ? RECORD_CUT : 0)) {
		c->framer = before;
		return false;
	}
	p->len = 0;
	return true;
}

/* What is left at the end is the last record. */
static bool
put_rest(struct conn *c, struct span *p)
{
	bool partial;

	framer_settle(&c->framer);
	if (!put_frames(c, p))
		return false;
	if (p->len == 0)
		return true;
	partial = framer_end(&c->framer, p->p, p->len);
	if (!put(c, p->p, p->len, partial ? RECORD_PARTIAL : 0))
		return false;
	p->len = 0;
	return true;
}

/* --- the end -----------------------------------------------------------------
 */

static void
destroy(struct conn *c)
{
	struct listener *l = c->l;

	if (c->stream != RINGMSG_NO_STREAM) {
		conn_tell(c);
		intake_end(l->in, c->stream, conn_end_name(c->why));
	}
	intake_publish(l->in);
	intake_forget(l->in, &c->waiter);
	event_del(&c->ready);
	evtimer_del(&c->timer);
	wire_close(&c->wire);
	forget(c);
	TAILQ_REMOVE(&l->conns, c, next);
	l->n_conns--;
	l->in->n_conns--;
	free(c);
}

/* TLS never stood: nothing was received, and that is worth a g1. */
static void
refuse(struct conn *c, enum conn_end why)
{
	uint64_t now = (uint64_t)utc_now();
	struct buf extra, reason;

	buf_init(&extra);
	buf_init(&reason);
	wire_reason(&reason);
	record_word(&extra, "peer", span_str(c->peer.address));
	record_word(&extra, "why", span_str(conn_end_name(why)));
	record_word(&extra, "reason", buf_view(&reason));
	loss_add(&c->l->loss, GAP_TLS_HANDSHAKE, 1, 0, c->rx, now,
	    buf_view(&extra));
	intake_refused(c->l->in, c->l->conf->log, 1);
	buf_fini(&extra);
	buf_fini(&reason);
	c->why = why;
	destroy(c);
}

/*
 * Go on with bytes p: into the ring with what is whole; hold the rest; end if
 * there will be no more.  c may be gone afterwards.
 */
static void
take(struct conn *c, struct span p)
{
	struct intake *in = c->l->in;
	struct timeval second = { .tv_sec = 1 };
	bool fine = put_frames(c, &p);

	if (fine && c->framer.mode == FRAME_RAW && !c->ended &&
	    c->l->conf->transport == SITE_TCP) {
		c->ended = true;
		c->why = CONN_END_TLS_ON_PLAIN;
	}
	if (fine && c->ended)
		fine = put_rest(c, &p);
	else if (fine && p.len > SMALL &&
	    in->held + p.len - c->held_cap > INTAKE_HELD_MAX)
		fine = put_cut(c, &p);
	if (fine && c->ended) {
		destroy(c);
		return;
	}
	intake_publish(in);
	if (!hold(c, p)) {
		c->why = CONN_END_NO_MEMORY;
		destroy(c);
		return;
	}
	if (!fine && c->state != STATE_PAUSED)
		enter(c, STATE_PAUSED);
	else if (!fine)
		intake_wait(in, &c->waiter);
	else if (c->state == STATE_PAUSED)
		go_on(c);
	if (c->state == STATE_READING && c->framer.doubtful)
		evtimer_add(&c->timer, &second);
}

/* Whether to read what is there and end. */
static bool
leaving(const struct conn *c)
{
	return c->l->in->stopping || c->l->leaving;
}

static enum conn_end
why_leaving(const struct conn *c)
{
	return c->l->leaving ? CONN_END_LISTENER_REMOVED : CONN_END_STOP;
}

/* --- events ------------------------------------------------------------------
 */

static void
on_handshake(struct conn *c)
{
	int rc = wire_handshake(&c->wire);

	if (rc < 0) {
		refuse(c, c->wire.why);
		return;
	}
	if (rc > 0)
		enter(c, STATE_READING);
	await(c);
}

/* Where the next bytes go: behind what is held. */
static uint8_t *
read_into(struct conn *c, size_t *room)
{
	size_t cap = c->held_len + GROW;

	if (c->held_len <= SMALL) {
		if (c->held_len > 0)
			memcpy(c->l->in->scratch, c->held, c->held_len);
		*room = INTAKE_SCRATCH - c->held_len;
		return c->l->in->scratch;
	}
	if (c->held_cap < cap)
		cap += c->held_len; /* double: few copies in all */
	if (c->held_cap < cap && !resize(c, cap))
		return NULL;
	*room = c->held_cap - c->held_len;
	return c->held;
}

static void
on_reading(struct conn *c)
{
	struct intake *in = c->l->in;
	struct span p = { c->held, c->held_len };
	size_t room = 0;
	ssize_t n = -1;

	if (!intake_ready(in)) {
		enter(c, STATE_PAUSED);
		return;
	}
	p.p = read_into(c, &room);
	if (p.p == NULL)
		c->wire.why = CONN_END_NO_MEMORY;
	else
		n = wire_read(&c->wire, (uint8_t *)(uintptr_t)p.p + p.len,
		    room);
	await(c);
	if (n == 0 && !leaving(c))
		return;
	if (n <= 0) {
		c->ended = true;
		c->why = n == 0 ? why_leaving(c) : c->wire.why;
		p = span_make(c->held, c->held_len);
	} else {
		c->rx = (uint64_t)utc_now();
		p.len += (size_t)n;
		if (p.p == c->held)
			c->held_len = p.len;
		if (leaving(c) || wire_pending(&c->wire))
			event_active(&c->ready, EV_READ, 0);
	}
	take(c, p);
}

static void
on_ready(evutil_socket_t fd, short what, void *arg)
{
	struct conn *c = arg;

	(void)fd;
	(void)what;
	if (states[c->state].ready != NULL)
		states[c->state].ready(c);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct conn *c = arg;

	(void)fd;
	(void)what;
	if (c->state == STATE_HANDSHAKE) {
		refuse(c, CONN_END_TLS_TIMEOUT);
	} else if (c->state == STATE_READING) {
		framer_settle(&c->framer);
		take(c, span_make(c->held, c->held_len));
	}
}

static void
on_room(void *arg)
{
	struct conn *c = arg;

	take(c, span_make(c->held, c->held_len));
}

/* --- from outside ------------------------------------------------------------
 */

/* A sender that died silently is noticed, if after many minutes. */
static void
keep_alive(int fd)
{
	const int on = 1, idle = 300, interval = 60, count = 5;

	/* Refused means only that its end is not noticed. */
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof(interval));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof(count));
}

static void
no_memory(struct listener *l, int fd)
{
	uint64_t now = (uint64_t)utc_now();

	evutil_closesocket(fd);
	loss_add(&l->loss, GAP_CONNECTION_LIMIT, 1, 0, now, now, SPAN(""));
	intake_refused(l->in, l->conf->log, 1);
}

void
conn_open(struct listener *l, int fd, const struct endpoint *peer)
{
	static const enum frame_mode modes[] = {
		[SITE_FRAMING_AUTO] = FRAME_AUTO,
		[SITE_FRAMING_OCTET] = FRAME_OCTET,
		[SITE_FRAMING_LF] = FRAME_LF,
		[SITE_FRAMING_NUL] = FRAME_NUL,
	};
	struct conn *c = calloc(1, sizeof(*c));

	if (c == NULL || wire_open(&c->wire, fd, l->ctx) != 0) {
		free(c);
		no_memory(l, fd);
		return;
	}
	keep_alive(fd);
	c->l = l;
	c->peer = *peer;
	c->rx = (uint64_t)utc_now();
	c->stream = RINGMSG_NO_STREAM;
	framer_init(&c->framer, modes[l->conf->framing], l->conf->max_frame);
	c->waiter = (struct intake_waiter){ .resume = on_room, .arg = c };
	event_assign(&c->ready, l->in->base, fd, EV_READ | EV_PERSIST, on_ready,
	    c);
	evtimer_assign(&c->timer, l->in->base, on_timer, c);
	TAILQ_INSERT_TAIL(&l->conns, c, next);
	l->n_conns++;
	l->seen.accepted++;
	l->in->n_conns++;
	enter(c, l->ctx == NULL ? STATE_READING : STATE_HANDSHAKE);
}

struct conn *
conn_next(struct conn *c)
{
	return TAILQ_NEXT(c, next);
}

void
conn_stop(struct conn *c)
{
	if (c->state == STATE_HANDSHAKE)
		refuse(c, why_leaving(c));
	else if (c->state == STATE_READING)
		event_active(&c->ready, EV_READ, 0);
}

void
conn_close(struct conn *c)
{
	struct span p = { c->held, c->held_len };

	if (!c->ended)
		c->why = CONN_END_STOP;
	put_rest(c, &p);
	destroy(c);
}
