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
#include <stdlib.h>
#include <string.h>

#include <event2/event_struct.h>

#include "collector/allowance.h"
#include "collector/held.h"
#include "collector/refusal.h"
#include "collector/shed.h"
#include "collector/wire.h"
#include "common/log.h"
#include "common/utc.h"
#include "evidence/record.h"

#define PAUSE_TOLD (uint64_t) UTC_SECOND /* shorter ones nobody feels */
#define PATIENCE 1 /* seconds that one who must not stall is not read */

_Static_assert(INTAKE_LEAST >= HELD_SMALL + WIRE_ROOM, "TLS has room, too");

enum state {
	STATE_NEW,
	STATE_HANDSHAKE,
	STATE_READING,
	STATE_PAUSED,	/* there is no room */
	STATE_SHEDDING, /* nor was there soon: what comes is counted */
	STATE_SLOWED,	/* he sent more than he may */
};

struct conn {
	struct listener *l;
	struct wire wire;
	enum state state;
	bool ended;	   /* no more bytes will come */
	enum conn_end why; /* then: the reason */
	struct endpoint peer;
	struct framer framer;
	const char *decided; /* who decided on the framing, for the d1 */
	uint32_t stream;
	uint64_t rx;	 /* of the bytes held */
	uint64_t paused; /* when */
	struct held held;
	struct shed stray;   /* frames out of step since the last g1 */
	struct shed dropped; /* frames for which there was no room */
	uint64_t pos; /* bytes of the connection that were put or dropped */
	struct allowance allowance;
	struct event ready, timer;
	struct intake_waiter waiter;
	TAILQ_ENTRY(conn) next;
};

static void on_handshake(struct conn *c);
static void on_reading(struct conn *c);
static void on_shedding(struct conn *c);

#define BIT(s) (1u << STATE_##s)
static const struct {
	time_t timeout; /* seconds; 0 none */
	void (*ready)(struct conn *c);
	unsigned next; /* states that may follow */
} states[] = {
	[STATE_NEW] = { 0, NULL, BIT(HANDSHAKE) | BIT(READING) },
	[STATE_HANDSHAKE] = { 20, on_handshake, BIT(READING) },
	[STATE_READING] = { 0, on_reading, BIT(PAUSED) | BIT(SLOWED) },
	[STATE_PAUSED] = { 0, NULL, BIT(READING) | BIT(SHEDDING) },
	[STATE_SHEDDING] = { 0, on_shedding, BIT(READING) },
	[STATE_SLOWED] = { 0, NULL, BIT(READING) },
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
	/*
	 * One who reads again may find that others have taken the room: the
	 * kernel is asked for events once he has read.  And TLS may hold bytes
	 * that no event tells of.
	 */
	if (s == STATE_READING)
		event_active(&c->ready, EV_READ, 0);
	else if (states[s].ready != NULL)
		event_add(&c->ready, NULL);
	else
		event_del(&c->ready);
	if (s == STATE_PAUSED || s == STATE_SLOWED)
		c->paused = (uint64_t)utc_now();
	if (s != STATE_PAUSED)
		return;
	intake_wait(c->l->in, &c->waiter);
	t.tv_sec = PATIENCE;
	if (c->l->conf->backpressure == SITE_BACKPRESSURE_NEVER_STALL)
		evtimer_add(&c->timer, &t);
}

/* A pause that a sender may have felt is a g1. */
static void
go_on(struct conn *c)
{
	uint64_t now = (uint64_t)utc_now();

	if (c->state == STATE_SLOWED || now >= c->paused + PAUSE_TOLD)
		loss_add(&c->l->loss, GAP_READING_PAUSED, 1, 0, c->paused, now,
		    c->state == STATE_SLOWED ? SPAN("why=rate-limit")
					     : SPAN(""));
	enter(c, STATE_READING);
}

/* --- into the ring -----------------------------------------------------------
 */

void
conn_tell(struct conn *c)
{
	struct listener *l = c->l;

	if (c->dropped.count > 0)
		intake_unwritten(l->in, l->conf->log, c->dropped.count);
	shed_tell(&c->stray, GAP_RESYNC, &l->loss, l->in, c->stream,
	    c->peer.address);
	shed_tell(&c->dropped, GAP_QUEUE_DROP, &l->loss, l->in, c->stream,
	    c->peer.address);
}

