/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/guest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collector/keep.h"
#include "collector/retire.h"
#include "common/io.h"
#include "common/log.h"
#include "common/utc.h"
#include "evidence/retention_act.h"
#include "evidence/submit.h"
#include "evidence/submit_words.h"

#define GUEST_MESSAGES 16 /* taken before others have their turn */

struct range { /* what a guest put into one log since its last seal */
	uint64_t first, last, n;
};

struct guest {
	int fd;
	enum guest_kind kind;
	uint32_t uid;
	struct sink *logs;
	size_t n_logs;
	struct range range[SITE_LOGS_MAX];

	struct sink *log; /* of the open stream; NULL: none */
	uint32_t stream;
	struct buf in;	     /* the message in hand */
	bool held;	     /* which waits for its log */
	struct cursor parts; /* of it, not yet taken */
	struct buf body;     /* of a record that comes in several parts */
	bool partial;	     /* there is one */
	struct sink *waits;  /* the log whose seal it waits for, or NULL */
	uint64_t waits_size;
	struct sink *asks;   /* the log whose retention it asks for, or NULL */
	struct span request; /* words of that, in the message in hand */
	struct keep *keep;   /* GUEST_ANCHOR */
	bool closing;	     /* not yet: the segment is still open */
	uint64_t segment;    /* that is to be closed */
	bool gone;
};

struct guest *
guest_new(int fd, enum guest_kind kind, const struct site *site,
    struct sink *logs)
{
	struct guest *g = calloc(1, sizeof(*g));
	struct ucred peer = { .uid = (uid_t)-1 };
	socklen_t len = sizeof(peer);

	if (g == NULL)
		return NULL;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) != 0 ||
	    (kind == GUEST_ANCHOR && (g->keep = keep_new(site)) == NULL)) {
		free(g);
		return NULL;
	}
	g->fd = fd;
	g->kind = kind;
	g->uid = peer.uid;
	g->logs = logs;
	g->n_logs = site->n_logs;
	buf_init(&g->in);
	buf_init(&g->body);
	g->parts = cursor_make(span_make(NULL, 0));
	return g;
}

static void
stream_end(struct guest *g, const char *why)
{
	if (g->log != NULL)
		(void)evlog_stream_end(g->log->log, g->stream,
		    why); /* it fails only with the log, which says so itself */
	g->log = NULL;
	g->partial = false;
	g->body.len = 0;
}

void
guest_free(struct guest *g)
{
	if (g == NULL)
		return;
	stream_end(g, "closed");
	if (g->asks != NULL)
		retire_leave(g->asks->retire, g);
	keep_free(g->keep);
	close(g->fd);
	buf_fini(&g->in);
	buf_fini(&g->body);
	free(g);
}

int
guest_fd(const struct guest *g)
{
	return g->fd;
}

/* An answer that does not go out at once goes to somebody who does not read. */
static void
answer(struct guest *g, const struct submit_answer *a)
{
	struct buf out;
	ssize_t n;

	buf_init(&out);
	submit_answer_print(a, &out);
	n = send(g->fd, out.p, out.len, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n < 0 && g->kind == GUEST_CLIENT)
		g->gone = true;
	buf_fini(&out);
}

/* Ours, and able to wait for a log. */
static bool
is_ours(const struct guest *g)
{
	return g->kind == GUEST_TAILER || g->kind == GUEST_FORWARDER;
}

static void
refuse(struct guest *g, enum submit_err err, const char *text)
{
	struct submit_answer a = { .what = SUBMIT_REFUSED,
		.err = err,
		.text = span_str(text) };

	stream_end(g, "refused");
	answer(g, &a);
	if (g->kind == GUEST_CLIENT)
		g->gone = true;
}

/*
 * The log does not take what the message asks for.  A person is told, a process
 * of ours waits: if it ended for a full disk each time, collecting would.
 */
static void
not_now(struct guest *g, enum evlog_err err)
{
	if (is_ours(g) && err == EVLOG_BUSY)
		g->held = true;
	else
		refuse(g, SUBMIT_FAULT, evlog_strerror(err));
}

static struct sink *
log_find(struct guest *g, struct span name)
{
	size_t i;

	for (i = 0; i < g->n_logs; i++)
		if (span_is(name, g->logs[i].conf->name))
			return &g->logs[i];
	refuse(g, SUBMIT_NO_LOG, "");
	return NULL;
}

