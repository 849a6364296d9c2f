/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * The body of a record is the data of its frame, as a datagram's is: the
 * number before it is the connection's and differs when it is sent again.
 *
 * Before the first record of a message is put, the writer's number is noted if
 * nothing is under way: should another writer have come when the answer is due,
 * what was put in between is in doubt, and the session ends, so that the sender
 * repeats it.
 */
#include "collector/relpconn_priv.h"
#include "evidence/record.h"

#define PIECE_MIN 16384u /* bytes of a piece while too much is held */
#define UNKNOWN "unknown-command"
#define OFFER(version)                                                         \
	"OK\nrelp_version=" version "\nrelp_software=konseki\ncommands=syslog"

static void
tell(struct relpconn *c, const char *why, uint64_t bytes)
{
	struct loss_who who = { c->peer.address, 0, SPAN("") };
	struct buf words;

	buf_init(&words);
	record_word(&words, "why", span_str(why));
	who.words = buf_view(&words);
	loss_add_one(&c->l->loss, GAP_RELP_ERROR, &who, bytes, c->rx, c->rx);
	buf_fini(&words);
}

/* What RELP does not have, or we do not: once for all of its bytes. */
static void
tell_odd(struct relpconn *c, const char *why)
{
	tell(c, why, c->odd);
	c->odd = 0;
}

void
relpconn_tell(struct relpconn *c)
{
	if (c->wrong != NULL)
		tell_odd(c, c->wrong);
	else if (c->odd > 0)
		tell_odd(c, UNKNOWN);
}

static bool
open_stream(struct relpconn *c)
{
	const struct listen_stream s = { &c->peer, &c->wire,
		record_framing_name(RECORD_FRAMING_NONE), "protocol", "relp" };

	c->stream = listen_stream(c->l, &s, c->rx);
	return c->stream != RINGMSG_NO_STREAM;
}

static bool
put(struct relpconn *c, struct span body, unsigned flags)
{
	if (c->stream == RINGMSG_NO_STREAM && !open_stream(c))
		return false;
	if (!intake_record(c->l->in, c->l->conf->log, c->rx, c->stream, flags,
		0, body))
		return false;
	listen_saw(c->l, body.len);
	return true;
}

/* This session cannot go on; f, if there is one, is answered so. */
static enum relpconn_step
wrong(struct relpconn *c, const struct relp_frame *f, const char *what)
{
	c->wrong = what;
	if (f != NULL && f->txnr != 0)
		relp_print_rsp(&c->out, f->txnr, 500, span_str(what));
	return RELPCONN_WRONG;
}

static enum relpconn_step
take_open(struct relpconn *c, const struct relp_frame *f)
{
	struct span version, commands;

	if (f->more || f->begun)
		return wrong(c, f, "open-too-long");
	if (c->opened) {
		answers_add(&c->answers, f->txnr, ANSWER_OPEN, 0);
		return RELPCONN_MORE;
	}
	if (!relp_offer(f->data, "relp_version", &version))
		return wrong(c, f, "no-version");
	if (!relp_offer(f->data, "commands", &commands) ||
	    !relp_list_has(commands, "syslog"))
		return wrong(c, f, "no-syslog");
	c->opened = true;
	/* librelp takes no version that is higher than its own, which is 0. */
	relp_print_rsp(&c->out, f->txnr, 200,
	    span_is(version, "0") ? SPAN(OFFER("0")) : SPAN(OFFER("1")));
	return RELPCONN_MORE;
}

static enum relpconn_step
take_message(struct relpconn *c, const struct relp_frame *f)
{
	unsigned flags = f->more ? RECORD_CUT : 0;

	if (!f->more && f->txnr != 0)
		flags |= RINGMSG_WAITS;
	if (resent_message(&c->resent, f->data))
		flags |= RECORD_DUPLICATE;
	if (c->answers.records == 0 && !f->begun)
		c->writer = receipt_writer(relpserver_receipt(c->l->relp));
	if (!put(c, f->data, flags))
		return RELPCONN_NO_ROOM;
	resent_taken(&c->resent);
	if (!f->more && f->txnr != 0)
		answers_add(&c->answers, f->txnr, ANSWER_RECORD,
		    intake_position(c->l->in));
	return RELPCONN_MORE;
}

/* A command that we do not have is kept as it stands, and refused. */
static enum relpconn_step
take_unknown(struct relpconn *c, const struct relp_frame *f, struct span whole)
{
	if (!put(c, whole, f->more ? RECORD_CUT : 0))
		return RELPCONN_NO_ROOM;
	c->odd += f->len;
	if (!f->more) {
		tell_odd(c, UNKNOWN);
		answers_add(&c->answers, f->txnr, ANSWER_UNKNOWN, 0);
	}
	return RELPCONN_MORE;
}

