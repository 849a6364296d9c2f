/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
/*
 * The two ways to send.  RELP answers each record.  RFC 5425 answers nothing,
 * but who gets our close_notify must have read what was before it, and must
 * answer with its own (4.4): so a connection is ended now and then, and what
 * was in it counts when that answer came and SETTLE has passed, in which the
 * target had time to write it.  What the socket took says nothing: it may lie
 * in a buffer of a machine that is no more.  Plain TCP (RFC 6587) is the same
 * with the end of the stream in the place of close_notify: a receiver's kernel
 * says it for a program that read everything, and breaks the connection off
 * for one that did not.
 */
#include <string.h>

#include "collector/forward_priv.h"
#include "common/log.h"

#define SECOND UINT64_C(1000000)
#define SESSION (10 * SECOND)  /* of a connection with records in it */
#define SESSION_RECORDS 16384u /* in it, at most */
#define SETTLE (5 * SECOND)
#define QUIET SECOND	  /* before one that was ended is opened again */
#define REFUSALS 3u	  /* of one record, then it is passed over */
#define ANSWER_MAX 65536u /* bytes of a frame that are looked at */
#define OFFERS "relp_version=0\nrelp_software=konseki\ncommands=syslog"

void
forward_mode_reset(struct forward_target *t)
{
	forward_window_init(&t->window, 1);
	t->given.any = t->settling.any = t->later.any = false;
	t->finished = false;
}

void
forward_mode_begin(struct forward_target *t)
{
	t->finished = false;
	if (!t->where.relp) {
		forward_up(t);
		return;
	}
	relp_init(&t->relp, ANSWER_MAX);
	relp_print(&t->out, 1, "open", SPAN(OFFERS));
	forward_window_init(&t->window, 2);
	forward_enter(t, FORWARD_HELLO);
}

bool
forward_mode_room(const struct forward_target *t)
{
	return t->where.relp ? t->window.n < FORWARD_WINDOW
			     : t->given.sent < SESSION_RECORDS || !t->given.any;
}

void
forward_mode_send(struct forward_target *t, const struct evread_record *r,
    struct span message)
{
	if (t->where.relp) {
		relp_print(&t->out, forward_window_next(&t->window), "syslog",
		    message);
		forward_window_push(&t->window, r->index, r->r.rx);
		return;
	}
	buf_printf(&t->out, "%zu ", message.len);
	buf_span(&t->out, message);
	if (!t->given.any) {
		t->given = (struct forward_point){ .any = true };
		t->session_at = t->now;
	}
	t->given.next = r->index + 1;
	t->given.rx = r->r.rx;
	t->given.sent++;
}

/* --- RELP ------------------------------------------------------------------
 */

static void
say_refused(struct buf *out, const char *what, struct span text)
{
	size_t i;

	buf_str(out, what);
	for (i = 0; i < text.len && i < 200; i++)
		buf_byte(out,
		    text.p[i] < ' ' || text.p[i] >= 0x7f ? ' ' : text.p[i]);
}

static int
hello(struct forward_target *t, const struct relp_frame *f)
{
	struct span text, list;
	unsigned code = 0;

	if (f->txnr != 1 || relp_rsp_parse(f->data, &code, &text) != 0 ||
	    code != 200) {
		t->why.len = 0;
		say_refused(&t->why,
		    tr("it refuses to speak RELP with us: ",
			"RELPの接続を拒否しました: "),
		    f->data);
		forward_broke(t, buf_cstr(&t->why));
		return -1;
	}
	if (relp_offer(text, "commands", &list) &&
	    !relp_list_has(list, "syslog")) {
		forward_broke(t,
		    tr("it does not take messages (RELP command syslog)",
			"RELPのsyslogコマンドを受け付けません"));
		return -1;
	}
	forward_up(t);
	return 1;
}

static int
refused(struct forward_target *t, uint64_t index, struct span data)
{
	t->refusals = t->refused == index ? t->refusals + 1 : 1;
	t->refused = index;
	if (t->refusals >= REFUSALS)
		t->give_up = index;
	t->why.len = 0;
	buf_printf(&t->why,
	    tr("it refused record %llu: ", "記録%lluを拒否しました: "),
	    (unsigned long long)index);
	say_refused(&t->why, "", data);
	forward_broke(t, buf_cstr(&t->why));
	return -1;
}

/* One frame: as forward_mode_hear(). */
static int
frame(struct forward_target *t, const struct relp_frame *f)
{
	struct forward_sent *s;
	struct span text;
	unsigned code;

	if (f->command == RELP_SERVERCLOSE) {
		if (!forward_mode_ended(t))
			forward_broke(t,
			    tr("it ended the connection",
				"接続が切断されました"));
		return -1;
	}
	if (f->command != RELP_RSP || f->begun)
		return 1;
	if (t->state == FORWARD_HELLO)
		return hello(t, f);
	s = forward_window_find(&t->window, f->txnr);
	if (s == NULL || relp_rsp_parse(f->data, &code, &text) != 0) {
		forward_broke(t,
		    tr("it answered what was not sent",
			"送っていないものへの応答を受け取りました"));
		return -1;
	}
	if (code != 200)
		return refused(t, s->index, f->data);
	s->acked = true;
	forward_progress(t);
	return 1;
}