static void
range_add(struct guest *g, const struct sink *s, uint64_t index)
{
	struct range *r = &g->range[s->number];

	if (r->n++ == 0)
		r->first = index;
	r->last = index;
}

static void
open_stream(struct guest *g, const struct submit_request *r)
{
	struct submit_answer a = { .what = SUBMIT_OPENED };
	struct sink *s = log_find(g, r->log);
	struct buf words;
	enum evlog_err err;

	if (s == NULL)
		return;
	stream_end(g, "replaced");
	buf_init(&words);
	if (submit_words_stream(r->words,
		g->kind == GUEST_TAILER ? SUBMIT_WORDS_TAILER
					: SUBMIT_WORDS_CLIENT,
		g->uid, &words) != 0)
		refuse(g, SUBMIT_BAD_WORDS, "");
	else if ((err = evlog_stream(s->log, buf_view(&words), &g->stream)) !=
	    EVLOG_OK)
		not_now(g, err);
	else {
		g->log = s;
		a.stream = g->stream;
		answer(g, &a);
	}
	buf_fini(&words);
}

/* Append; false: not now. */
static bool
append(struct guest *g, struct sink *s, const struct record *r)
{
	uint64_t index;
	enum evlog_err err;

	if (!sink_writable(s, r->body.len))
		return false;
	err = sink_append(s, r, &index);
	if (err == EVLOG_BUSY)
		return false;
	if (err != EVLOG_OK)
		refuse(g,
		    err == EVLOG_TOO_BIG ? SUBMIT_TOO_BIG : SUBMIT_BAD_MESSAGE,
		    evlog_strerror(err));
	else {
		if (r->kind == RECORD_RECEIVED)
			s->sums->counters.received++;
		range_add(g, s, index);
	}
	return true;
}

/* One part of the message in hand; false: not now, and nothing is changed. */
static bool
part_take(struct guest *g, const struct submit_part *p, uint64_t now)
{
	struct record r = { .kind = RECORD_RECEIVED,
		.rx = now,
		.stream = g->stream,
		.flags = p->flags,
		.body = p->bytes };
	size_t had = g->body.len;

	if (g->log == NULL) {
		refuse(g, SUBMIT_NO_STREAM, "");
		return true;
	}
	if (had + p->bytes.len > RECORD_BODY_MAX) {
		refuse(g, SUBMIT_TOO_BIG, "");
		return true;
	}
	if (g->partial || p->more) {
		buf_span(&g->body, p->bytes);
		r.body = buf_view(&g->body);
	}
	g->partial = p->more;
	if (p->more)
		return true;
	if (!append(g, g->log, &r)) {
		g->partial = had > 0;
		g->body.len = had;
		return false;
	}
	g->body.len = 0;
	return true;
}

/* The parts in hand, as many as the log takes; false: not now. */
static bool
parts_take(struct guest *g)
{
	uint64_t now = (uint64_t)utc_now();
	struct submit_part p;
	struct cursor before;

	while (!g->gone && cursor_left(&g->parts) > 0) {
		before = g->parts;
		submit_part_next(&g->parts, &p);
		if (!part_take(g, &p, now)) {
			g->parts = before;
			return false;
		}
		if (g->log == NULL) /* it was refused */
			g->parts = cursor_make(span_make(NULL, 0));
	}
	return true;
}

/* An operator's record is short and rare: it waits for nobody but the disk. */
static void
operator_record(struct guest *g, const struct submit_request *r)
{
	struct record rec = { .kind = RECORD_OPERATOR,
		.rx = (uint64_t)utc_now() };
	struct sink *s = log_find(g, r->log);
	struct buf body;

	if (s == NULL)
		return;
	buf_init(&body);
	if (retention_reserved(r->words) ||
	    submit_words_operator(r->words, g->uid, &body) != 0)
		refuse(g, SUBMIT_BAD_WORDS, "");
	else {
		rec.body = buf_view(&body);
		if (!append(g, s, &rec))
			not_now(g, EVLOG_BUSY);
	}
	buf_fini(&body);
}

