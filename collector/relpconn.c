/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/relpconn.h"

#include <assert.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

#include "collector/refusal.h"
#include "collector/relpconn_priv.h"
#include "common/log.h"
#include "common/utc.h"
#include "evidence/record.h"

#define OUT_KEEP 4096u /* bytes of memory for answers while there are none */

static void on_handshake(struct relpconn *c);
static void on_reading(struct relpconn *c);

#define BIT(s) (1u << STATE_##s)
static const struct {
	time_t timeout; /* seconds; 0 none */
	void (*ready)(struct relpconn *c);
	unsigned next; /* states that may follow */
} states[] = {
	[STATE_NEW] = { 0, NULL, BIT(HANDSHAKE) | BIT(READING) },
	[STATE_HANDSHAKE] = { 20, on_handshake, BIT(READING) },
	[STATE_READING] = { 0, on_reading,
	    BIT(PAUSED) | BIT(FULL) | BIT(ENDING) },
	[STATE_PAUSED] = { 0, NULL, BIT(READING) | BIT(FULL) | BIT(ENDING) },
	[STATE_FULL] = { 0, NULL, BIT(READING) | BIT(PAUSED) | BIT(ENDING) },
	[STATE_ENDING] = { 5, NULL, 0 },
};

static void
enter(struct relpconn *c, enum state s)
{
	struct timeval t = { .tv_sec = states[s].timeout };

	if (c->state == s)
		return;
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
	if (s == STATE_PAUSED)
		intake_wait(c->l->in, &c->room);
}

/* --- the end -----------------------------------------------------------------
 */

static void
destroy(struct relpconn *c, enum conn_end why)
{
	struct listener *l = c->l;

	relpconn_tell(c);
	if (c->stream != RINGMSG_NO_STREAM)
		intake_end(l->in, c->stream, conn_end_name(why));
	intake_publish(l->in);
	intake_forget(l->in, &c->room);
	relpserver_forget(l->relp, &c->given);
	resent_close(&c->resent, c->cleanly);
	event_del(&c->ready);
	event_del(&c->writable);
	evtimer_del(&c->timer);
	wire_close(&c->wire);
	held_forget(&c->held);
	answers_fini(&c->answers);
	buf_fini(&c->out);
	TAILQ_REMOVE(&l->sessions, c, next);
	listen_left(l, &c->peer);
	free(c);
}

/* TLS never stood: nothing was received, and that is worth a g1. */
static void
refuse(struct relpconn *c, enum conn_end why)
{
	refusal_tell(c->l, &c->peer, &c->wire, why, c->rx);
	destroy(c, why);
}

/* --- answers -----------------------------------------------------------------
 */

/* Send what there is to say.  false: nobody takes it any more. */
static bool
flush(struct relpconn *c)
{
	ssize_t n;

	while (c->sent < c->out.len) {
		n = wire_write(&c->wire, c->out.p + c->sent,
		    c->out.len - c->sent);
		if (n < 0)
			return false;
		if (n == 0) {
			event_add(&c->writable, NULL);
			return true;
		}
		c->sent += (size_t)n;
	}
	c->sent = c->out.len = 0;
	if (c->out.cap > OUT_KEEP)
		buf_fini(&c->out);
	return true;
}

/* Whether a record waits for its receipt, be it a part of a message. */
static bool
is_under_way(const struct relpconn *c)
{
	return c->answers.records > 0 ||
	    (c->relp.left > 0 && c->relp.command == RELP_SYSLOG);
}

/* Take up what was receipted.  false: what is under way is in doubt. */
static bool
collect(struct relpconn *c)
{
	uint64_t upto;

	if (!receipt_get(relpserver_receipt(c->l->relp),
		(uint32_t)c->l->conf->log, &upto, &c->writer) &&
	    is_under_way(c))
		return false;
	if (answers_print(&c->answers, upto, &c->out))
		c->cleanly = true;
	return true;
}

/* Whether it is not the sender who ends this. */
static bool
we_end(const struct relpconn *c)
{
	return c->why == CONN_END_STOP || c->why == CONN_END_LISTENER_REMOVED;
}

/*
 * Answer what may be answered, and see what follows from it.  c may be gone
 * afterwards: then return false.
 */