/* whole: with its head and end. */
static enum relpconn_step
take_frame(struct relpconn *c, const struct relp_frame *f, struct span whole)
{
	if (f->command == RELP_OPEN)
		return take_open(c, f);
	if (!c->opened)
		return wrong(c, f, "not-open");
	switch (f->command) {
	case RELP_SYSLOG:
		return take_message(c, f);
	case RELP_CLOSE:
		answers_add(&c->answers, f->txnr, ANSWER_CLOSE, 0);
		return RELPCONN_CLOSE;
	case RELP_OPEN:
	case RELP_RSP:
	case RELP_SERVERCLOSE:
	case RELP_OTHER:
		break;
	}
	return take_unknown(c, f, whole);
}

/*
 * A frame was taken.  Numbers that do not count up are answered all the same,
 * but the sender cannot tell which of his frames is meant.
 */
static void
count_frame(struct relpconn *c, const struct relp_frame *f)
{
	if (!f->begun && !c->miscounted &&
	    f->txnr != c->txnr % RELP_TXNR_MAX + 1) {
		tell(c, "txnr", f->len);
		c->miscounted = true;
	}
	c->txnr = f->txnr;
}

/* As relp_next(); what is kept with its head and end is no larger than a
 * record. */
static int
next_frame(struct relpconn *c, struct span p, struct relp_frame *f)
{
	struct relp before = c->relp;
	int rc = relp_next(&c->relp, p.p, p.len, f);

	if (rc <= 0 || f->command == RELP_SYSLOG || f->len <= RECORD_BODY_MAX)
		return rc;
	c->relp = before;
	c->relp.max = PIECE_MIN;
	return relp_next(&c->relp, p.p, p.len, f);
}

/* Take whole frames off *p, up to one that cannot be taken now. */
static enum relpconn_step
take_frames(struct relpconn *c, struct span *p)
{
	enum relpconn_step step = RELPCONN_MORE;
	struct relp before;
	struct relp_frame f;
	int rc;

	if (c->wrong != NULL) /* not all of it could be kept */
		return RELPCONN_WRONG;
	while (step == RELPCONN_MORE) {
		if (c->out.len >= RELPCONN_OUT_MAX ||
		    !answers_room(&c->answers))
			return RELPCONN_FULL;
		before = c->relp;
		rc = next_frame(c, *p, &f);
		if (rc == 0)
			return RELPCONN_MORE;
		step = rc < 0 ? wrong(c, NULL, "no-frame")
			      : take_frame(c, &f, span_sub(*p, 0, f.len));
		if (step == RELPCONN_MORE || step == RELPCONN_CLOSE) {
			count_frame(c, &f);
			*p = span_sub(*p, f.len, p->len);
		} else
			c->relp = before;
	}
	return step;
}

bool
relpconn_keep(struct relpconn *c, struct span *p)
{
	struct span piece;

	while (p->len > 0) {
		piece = span_sub(*p, 0, RECORD_BODY_MAX);
		if (!put(c, piece,
			piece.len < p->len ? RECORD_CUT : RECORD_PARTIAL))
			return false;
		*p = span_sub(*p, piece.len, p->len);
	}
	return true;
}

/* While others hold too much, a frame is taken in small pieces. */
static void
limit(struct relpconn *c, size_t len)
{
	size_t held = c->l->in->held - c->held.cap + len;

	c->relp.max = c->l->conf->max_frame;
	if (held > INTAKE_HELD_MAX && c->relp.max > PIECE_MIN)
		c->relp.max = PIECE_MIN;
}

/* Bytes that are wrong, and all behind them, are kept; then it is over. */
static enum relpconn_step
take_wrong(struct relpconn *c, struct span *p)
{
	size_t len = p->len;
	bool kept = relpconn_keep(c, p);

	c->odd += len - p->len;
	return kept ? RELPCONN_WRONG : RELPCONN_NO_ROOM;
}

enum relpconn_step
relpconn_take(struct relpconn *c, struct span *p)
{
	enum relpconn_step step;

	limit(c, p->len);
	step = take_frames(c, p);
	if (step == RELPCONN_CLOSE && p->len > 0)
		step = wrong(c, NULL, "after-close");
	return step == RELPCONN_WRONG ? take_wrong(c, p) : step;
}
