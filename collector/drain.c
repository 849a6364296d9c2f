/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/drain.h"

#include <stdlib.h>
#include <string.h>

#include "collector/marks.h"
#include "common/log.h"
#include "common/utc.h"
#include "evidence/gap.h"
#include "evidence/submit_words.h"

struct drain {
	struct ring *ring;
	struct estate *estate;
	struct sink *logs;
	size_t n_logs;
	bool held;   /* msg waits for its log to be writable */
	bool refuse; /* records are counted and not taken */
	struct ringmsg msg;
	uint32_t open; /* highest number used, plus 1 */
	struct buf words;
	uint64_t empty_at; /* utc usec: when nothing was left last */
	size_t refused;	   /* bytes of the message that broke the order */
	struct receipt *receipt;
	uint64_t at; /* up to here, in the ring's count, all was taken */
	struct marks marks[RINGMSG_LOGS];
	uint32_t number[RINGMSG_STREAMS]; /* in its log; 0: not yet there */
	struct talkers *talkers;	  /* or NULL */
	struct talkers_ref ref[RINGMSG_STREAMS]; /* the sender of each */
};

struct drain *
drain_new(struct ring *ring, struct estate *estate, struct sink *logs, size_t n)
{
	struct drain *d = calloc(1, sizeof(*d));

	if (d == NULL || ring_taker(ring) != 0) {
		free(d);
		return NULL;
	}
	d->ring = ring;
	d->estate = estate;
	d->logs = logs;
	d->n_logs = n;
	d->empty_at = GAP_UNKNOWN;
	d->open = RINGMSG_STREAMS; /* a predecessor may have used any */
	buf_init(&d->words);
	return d;
}

void
drain_count(struct drain *d, struct talkers *talkers)
{
	d->talkers = talkers;
}

void
drain_free(struct drain *d)
{
	if (d == NULL)
		return;
	buf_fini(&d->words);
	free(d);
}

static enum drain_step
broken(const char *what)
{
	log_error(tr("the receiver sent %s: it is not trusted any more",
		      "受信プロセスが不正なメッセージを送りました（%s）"),
	    what);
	return DRAIN_BROKEN;
}

static void
stream_end(struct drain *d, uint32_t stream, const char *why)
{
	struct span words;
	uint32_t log;

	if (estate_get(d->estate, stream, &log, &words) &&
	    d->number[stream] != 0)
		(void)evlog_stream_end(d->logs[log].log, d->number[stream],
		    why); /* it fails only with the log, which says so itself */
	estate_end(d->estate, stream);
	d->ref[stream] = (struct talkers_ref){ NULL, 0 };
	d->number[stream] = 0;
}

void
drain_end(struct drain *d, const char *why)
{
	uint32_t i;

	for (i = 0; i < d->open; i++)
		stream_end(d, i, why);
	d->open = 0;
}

void
drain_leave(struct drain *d, const char *why)
{
	struct span words;
	uint32_t i, log;

	for (i = 0; i < d->open; i++)
		if (estate_get(d->estate, i, &log, &words) && d->number[i] != 0)
			(void)evlog_stream_end(d->logs[log].log, d->number[i],
			    why); /* a log that fails says so itself */
}

/* What cannot be written now is counted as lost with the log's other losses. */
static void
tell(struct sink *s, const struct gap *g)
{
	const struct record r = { .kind = RECORD_GAP, .rx = g->until };

	if (sink_gap(s, g) != EVLOG_OK)
		sink_lost(s, &r);
}

static void
alarm_lost(uint64_t bytes)
{
	if (bytes > 0)
		log_error(
		    tr("ALARM: up to %llu bytes that the receiver held are "
		       "lost",
			"警報: 受信プロセスの保持していた最大%lluバイトが失われ"
			"ました"),
		    (unsigned long long)bytes);
}

/*
 * A receiver ended by itself and left that will; another began, or none will,
 * at until.  Each log that it may have had something of gets a g1, if it takes
 * one now; else DRAIN_FULL, and none was written.
 */