static bool
settle(struct relpconn *c)
{
	if (c->answers.n > 0 && !collect(c)) {
		destroy(c, CONN_END_WRITER_LOST);
		return false;
	}
	if (c->state == STATE_ENDING && we_end(c) && c->answers.n == 0 &&
	    !c->hinted) {
		relp_print(&c->out, 0, "serverclose", SPAN(""));
		c->hinted = true;
	}
	if (!flush(c)) {
		destroy(c, c->wire.why);
		return false;
	}
	if (c->answers.n > 0)
		relpserver_wait(c->l->relp, &c->given);
	else if (c->state == STATE_ENDING && c->out.len == 0) {
		destroy(c, c->why);
		return false;
	}
	return true;
}

/* No more is read; what is due may be answered. */
static void
end(struct relpconn *c, enum conn_end why)
{
	c->why = why;
	enter(c, STATE_ENDING);
	settle(c);
}

/* A line for people: what came is no RELP, or not as it must be. */
static void
say_wrong(struct relpconn *c, bool hello)
{
	const char *why = tr("the sender broke the rules of RELP",
	    "RELPの規則に反する送信があった");

	if (!c->opened && hello)
		why = tr("the sender speaks TLS to a RELP port without it: set "
			 "it to RELP without TLS, or to a listener with "
			 "'transport: relp-tls'",
		    "TLSではないRELPのポートにTLSで接続した（送信元をTLSなしに"
		    "するか、transport: relp-tlsの受信口に向けてください）");
	else if (!c->opened)
		why = tr("the sender speaks no RELP: set it to RELP (rsyslog: "
			 "omrelp), or to a listener with 'transport: tcp'",
		    "送信元がRELPを使っていない（送信元をRELPにするか、"
		    "transport: tcpの受信口に向けてください）");
	refusal_say(c->l, &c->peer, why);
}

/* Go on with bytes p.  c may be gone afterwards. */
static void
take(struct relpconn *c, struct span p)
{
	bool hello = p.len > 0 && p.p[0] == WIRE_HELLO;
	enum relpconn_step step = relpconn_take(c, &p);

	intake_publish(c->l->in);
	if (!held_keep(&c->held, p)) {
		destroy(c, CONN_END_NO_MEMORY);
		return;
	}
	switch (step) {
	case RELPCONN_MORE:
		if (settle(c))
			enter(c, STATE_READING);
		return;
	case RELPCONN_NO_ROOM:
		enter(c, STATE_PAUSED);
		intake_wait(c->l->in, &c->room);
		settle(c);
		return;
	case RELPCONN_FULL:
		enter(c, STATE_FULL);
		/* All of them may go at once: then nothing tells of it. */
		event_active(&c->writable, EV_WRITE, 0);
		return;
	case RELPCONN_WRONG:
		say_wrong(c, hello);
		end(c, CONN_END_RELP_ERROR);
		return;
	case RELPCONN_CLOSE:
		end(c, CONN_END_PEER_CLOSED);
	}
}

/* --- events ------------------------------------------------------------------
 */