/* A file that our tailer followed is lost: short and rare as well. */
static void
gap_record(struct guest *g, const struct submit_request *r)
{
	struct record rec = { .kind = RECORD_GAP, .rx = (uint64_t)utc_now() };
	struct sink *s = log_find(g, r->log);
	struct buf body;

	if (s == NULL)
		return;
	buf_init(&body);
	record_word(&body, "kind", span_str(gap_name(GAP_WATCH_LOST)));
	record_word(&body, "stream", SPAN("-"));
	if (submit_words_gap(r->words, &body) != 0)
		refuse(g, SUBMIT_BAD_WORDS, "");
	else {
		rec.body = buf_view(&body);
		if (!append(g, s, &rec))
			not_now(g, EVLOG_BUSY);
	}
	buf_fini(&body);
}

/* Recorded: the answer is that of a seal. */
static void
asked(struct guest *g, const struct retire_range *r)
{
	struct range *range = &g->range[g->asks->number];

	if (range->n == 0)
		range->first = r->first;
	range->last = r->last;
	range->n += r->n;
	g->waits = g->asks;
	g->waits_size = r->last + 1;
	g->asks = NULL;
	if (evlog_durable(g->waits->log) < g->waits_size)
		(void)evlog_seal(g->waits->log,
		    false); /* a fault shows in sealed() */
}

static enum guest_step
ask(struct guest *g)
{
	enum guest_step step = GUEST_IDLE;
	struct retire_range r;
	struct buf why;

	buf_init(&why);
	switch (retire_ask(g->asks->retire, g, g->request, g->uid, &r, &why)) {
	case RETIRE_WAITS:
		step = GUEST_WAITS;
		break;
	case RETIRE_FULL:
		step = GUEST_FULL;
		break;
	case RETIRE_DONE:
		asked(g, &r);
		break;
	case RETIRE_REFUSED:
		g->asks = NULL;
		refuse(g, SUBMIT_RETENTION, buf_cstr(&why));
		break;
	}
	buf_fini(&why);
	return step;
}

/* Persons ask for themselves: not our own processes. */
static void
retain(struct guest *g, const struct submit_request *r)
{
	struct sink *s = log_find(g, r->log);

	if (s == NULL)
		return;
	if (g->kind != GUEST_CLIENT || s->retire == NULL) {
		refuse(g, SUBMIT_BAD_MESSAGE, "");
		return;
	}
	g->asks = s;
	g->request = r->words;
}

static void
seal(struct guest *g, const struct submit_request *r)
{
	struct sink *s = log_find(g, r->log);

	if (s == NULL)
		return;
	g->waits = s;
	g->waits_size = g->range[s->number].n > 0 ? g->range[s->number].last + 1
						  : evlog_size(s->log);
	if (evlog_durable(s->log) < g->waits_size)
		(void)evlog_seal(s->log, false); /* a fault shows in sealed() */
}

/* Who may write may close: a short segment costs a few records. */
static void
segment_close(struct guest *g, const struct submit_request *r)
{
	struct sink *s = log_find(g, r->log);

	if (s == NULL)
		return;
	g->waits = s;
	g->waits_size = UINT64_MAX;
	g->closing = true;
	g->segment = evlog_segment(s->log);
	(void)evlog_rotate(s->log); /* a fault shows in sealed() */
}

/* Tell a guest that waits what became of the seal. */
static enum guest_step
sealed(struct guest *g)
{
	struct sink *s = g->waits;
	struct range *range = &g->range[s->number];
	struct submit_answer a = { SUBMIT_SEALED, 0, range->first, range->last,
		range->n, evlog_durable(s->log), { NULL, 0 }, SUBMIT_OK,
		{ NULL, 0 } };
	char path[4096];
	struct buf note;

	if (g->closing && evlog_segment(s->log) != g->segment) {
		g->closing = false;
		g->waits_size = evlog_size(s->log);
	}
	if (a.size < g->waits_size) {
		if (evlog_fault(s->log) == EVLOG_OK || is_ours(g))
			return GUEST_WAITS;
		g->waits = NULL;
		refuse(g, SUBMIT_FAULT, evlog_strerror(evlog_fault(s->log)));
		return g->gone ? GUEST_GONE : GUEST_IDLE;
	}
	g->waits = NULL;
	g->closing = false;
	buf_init(&note);
	if (io_join(path, sizeof(path), s->conf->dir, "checkpoint") == 0 &&
	    io_read_file(path, SUBMIT_NOTE_MAX, &note) == 0)
		a.note = buf_view(&note);
	answer(g, &a);
	buf_fini(&note);
	*range = (struct range){ 0 };
	return g->gone ? GUEST_GONE : GUEST_IDLE;
}