static enum drain_step
receiver_lost(struct drain *d, const struct ringmsg_will *w, uint64_t until)
{
	struct gap g = { .kind = GAP_RECEIVER_LOST, .until = until };
	uint64_t n[RINGMSG_LOGS] = { 0 }, all = 0;
	struct span words;
	uint32_t i, log;

	if (w->well == 0)
		return DRAIN_MORE;
	for (i = 0; i < d->n_logs && !d->refuse; i++)
		if (!sink_writable(&d->logs[i], RINGMSG_WORDS_MAX))
			return DRAIN_FULL;
	for (i = 0; i < d->open; i++)
		if (estate_get(d->estate, i, &log, &words))
			n[log]++;
	g.from = w->well < until ? w->well : until;
	for (i = 0; i < d->n_logs; i++) {
		if ((w->feeds & UINT64_C(1) << i) == 0 && n[i] == 0)
			continue;
		g.count = n[i];
		g.bytes = w->bytes[i];
		all += w->bytes[i];
		tell(&d->logs[i], &g);
	}
	alarm_lost(all);
	return DRAIN_MORE;
}

/* A new receiver: what the one before had open ended without a word. */
static enum drain_step
start(struct drain *d, const struct ringmsg *m)
{
	struct ringmsg_will will = ringmsg_will(m);
	struct estate_sums *sums;
	size_t i;

	if (receiver_lost(d, &will, m->rx) == DRAIN_FULL)
		return DRAIN_FULL;
	drain_end(d, "receiver-restart");
	for (i = 0; i < d->n_logs; i++) {
		/* What the one before had put and never told, it received. */
		sums = d->logs[i].sums;
		sums->counters.received = sink_received(&d->logs[i]);
		sums->told = (struct ringmsg_counters){ 0 };
	}
	return DRAIN_MORE;
}

void
drain_bereft(struct drain *d)
{
	struct ringmsg_will will = *ring_will(d->ring);
	size_t i;

	for (i = 0; i < d->n_logs; i++)
		if (!sink_writable(&d->logs[i], RINGMSG_WORDS_MAX))
			(void)evlog_seal(d->logs[i].log, true); /* for room */
	d->refuse = true; /* now or never */
	(void)receiver_lost(d, &will, (uint64_t)utc_now());
}

/* Each log might have got some of it: nobody reads what cannot be trusted. */
void
drain_abandon(struct drain *d)
{
	struct gap g = { .kind = GAP_RECEIVER_BROKEN,
		.count = GAP_UNKNOWN,
		.bytes = d->refused + ring_left(d->ring),
		.from = d->empty_at,
		.until = (uint64_t)utc_now() };
	size_t i;

	alarm_lost(g.bytes);
	for (i = 0; i < d->n_logs; i++) {
		if (!sink_writable(&d->logs[i], RINGMSG_WORDS_MAX))
			(void)evlog_seal(d->logs[i].log, true); /* for room */
		tell(&d->logs[i], &g);
	}
}

static enum drain_step
stream_open(struct drain *d, const struct ringmsg *m)
{
	struct span words;
	uint32_t log;

	/* One that only a dead predecessor knew may have been in its hand. */
	if (m->log >= d->n_logs ||
	    (estate_get(d->estate, m->stream, &log, &words) &&
		d->number[m->stream] != 0))
		return broken("a stream that is open or has no log");
	d->words.len = 0;
	if (submit_words_stream(m->body, SUBMIT_WORDS_RECEIVER, 0, &d->words) !=
	    0)
		return broken("words that no stream has");
	estate_open(d->estate, m->stream, m->log, buf_view(&d->words));
	d->number[m->stream] = 0;
	if (d->open <= m->stream)
		d->open = m->stream + 1;
	return DRAIN_MORE;
}

/*
 * The log of an open stream, where it gets its number if it has none yet:
 * DRAIN_MORE; DRAIN_FULL if that must wait; DRAIN_BROKEN if there is no such
 * stream.
 */