static bool
open_stream(struct conn *c)
{
	const struct listen_stream s = { &c->peer, &c->wire,
		listen_framing_name(c->framer.mode), "decided", c->decided };

	c->stream = listen_stream(c->l, &s, c->rx);
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
	c->pos += len;
	listen_saw(c->l, len);
	allowance_count(&c->allowance, c->l, c->rx);
	return true;
}

/* Whether it is more than he may send who must not wait: it is not kept. */
static bool
is_beyond(struct conn *c, size_t len)
{
	if (!allowance_beyond(&c->allowance, c->l, c->peer.address, len, c->rx))
		return false;
	c->pos += len;
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
	bool beyond;

	while (framer_next(&c->framer, p->p, p->len, &f)) {
		beyond = is_beyond(c, f.len);
		if (!beyond && !put(c, p->p, f.len, f.cut ? RECORD_CUT : 0)) {
			c->framer = before;
			return false;
		}
		if (f.stray && !beyond)
			shed_add(&c->stray, f.len, c->rx, c->pos - f.len);
		*p = span_sub(*p, f.len, p->len);
		before = c->framer;
	}
	return true;
}

/* A half message too many: give out len bytes of it. */
static bool
put_cut(struct conn *c, struct span *p, size_t len)
{
	struct framer before = c->framer;
	bool cut = framer_cut(&c->framer, p->p, len);

	if (!put(c, p->p, len, cut ? RECORD_CUT : 0)) {
		c->framer = before;
		return false;
	}
	if (before.lost)
		shed_add(&c->stray, len, c->rx, c->pos - len);
	*p = span_sub(*p, len, p->len);
	return true;
}

void
conn_tick(struct conn *c, uint64_t now)
{
	struct span p = { c->held.p, c->held.len };
	size_t len;

	if (held_waits(&c->held, c->pos, now) < CONN_WAIT ||
	    (c->state != STATE_READING && c->state != STATE_SLOWED))
		return;
	len = framer_ripe(&c->framer, p.p, p.len);
	if (len == 0 || !intake_ready(c->l->in) || !put_cut(c, &p, len))
		return;
	intake_publish(c->l->in);
	(void)held_keep(&c->held, p); /* it is in its memory already */
}

/* What is left at the end is the last record. */
static bool
put_rest(struct conn *c, struct span *p)
{
	framer_settle(&c->framer);
	if (!put_frames(c, p) || p->len == 0)
		return p->len == 0;
	if (!is_beyond(c, p->len)) {
		if (!put(c, p->p, p->len,
			framer_end(&c->framer, p->p, p->len) ? RECORD_PARTIAL
							     : 0))
			return false;
		if (c->framer.lost)
			shed_add(&c->stray, p->len, c->rx, c->pos - p->len);
	}
	p->len = 0;
	return true;
}

/* Nor is there room for what is not whole. */
static void
drop_rest(struct conn *c, struct span *p)
{
	if (p->len == 0)
		return;
	shed_add(&c->dropped, p->len, c->rx, c->pos);
	c->pos += p->len;
	p->len = 0;
}

/* --- the end -----------------------------------------------------------------
 */

static void
destroy(struct conn *c)
{
	struct listener *l = c->l;

	conn_tell(c);
	if (c->stream != RINGMSG_NO_STREAM)
		intake_end(l->in, c->stream, conn_end_name(c->why));
	intake_publish(l->in);
	intake_forget(l->in, &c->waiter);
	event_del(&c->ready);
	evtimer_del(&c->timer);
	wire_close(&c->wire);
	held_forget(&c->held);
	TAILQ_REMOVE(&l->conns, c, next);
	listen_left(l, &c->peer);
	free(c);
}

/* TLS never stood: nothing was received, and that is worth a g1. */
static void
refuse(struct conn *c, enum conn_end why)
{
	refusal_tell(c->l, &c->peer, &c->wire, why, c->rx);
	c->why = why;
	destroy(c);
}