/* Receive a message; false if there is none. */
static bool
message_receive(struct guest *g)
{
	ssize_t n;

	g->in.len = 0;
	buf_reserve(&g->in, SUBMIT_MESSAGE_MAX + 1);
	n = recv(g->fd, g->in.p, SUBMIT_MESSAGE_MAX + 1, MSG_DONTWAIT);
	if (n > 0) {
		g->in.len = (size_t)n;
		return true;
	}
	if (n == 0 || (errno != EAGAIN && errno != EINTR))
		g->gone = true;
	return false;
}

/* What the anchor process asks for, and nobody else. */
static void
anchor_take(struct guest *g, const struct submit_request *r)
{
	struct submit_answer a = { .what = SUBMIT_KEPT };
	struct sink *s = log_find(g, r->log);
	enum submit_err err;

	if (s == NULL)
		return;
	if (r->what == SUBMIT_NEWEST) {
		a.what = SUBMIT_NOTE;
		err = keep_newest(g->keep, s, &a.note);
	} else if (r->what == SUBMIT_COSIGNATURE)
		err = keep_cosignature(g->keep, s, r->file, &a.first);
	else
		err = keep_token(g->keep, s, r->file, &a.first);
	if (err == SUBMIT_OK)
		answer(g, &a);
	else
		refuse(g, err, "");
}

static bool
is_anchors(enum submit_what what)
{
	return what == SUBMIT_NEWEST || what == SUBMIT_COSIGNATURE ||
	    what == SUBMIT_TOKEN;
}

/* The forwarder, which outsiders answer, says what it did not send. */
static bool
is_forwarders(const struct submit_request *r)
{
	return r->what == SUBMIT_SEAL ||
	    (r->what == SUBMIT_OPERATOR &&
		span_starts(r->words, SPAN("action=not-forwarded ")));
}

static void
message_take(struct guest *g)
{
	struct submit_request r;
	char why[SUBMIT_LOG_MAX + 1];

	if (submit_request_parse(buf_view(&g->in), &r) != 0) {
		refuse(g, SUBMIT_BAD_MESSAGE, "");
		return;
	}
	if (is_anchors(r.what) != (g->kind == GUEST_ANCHOR) ||
	    (g->kind == GUEST_FORWARDER && !is_forwarders(&r)) ||
	    (r.what == SUBMIT_GAP && g->kind != GUEST_TAILER)) {
		refuse(g, SUBMIT_NOT_ALLOWED, "");
		return;
	}
	switch (r.what) {
	case SUBMIT_OPEN:
		open_stream(g, &r);
		break;
	case SUBMIT_RECORDS:
		g->parts = cursor_make(r.parts);
		break;
	case SUBMIT_OPERATOR:
		operator_record(g, &r);
		break;
	case SUBMIT_END:
		memcpy(why, r.words.p, r.words.len);
		why[r.words.len] = '\0';
		stream_end(g, why);
		break;
	case SUBMIT_GAP:
		gap_record(g, &r);
		break;
	case SUBMIT_SEAL:
		seal(g, &r);
		break;
	case SUBMIT_RETAIN:
		retain(g, &r);
		break;
	case SUBMIT_NEWEST:
	case SUBMIT_COSIGNATURE:
	case SUBMIT_TOKEN:
		anchor_take(g, &r);
		break;
	case SUBMIT_CLOSE:
		segment_close(g, &r);
		break;
	}
}

enum guest_step
guest_run(struct guest *g)
{
	enum guest_step step;
	size_t i;

	for (i = 0; i < GUEST_MESSAGES; i++) {
		if (g->asks != NULL && (step = ask(g)) != GUEST_IDLE)
			return step;
		if (g->waits != NULL && sealed(g) == GUEST_WAITS)
			return GUEST_WAITS;
		if (!parts_take(g))
			return GUEST_FULL;
		if (g->gone || (!g->held && !message_receive(g)))
			break;
		g->held = false;
		message_take(g);
		if (g->held)
			return GUEST_FULL;
	}
	if (g->gone)
		return GUEST_GONE;
	if (g->asks != NULL)
		return GUEST_FULL; /* it has had its turn */
	if (g->waits != NULL)
		return sealed(g);
	return parts_take(g) ? GUEST_IDLE : GUEST_FULL;
}