static enum drain_step
stream_find(struct drain *d, uint32_t stream, struct sink **s)
{
	struct span words;
	enum evlog_err err;
	uint32_t log;

	if (!estate_get(d->estate, stream, &log, &words) || log >= d->n_logs)
		return DRAIN_BROKEN;
	*s = &d->logs[log];
	if (d->number[stream] != 0)
		return DRAIN_MORE;
	err = evlog_stream((*s)->log, words, &d->number[stream]);
	return err == EVLOG_OK	? DRAIN_MORE
	    : err == EVLOG_BUSY ? DRAIN_FULL
				: DRAIN_BROKEN;
}

static enum drain_step
record(struct drain *d, const struct ringmsg *m)
{
	struct record r = { .kind = RECORD_RECEIVED,
		.rx = m->rx,
		.flags = m->flags & ~RINGMSG_WAITS,
		.port = m->port,
		.body = m->body };
	struct span words = { NULL, 0 };
	enum drain_step step;
	struct sink *s;
	enum evlog_err err;
	uint32_t log;

	if (d->refuse && estate_get(d->estate, m->stream, &log, &words) &&
	    log < d->n_logs) {
		sink_lost(&d->logs[log], &r);
		marks_stop(&d->marks[log]);
		return DRAIN_MORE;
	}
	if ((step = stream_find(d, m->stream, &s)) == DRAIN_BROKEN)
		return broken("a record of no stream");
	if (step == DRAIN_FULL || !sink_writable(s, m->body.len))
		return DRAIN_FULL;
	r.stream = d->number[m->stream];
	err = sink_append(s, &r, NULL);
	if (err == EVLOG_BUSY)
		return DRAIN_FULL;
	if (err != EVLOG_OK) {
		sink_lost(s, &r);
		marks_stop(&d->marks[s->number]);
		return DRAIN_MORE;
	}
	if ((m->flags & RINGMSG_WAITS) != 0)
		marks_want(&d->marks[s->number], evlog_size(s->log));
	if (d->talkers != NULL &&
	    (talkers_know(&d->ref[m->stream]) ||
		estate_get(d->estate, m->stream, &log, &words)))
		talkers_count(d->talkers, &d->ref[m->stream], s->conf->name,
		    words, m);
	return DRAIN_MORE;
}

static enum drain_step
gap(struct drain *d, const struct ringmsg *m)
{
	struct record r = { .kind = RECORD_GAP, .rx = m->rx };
	enum drain_step step = DRAIN_MORE;
	struct sink *s;
	enum evlog_err err;

	if (m->log >= d->n_logs)
		return broken("a gap of no log");
	s = &d->logs[m->log];
	if (m->stream != RINGMSG_NO_STREAM &&
	    (step = stream_find(d, m->stream, &s)) == DRAIN_BROKEN)
		return broken("a gap of no stream");
	if (step == DRAIN_FULL && !d->refuse)
		return DRAIN_FULL;
	d->words.len = 0;
	record_word(&d->words, "kind", span_str(gap_name(m->flags)));
	if (m->stream == RINGMSG_NO_STREAM || step == DRAIN_FULL)
		record_word(&d->words, "stream", SPAN("-"));
	else
		record_word_u64(&d->words, "stream", d->number[m->stream]);
	if (submit_words_gap(m->body, &d->words) != 0)
		return broken("words that no gap has");
	r.body = buf_view(&d->words);
	if (!d->refuse && !sink_writable(s, r.body.len))
		return DRAIN_FULL;
	err = sink_append(s, &r, NULL);
	if (err == EVLOG_BUSY && !d->refuse)
		return DRAIN_FULL;
	if (err != EVLOG_OK)
		sink_lost(s, &r);
	else if (d->talkers != NULL)
		talkers_lost(d->talkers,
		    m->stream == RINGMSG_NO_STREAM ? NULL : &d->ref[m->stream],
		    s->conf->name, m->flags, m->body);
	return DRAIN_MORE;
}

/* Whether the log would take the end of a stream now. */
static bool
end_writable(struct drain *d, uint32_t stream)
{
	struct span words;
	uint32_t log;

	return !estate_get(d->estate, stream, &log, &words) ||
	    d->number[stream] == 0 || sink_writable(&d->logs[log], words.len);
}