/* Who sent more than he may is not read for a while. */
static void
slow_down(struct conn *c)
{
	uint64_t wait =
	    allowance_wait(&c->allowance, c->l, (uint64_t)utc_now());
	struct timeval t = { .tv_sec = (time_t)(wait / 1000000),
		.tv_usec = (suseconds_t)(wait % 1000000) };

	if (wait == 0 || listen_leaves(c->l))
		return;
	enter(c, STATE_SLOWED);
	evtimer_add(&c->timer, &t);
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
		refusal_say(c->l, &c->peer,
		    tr("the sender speaks TLS to a port without it: set it to "
		       "plain TCP, or to a listener with 'transport: tls'",
			"TLSではないポートにTLSで接続した（送信元をTLSなしのTCP"
			"にするか、transport: tlsの受信口に向けてください）"));
	}
	if (fine && c->ended)
		fine = put_rest(c, &p);
	else if (fine && p.len > HELD_SMALL &&
	    in->held + p.len - c->held.cap > INTAKE_HELD_MAX)
		fine = put_cut(c, &p, p.len);
	if (fine && c->ended) {
		destroy(c);
		return;
	}
	intake_publish(in);
	if (!held_keep(&c->held, p)) {
		shed_frames(&c->dropped, &c->framer, &p, c->rx, &c->pos);
		drop_rest(c, &p);
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
	else if (c->state == STATE_READING && allowance_waits(c->l))
		slow_down(c);
}

/* There is no room for p: counted; the rest is held.  c may be gone then. */
static void
shed(struct conn *c, struct span p)
{
	struct intake *in = c->l->in;

	shed_frames(&c->dropped, &c->framer, &p, c->rx, &c->pos);
	if (p.len > HELD_SMALL &&
	    in->held + p.len - c->held.cap > INTAKE_HELD_MAX) {
		framer_cut(&c->framer, p.p, p.len);
		drop_rest(c, &p);
	}
	if (!c->ended && !held_keep(&c->held, p)) {
		c->why = CONN_END_NO_MEMORY;
		c->ended = true;
	}
	if (c->ended) {
		drop_rest(c, &p);
		destroy(c);
	}
}

/* --- events ------------------------------------------------------------------
 */

static void
on_handshake(struct conn *c)
{
	int rc = wire_handshake(&c->wire);

	if (rc < 0 && c->wire.why == CONN_END_PLAIN_ON_TLS &&
	    !intake_ready(c->l->in)) { /* found again: see on_room() */
		event_del(&c->ready);
		evtimer_del(&c->timer);
		intake_wait(c->l->in, &c->waiter);
		return;
	}
	if (rc < 0) {
		refuse(c, c->wire.why);
		return;
	}
	wire_await(&c->wire, &c->ready);
	if (rc > 0)
		enter(c, STATE_READING);
}

/* Where the next bytes go: behind what is held.  NULL: no memory. */
static uint8_t *
read_into(struct conn *c, size_t *room)
{
	uint8_t *scratch = c->l->in->scratch, *p;

	*room = intake_portion(c->l->in);
	p = held_room(&c->held, scratch, room);
	if (p == scratch && allowance_waits(c->l)) /* not far beyond it */
		*room = c->l->ctx == NULL ? HELD_SMALL : WIRE_ROOM;
	return p;
}

/* Read what there is: true and *p, with what was held, if something came or
 * the end did. */
static bool
read_some(struct conn *c, struct span *out)
{
	struct span p = { c->held.p, c->held.len };
	size_t room = 0;
	ssize_t n = -1;

	p.p = read_into(c, &room);
	if (p.p == NULL)
		c->wire.why = CONN_END_NO_MEMORY;
	else
		n = wire_read(&c->wire, (uint8_t *)(uintptr_t)p.p + p.len,
		    room);
	wire_await(&c->wire, &c->ready);
	if (n <= 0)
		held_unread(&c->held);
	if (n == 0 && !listen_leaves(c->l))
		return false;
	if (n <= 0) {
		c->ended = true;
		c->why = n == 0 ? listen_why(c->l) : c->wire.why;
		p = span_make(c->held.p, c->held.len);
	} else {
		c->rx = (uint64_t)utc_now();
		p.len += (size_t)n;
		if (p.p == c->held.p)
			c->held.len = p.len;
		if (listen_leaves(c->l) || wire_pending(&c->wire))
			event_active(&c->ready, EV_READ, 0);
	}
	*out = p;
	return true;
}