int
forward_mode_hear(struct forward_target *t)
{
	struct relp_frame f;
	size_t at = 0;
	int rc;

	if (!t->where.relp) { /* nobody has anything to say to us */
		t->in.len = 0;
		return 1;
	}
	while (
	    (rc = relp_next(&t->relp, t->in.p + at, t->in.len - at, &f)) == 1) {
		if (frame(t, &f) < 0)
			return -1;
		at += f.len;
	}
	if (rc < 0) {
		forward_broke(t,
		    tr("it does not speak RELP", "RELPの応答ではありません"));
		return -1;
	}
	memmove(t->in.p, t->in.p + at, t->in.len - at);
	t->in.len -= at;
	return 1;
}

static void
turn_relp(struct forward_target *t)
{
	struct forward_sent s = { 0 };
	uint64_t n = 0;

	while (forward_window_pop(&t->window, &s) == 1)
		n++;
	if (n > 0)
		forward_worked(t);
	if (n > 0 || t->window.n == 0)
		forward_place(t,
		    t->window.n > 0 ? t->window.v[t->window.head].index
				    : t->log.next,
		    s.rx, n);
	if (t->over && t->window.n == 0)
		forward_next_generation(t);
}

/* --- RFC 5425, 6587 --------------------------------------------------------
 */

static void
settle(struct forward_target *t)
{
	if (!t->settling.any || t->now < t->settling.at)
		return;
	forward_place(t, t->settling.next, t->settling.rx, t->settling.sent);
	forward_worked(t);
	t->settling = t->later;
	t->later.any = false;
}

/* The target has read all that was in the connection. */
static void
confirmed(struct forward_target *t)
{
	uint64_t sent = t->later.any ? t->later.sent : 0;

	if (!t->given.any)
		return;
	t->given.next = t->log.next; /* with what was passed over */
	t->given.at = t->stopping ? 0 : t->now + SETTLE;
	if (t->settling.any) {
		t->later = t->given;
		t->later.sent += sent;
	} else
		t->settling = t->given;
	t->given.any = false;
	if (t->stopping) {
		t->settling.at = 0;
		settle(t);
		settle(t);
	}
}

static bool
wants_end(const struct forward_target *t)
{
	return t->given.any &&
	    (t->over || (t->stopping && t->nothing) ||
		t->given.sent >= SESSION_RECORDS ||
		t->now - t->session_at >= SESSION);
}

static void
turn_syslog(struct forward_target *t)
{
	enum link_step step;

	settle(t);
	if (t->state == FORWARD_RUN && wants_end(t))
		forward_enter(t, FORWARD_FINISH);
	if (t->state == FORWARD_FINISH && !t->finished && t->out.len == 0) {
		step = link_finish(t->link);
		if (step == LINK_BROKE) {
			forward_broke(t, link_why(t->link));
			return;
		}
		t->finished = step != LINK_WAITS;
	}
	if (t->given.any || t->settling.any || t->state != FORWARD_RUN)
		return;
	if (t->over)
		forward_next_generation(t);
	else
		forward_place(t, t->log.next, 0, 0);
}

/* --- both ------------------------------------------------------------------
 */

void
forward_mode_turn(struct forward_target *t)
{
	if (t->state != FORWARD_RUN && t->state != FORWARD_FINISH)
		return;
	if (t->where.relp)
		turn_relp(t);
	else
		turn_syslog(t);
}

bool
forward_mode_ended(struct forward_target *t)
{
	bool well = t->state == FORWARD_FINISH && t->finished;

	if (well)
		confirmed(t);
	else if (t->state == FORWARD_RUN && t->out.len == 0 &&
	    t->window.n == 0 && !t->given.any)
		well = true;
	else
		return false;
	forward_finished(t);
	if (!t->finished)
		t->deadline = t->now + QUIET;
	return true;
}

bool
forward_mode_quiet(const struct forward_target *t)
{
	return t->out.len == 0 && (!t->where.relp || t->window.n == 0);
}

uint64_t
forward_mode_due(const struct forward_target *t, uint64_t due)
{
	if (t->where.relp)
		return due;
	if (t->settling.any && t->settling.at < due)
		due = t->settling.at;
	if (t->state == FORWARD_RUN && t->given.any &&
	    t->session_at + SESSION < due)
		due = t->session_at + SESSION;
	return due;
}

bool
forward_mode_done(struct forward_target *t)
{
	size_t n;

	if (!(t->nothing || t->over) || !forward_mode_quiet(t) || t->skip.any)
		return false;
	if (!t->where.relp)
		return t->state == FORWARD_RUN && !t->given.any;
	if (t->state != FORWARD_RUN)
		return true;
	relp_print(&t->out, forward_window_next(&t->window), "close",
	    span_make(NULL, 0));
	(void)link_write(t->link, buf_view(&t->out), &n); /* a courtesy */
	forward_finished(t);
	return true;
}