static enum drain_step
end(struct drain *d, const struct ringmsg *m)
{
	char why[33];
	size_t i;

	if (!d->refuse && !end_writable(d, m->stream))
		return DRAIN_FULL;

	for (i = 0; i < m->body.len && i < sizeof(why) - 1; i++) {
		if (!(m->body.p[i] >= 'a' && m->body.p[i] <= 'z') &&
		    !(m->body.p[i] >= '0' && m->body.p[i] <= '9') &&
		    m->body.p[i] != '-')
			return broken("an end without a name");
		why[i] = (char)m->body.p[i];
	}
	why[i] = '\0';
	stream_end(d, m->stream, why);
	return DRAIN_MORE;
}

static enum drain_step
counters(struct drain *d, const struct ringmsg *m)
{
	struct ringmsg_counters now = ringmsg_counters(m), *last;
	struct evlog_counters *sum;

	if (m->log >= d->n_logs)
		return broken("counters of no log");
	last = &d->logs[m->log].sums->told;
	sum = &d->logs[m->log].sums->counters;
	sum->received += now.received - last->received;
	sum->kernel_dropped += now.kernel_dropped - last->kernel_dropped;
	sum->refused += now.refused - last->refused;
	sum->queue_dropped += now.unwritten - last->unwritten;
	*last = now;
	d->logs[m->log].counted = true;
	return DRAIN_MORE;
}

static enum drain_step
take(struct drain *d, const struct ringmsg *m)
{
	switch (m->kind) {
	case RINGMSG_START:
		return start(d, m);
	case RINGMSG_STREAM:
		return stream_open(d, m);
	case RINGMSG_RECORD:
		return record(d, m);
	case RINGMSG_END:
		return end(d, m);
	case RINGMSG_GAP:
		return gap(d, m);
	case RINGMSG_COUNTERS:
		return counters(d, m);
	}
	return broken("a message of no kind");
}

static enum drain_step
drain_some(struct drain *d, size_t max, size_t *taken)
{
	enum drain_step step;
	int rc;

	d->refused = 0;
	for (*taken = 0; *taken < max; ++*taken) {
		if (!d->held) {
			if ((rc = ring_next(d->ring, &d->msg)) == 0) {
				d->empty_at = (uint64_t)utc_now();
				return DRAIN_EMPTY;
			}
			if (rc < 0)
				return broken("what is no message");
		}
		step = take(d, &d->msg);
		d->held = step == DRAIN_FULL;
		if (step == DRAIN_BROKEN)
			d->refused = ringmsg_size(d->msg.body.len);
		if (step != DRAIN_MORE)
			return step;
		d->at = ring_given(d->ring);
	}
	return DRAIN_MORE;
}

enum drain_step
drain_run(struct drain *d, size_t max, size_t *taken)
{
	enum drain_step step = drain_some(d, max, taken);
	size_t i;

	if (*taken == 0)
		return step;
	for (i = 0; i < d->n_logs; i++)
		marks_add(&d->marks[i], evlog_size(d->logs[i].log), d->at);
	return step;
}

void
drain_receipt(struct drain *d, struct receipt *receipt)
{
	d->receipt = receipt;
	receipt_begin(receipt);
}

/* What is durable up to that size. */
static bool
give(struct drain *d, size_t log, uint64_t durable)
{
	uint64_t at;

	if (d->receipt == NULL || !marks_take(&d->marks[log], durable, &at))
		return false;
	receipt_give(d->receipt, (uint32_t)log, at);
	return true;
}

void
drain_settle(struct drain *d)
{
	bool given = false;
	size_t i;

	for (i = 0; i < d->n_logs; i++) {
		if (give(d, i, evlog_durable(d->logs[i].log)))
			given = true;
		if (marks_wanted(&d->marks[i]) > evlog_durable(d->logs[i].log))
			(void)evlog_seal(d->logs[i].log,
			    false); /* what fails shows in evlog_fault() */
	}
	if (given)
		receipt_wake(d->receipt);
}

void
drain_settled(struct drain *d, size_t log)
{
	if (give(d, log, UINT64_MAX))
		receipt_wake(d->receipt);
}

void
drain_refuse(struct drain *d)
{
	size_t taken;

	d->refuse = true;
	while (drain_run(d, SIZE_MAX, &taken) == DRAIN_MORE)
		continue;
}