static void
on_reading(struct conn *c)
{
	struct span p;

	if (!intake_ready(c->l->in))
		enter(c, STATE_PAUSED);
	else if (read_some(c, &p))
		take(c, p);
}

static void
on_shedding(struct conn *c)
{
	struct span p;

	if (read_some(c, &p))
		shed(c, p);
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
	struct timeval again = { .tv_sec = PATIENCE };
	bool much;

	(void)fd;
	(void)what;
	if (c->state == STATE_HANDSHAKE) {
		refuse(c, CONN_END_TLS_TIMEOUT);
	} else if (c->state == STATE_READING) {
		framer_settle(&c->framer);
		take(c, span_make(c->held.p, c->held.len));
	} else if (c->state == STATE_SLOWED) {
		go_on(c);
	} else if (c->state == STATE_PAUSED) {
		wire_unread(&c->wire, &much);
		if (!much || c->l->in->stopping) { /* not lost for now */
			evtimer_add(&c->timer, &again);
			return;
		}
		enter(c, STATE_SHEDDING);
		shed(c, span_make(c->held.p, c->held.len));
	}
}

static void
on_room(void *arg)
{
	struct conn *c = arg;

	if (c->state == STATE_HANDSHAKE) {
		event_add(&c->ready, NULL);
		on_handshake(c);
	} else if (c->state != STATE_SHEDDING) {
		take(c, span_make(c->held.p, c->held.len));
	} else if (intake_ready(c->l->in)) {
		conn_tell(c); /* before what comes next */
		enter(c, STATE_READING);
	} else
		intake_wait(c->l->in, &c->waiter);
}

/* --- from outside ------------------------------------------------------------
 */

void
conn_open(struct listener *l, int fd, const struct endpoint *peer)
{
	struct conn *c = calloc(1, sizeof(*c));

	if (c == NULL || wire_open(&c->wire, fd, l->ctx) != 0) {
		free(c);
		listen_no_memory(l, fd);
		return;
	}
	wire_keep_alive(fd);
	c->l = l;
	c->peer = *peer;
	c->held = (struct held){ .total = &l->in->held,
		.claim = { intake_unput(l->in, l->conf->log), 0 } };
	c->rx = (uint64_t)utc_now();
	c->stream = RINGMSG_NO_STREAM;
	c->decided = listen_framer(l, peer, &c->framer);
	c->waiter = (struct intake_waiter){ .resume = on_room, .arg = c };
	event_assign(&c->ready, l->in->base, fd, EV_READ | EV_PERSIST, on_ready,
	    c);
	evtimer_assign(&c->timer, l->in->base, on_timer, c);
	TAILQ_INSERT_TAIL(&l->conns, c, next);
	c->allowance.pace = listen_came(l, peer);
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
	if (c->state == STATE_HANDSHAKE && !c->waiter.waiting)
		refuse(c, listen_why(c->l));
	else if (c->state == STATE_SLOWED)
		enter(c, STATE_READING);
	else if (c->state == STATE_READING || c->state == STATE_SHEDDING)
		event_active(&c->ready, EV_READ, 0);
}

void
conn_close(struct conn *c)
{
	struct span p = { c->held.p, c->held.len };
	uint64_t now = (uint64_t)utc_now();
	size_t unread;
	bool much;

	if (c->state == STATE_HANDSHAKE) {
		refuse(c,
		    c->waiter.waiting ? CONN_END_PLAIN_ON_TLS
				      : listen_why(c->l));
		return;
	}
	if (!c->ended)
		c->why = listen_why(c->l);
	if (!c->ended && (unread = wire_unread(&c->wire, &much)) > 0)
		loss_add(&c->l->loss, GAP_UNREAD, 1, unread, c->rx, now,
		    SPAN(""));
	if (!put_rest(c, &p)) {
		shed_frames(&c->dropped, &c->framer, &p, c->rx, &c->pos);
		drop_rest(c, &p);
	}
	destroy(c);
}