static void
on_handshake(struct relpconn *c)
{
	int rc = wire_handshake(&c->wire);

	if (rc < 0 && c->wire.why == CONN_END_PLAIN_ON_TLS &&
	    !intake_ready(c->l->in)) { /* found again: see on_room() */
		event_del(&c->ready);
		evtimer_del(&c->timer);
		intake_wait(c->l->in, &c->room);
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

/*
 * No more comes.  What was sent of a frame is kept; who only ended his sending
 * may still hear.
 */
static void
on_end(struct relpconn *c, enum conn_end why)
{
	struct span p = span_make(c->held.p, c->held.len);

	if (relpconn_keep(c, &p)) /* else he has it: it was not acknowledged */
		held_forget(&c->held);
	intake_publish(c->l->in);
	if (why == CONN_END_PEER_CLOSED || why == CONN_END_TLS_CUT)
		end(c, why);
	else
		destroy(c, why);
}

static void
on_reading(struct relpconn *c)
{
	struct intake *in = c->l->in;
	size_t room = intake_portion(in), len;
	uint8_t *p;
	ssize_t n;

	if (!intake_ready(in)) {
		enter(c, STATE_PAUSED);
		return;
	}
	p = held_room(&c->held, in->scratch, &room);
	if (p == NULL) {
		destroy(c, CONN_END_NO_MEMORY);
		return;
	}
	n = wire_read(&c->wire, p + c->held.len, room);
	wire_await(&c->wire, &c->ready);
	if (n <= 0)
		held_unread(&c->held);
	if (n < 0)
		on_end(c, c->wire.why);
	if (n <= 0)
		return;
	c->rx = (uint64_t)utc_now();
	if (wire_pending(&c->wire))
		event_active(&c->ready, EV_READ, 0);
	len = c->held.len + (size_t)n;
	if (p == c->held.p)
		c->held.len = len;
	take(c, span_make(p, len));
}

static void
on_ready(evutil_socket_t fd, short what, void *arg)
{
	struct relpconn *c = arg;

	(void)fd;
	(void)what;
	if (states[c->state].ready != NULL)
		states[c->state].ready(c);
}

/* Who was full may go on if something was answered. */
static void
go_on(struct relpconn *c)
{
	if (!settle(c) || c->state != STATE_FULL)
		return;
	if (c->out.len < RELPCONN_OUT_MAX && answers_room(&c->answers))
		take(c, span_make(c->held.p, c->held.len));
	else if (c->answers.n == 0 && c->out.len == 0)
		destroy(c, CONN_END_NO_MEMORY);
}

static void
on_writable(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	go_on(arg);
}

static void
on_given(void *arg)
{
	go_on(arg);
}

static void
on_room(void *arg)
{
	struct relpconn *c = arg;

	if (c->state == STATE_HANDSHAKE) {
		event_add(&c->ready, NULL);
		on_handshake(c);
	} else if (c->state == STATE_PAUSED)
		take(c, span_make(c->held.p, c->held.len));
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct relpconn *c = arg;

	(void)fd;
	(void)what;
	if (c->state == STATE_HANDSHAKE)
		refuse(c, CONN_END_TLS_TIMEOUT);
	else if (c->state == STATE_ENDING)
		destroy(c,
		    c->why == CONN_END_PEER_CLOSED ? CONN_END_RELP_TIMEOUT
						   : c->why);
}

/* --- from outside ------------------------------------------------------------
 */

/* Answers go out at once; a sender that died silently is noticed. */
static void
prepare(int fd)
{
	const int on = 1;

	/* Refused means only that they are slower. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	wire_keep_alive(fd);
}

/* Who it is that sends again: the same address to the same listener. */
static uint64_t
key_of(const struct listener *l, const struct endpoint *peer)
{
	return resent_hash(resent_hash(1, span_str(l->conf->name)),
	    span_str(peer->address));
}

void
relpconn_open(struct listener *l, int fd, const struct endpoint *peer)
{
	struct relpconn *c = calloc(1, sizeof(*c));

	if (c == NULL || wire_open(&c->wire, fd, l->ctx) != 0) {
		free(c);
		listen_no_memory(l, fd);
		return;
	}
	prepare(fd);
	c->l = l;
	c->peer = *peer;
	c->rx = (uint64_t)utc_now();
	c->stream = RINGMSG_NO_STREAM;
	relp_init(&c->relp, l->conf->max_frame);
	c->held = (struct held){ .total = &l->in->held,
		.claim = { intake_unput(l->in, l->conf->log), 0 } };
	answers_init(&c->answers);
	buf_init(&c->out);
	resent_open(relpserver_resent(l->relp), &c->resent, key_of(l, peer));
	c->room = (struct intake_waiter){ .resume = on_room, .arg = c };
	c->given = (struct relpserver_waiter){ .given = on_given, .arg = c };
	event_assign(&c->ready, l->in->base, fd, EV_READ | EV_PERSIST, on_ready,
	    c);
	event_assign(&c->writable, l->in->base, fd, EV_WRITE, on_writable, c);
	evtimer_assign(&c->timer, l->in->base, on_timer, c);
	TAILQ_INSERT_TAIL(&l->sessions, c, next);
	(void)listen_came(l, peer); /* it has no limit */
	enter(c, l->ctx == NULL ? STATE_READING : STATE_HANDSHAKE);
}

struct relpconn *
relpconn_next(struct relpconn *c)
{
	return TAILQ_NEXT(c, next);
}

void
relpconn_stop(struct relpconn *c)
{
	enum conn_end why = listen_why(c->l);

	if (c->state == STATE_HANDSHAKE && !c->room.waiting)
		refuse(c, why);
	else if (c->state != STATE_HANDSHAKE && c->state != STATE_ENDING)
		end(c, why);
}

void
relpconn_close(struct relpconn *c)
{
	enum conn_end why = listen_why(c->l);

	if (c->state == STATE_HANDSHAKE)
		refuse(c, c->room.waiting ? CONN_END_PLAIN_ON_TLS : why);
	else
		destroy(c, c->state == STATE_ENDING ? c->why : why);
}
