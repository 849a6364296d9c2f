/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>

#include "common/hex.h"
#include "common/utc.h"
#include "evidence/evlog_priv.h"
#include "evidence/gap.h"

/*
 * When to seal, and what a seal says.  One seal is on its way at a time,
 * because each names the checkpoint before it; what is wanted meanwhile is
 * remembered and begun when the result is taken up.
 */
#define SEAL_ROOM 3 /* chunks that beginning a seal may need */

/* A figure of the kernel's on a clock that is synchronised, else "-". */
static void
word_clock(struct buf *body, const char *key, bool known, long usec)
{
	char text[32] = "-";

	if (known)
		snprintf(text, sizeof(text), "%ld", usec);
	record_word(body, key, span_str(text));
}

/* What the kernel thinks of the wall clock. */
static void
word_ntp(struct buf *body, const struct timex *tx, int rc)
{
	bool synced = rc >= 0 && (tx->status & STA_UNSYNC) == 0;

	record_word(body, "ntp",
	    rc < 0	 ? SPAN("unknown")
		: synced ? SPAN("yes")
			 : SPAN("no"));
	word_clock(body, "offset", synced,
	    tx->status & STA_NANO ? tx->offset / 1000 : tx->offset);
}

/* How far off it may be, and whether a second is to be inserted or left out. */
static void
word_error(struct buf *body, const struct timex *tx, int rc)
{
	bool synced = rc >= 0 && (tx->status & STA_UNSYNC) == 0;

	word_clock(body, "esterror", synced, tx->esterror);
	word_clock(body, "maxerror", synced, tx->maxerror);
	record_word(body, "leap",
	    !synced		       ? SPAN("-")
		: tx->status & STA_INS ? SPAN("insert")
		: tx->status & STA_DEL ? SPAN("delete")
				       : SPAN("none"));
}

static void
seal_body(struct evlog *log, struct buf *body, uint64_t wall, uint64_t mono,
    bool final)
{
	const struct evlog_owner *o = &log->own;
	struct timex tx = { .modes = 0 };
	int rc = ntp_adjtime(&tx);

	record_word_u64(body, "wall", wall);
	record_word_u64(body, "mono", mono);
	record_word(body, "boot", span_str(log->boot));
	word_ntp(body, &tx, rc);
	record_word_u64(body, "epoch", o->epoch.number);
	record_word_u64(body, "final", final);
	record_word_u64(body, "received", o->counters.received);
	record_word_u64(body, "accepted", o->counters.accepted);
	record_word_u64(body, "kernel-dropped", o->counters.kernel_dropped);
	record_word_u64(body, "queue-dropped", o->counters.queue_dropped);
	record_word_u64(body, "refused", o->counters.refused);
	record_word_hash(body, "previous", o->previous);
	record_word_hash(body, "config", o->config);
	record_word(body, "build", span_str(log->build));
	word_error(body, &tx, rc);
}

/* A g1 of the writer's own. */
static void
seal_gap(struct evlog *log, enum gap_kind kind, const struct evlog_gap *gap,
    uint64_t now)
{
	struct gap g = { .kind = kind, .from = gap->from, .until = gap->until };
	struct buf body;

	buf_init(&body);
	gap_print(&g, &body);
	if (gap->reserve != NULL)
		record_word(&body, "reserve", span_str(gap->reserve));
	evlog_put_system(log, RECORD_GAP, now, buf_view(&body));
	buf_fini(&body);
	evlog_full(log);
}

/* A wall clock that left the boot clock's pace was set by somebody. */
static bool
seal_clock_step(struct evlog *log, uint64_t wall, uint64_t mono)
{
	struct evlog_owner *o = &log->own;
	int64_t delta = (int64_t)(wall - mono);
	struct evlog_gap gap = { .from = mono + (uint64_t)o->clock_delta,
		.until = wall };
	bool stepped = o->clock_known &&
	    llabs(delta - o->clock_delta) > (long long)EVLOG_CLOCK_STEP;

	if (stepped)
		seal_gap(log, GAP_CLOCK_STEP, &gap, wall);
	o->clock_known = true;
	o->clock_delta = delta;
	return stepped;
}

/* Whether the kernel says that the clock is synchronised; -1 not known. */
static int
synced(const struct evlog *log)
{
	struct timex tx = { .modes = 0 };

	if (log->opt.synced != NULL)
		return log->opt.synced(log->opt.cookie);
	if (ntp_adjtime(&tx) < 0)
		return -1;
	return (tx.status & STA_UNSYNC) == 0;
}

/* A clock that is synchronised no longer, or again, between two seals. */
static void
seal_clock_state(struct evlog *log, uint64_t wall)
{
	struct evlog_owner *o = &log->own;
	struct gap g = { .kind = GAP_CLOCK_STATE,
		.from = o->synced_at,
		.until = wall };
	int now = synced(log);
	struct buf body;

	if (now >= 0 && o->synced_at != 0 && now != o->synced) {
		buf_init(&body);
		gap_print(&g, &body);
		record_word(&body, "ntp", now ? SPAN("yes") : SPAN("no"));
		evlog_put_system(log, RECORD_GAP, wall, buf_view(&body));
		buf_fini(&body);
		evlog_full(log);
	}
	if (now < 0)
		return;
	o->synced = now;
	o->synced_at = wall;
}

/*
 * What waited while seals were made (a disk or a machine that is far behind)
 * looks like a record added afterwards.  Said once for each seal: what follows
 * is younger.
 */
void
evlog_seal_late(struct evlog *log, uint64_t rx)
{
	struct evlog_owner *o = &log->own;
	struct evlog_gap gap = { .from = rx, .until = o->seal_wall };
	uint64_t wall, mono;

	if (rx >= o->late)
		return;
	evlog_clock(log, &wall, &mono);
	o->late = rx;
	if (seal_clock_step(log, wall, mono))
		o->late = 0; /* that is the reason, until the next seal */
	else
		seal_gap(log, GAP_LATE, &gap, wall);
}

static void
seal_begin(struct evlog *log, uint64_t wall, uint64_t mono, bool final)
{
	struct evlog_owner *o = &log->own;
	struct evlog_chunk *c;
	struct buf body;

	if (!seal_clock_step(log, wall, mono)) /* one g1 at a time: see room */
		seal_clock_state(log, wall);
	buf_init(&body);
	c = evlog_chunk(log);
	seal_body(log, &body, wall, mono, final);
	evlog_put_system(log, RECORD_SEAL, wall, buf_view(&body));
	buf_fini(&body);
	c->seals = true;
	c->final = final;
	c->renews = final && !o->closing;
	c->closes = o->want_rotate || wall / (uint64_t)UTC_DAY != o->day;
	if (c->closes || o->closing)
		c->ends = true;
	o->flight = true;
	o->flight_final = final;
	o->covered = o->next;
	o->dirty_at = 0;
	o->last_at = mono;
	o->seal_wall = wall;
	o->late = wall > EVLOG_LATE ? wall - EVLOG_LATE : 0;
	o->want_seal = o->want_rotate = false;
	o->want_final = o->want_final && !final;
	evlog_submit(log);
}

/* Ask the signer for the next epoch once more; the last one was sealed. */
static void
renew_begin(struct evlog *log)
{
	evlog_chunk(log)->renews = true;
	log->own.flight = true;
	log->own.flight_final = false;
	evlog_submit(log);
}

void
evlog_seal_k1(struct evlog *log, const struct epoch *e)
{
	char key[64];
	uint64_t wall, mono;
	struct buf body;

	evlog_clock(log, &wall, &mono);
	base64_print(e->key, KEY_LEN, key);
	buf_init(&body);
	record_word_u64(&body, "epoch", e->number);
	record_word(&body, "key", span_make(key, base64_len(KEY_LEN)));
	buf_str(&body, " path=");
	epoch_path_print(e, &body);
	evlog_put_system(log, RECORD_EPOCH, wall, buf_view(&body));
	buf_fini(&body);
	evlog_full(log);
	log->own.epoch = *e;
	log->own.epoch_open = true;
	log->own.epoch_end = mono + log->file.seconds * UINT64_C(1000000);
	evlog_dirty(log, mono);
}

static void
seal_result(struct evlog *log, uint64_t mono)
{
	struct evlog_owner *o = &log->own;
	struct evlog_result r;

	pthread_mutex_lock(&log->lock);
	r = log->result;
	log->ready = false;
	pthread_mutex_unlock(&log->lock);
	o->flight = false;
	o->dead = r.dead;
	o->result = r.err;
	if (r.err != EVLOG_OK)
		o->not_before = mono + EVLOG_AGAIN;
	if (r.sealed) {
		memcpy(o->previous, r.text, SHA256_LEN);
		if (o->flight_final)
			o->epoch_open = false;
	} else if (o->epoch_open) {
		o->covered = log->durable;
		o->dirty_at = mono;
		o->want_final = o->want_final || o->flight_final;
	}
	o->flight_final = false;
	if (r.renewed)
		evlog_seal_k1(log, &r.epoch);
}

static void
gap_result(struct evlog *log, uint64_t wall, uint64_t mono)
{
	struct evlog_gap gap;

	pthread_mutex_lock(&log->lock);
	gap = log->gap;
	log->gap_ready = false;
	pthread_mutex_unlock(&log->lock);
	seal_gap(log, gap.full ? GAP_DISK_FULL : GAP_WRITE_ERROR, &gap, wall);
	evlog_dirty(log, mono);
}

static bool
seal_due(const struct evlog_owner *o, uint64_t mono)
{
	return o->want_seal || o->want_rotate || o->want_final ||
	    (o->dirty_at != 0 && mono - o->dirty_at >= EVLOG_SEAL_AFTER) ||
	    mono - o->last_at >= EVLOG_HEARTBEAT;
}

bool
evlog_seal_asked(const struct evlog *log)
{
	const struct evlog_owner *o = &log->own;

	return log->ready || log->gap_ready ||
	    (!o->flight && !o->dead && (o->want_rotate || o->want_seal));
}

/* Whether the log's last s1 is written: what follows would stay unsealed. */
static bool
seal_was_last(const struct evlog_owner *o)
{
	return o->closing && (o->flight_final || !o->epoch_open);
}

/* force: what failed a moment ago is tried again now. */
static void
seal_poll(struct evlog *log, bool force)
{
	struct evlog_owner *o = &log->own;
	uint64_t wall, mono;

	evlog_clock(log, &wall, &mono);
	if (log->ready && evlog_room(log, SEAL_ROOM))
		seal_result(log, mono);
	if (log->gap_ready && !seal_was_last(o) && evlog_room(log, SEAL_ROOM))
		gap_result(log, wall, mono);
	if (log->reader.state == EVLOG_READER_FOUND && !seal_was_last(o) &&
	    evlog_room(log, SEAL_ROOM)) {
		evlog_readback_record(log, wall);
		evlog_dirty(log, mono);
	}
	if (o->flight || o->dead || !evlog_room(log, SEAL_ROOM) ||
	    (!force && mono < o->not_before))
		return;
	if (o->epoch_open && mono >= o->epoch_end)
		o->want_final = true;
	if (!o->epoch_open && !o->closing)
		renew_begin(log);
	else if (o->epoch_open && seal_due(o, mono))
		seal_begin(log, wall, mono, o->want_final);
}

void
evlog_seal_poll(struct evlog *log)
{
	seal_poll(log, false);
}

/*
 * Wait for a result or for room.  Return false if nothing will come: the
 * committer is stuck, or there are no threads.
 */
static bool
seal_pause(struct evlog *log)
{
	bool more;

	if (!log->threaded) {
		evlog_commit_poll(log);
		return log->ready;
	}
	pthread_mutex_lock(&log->lock);
	while (!log->ready && !log->stuck &&
	    (log->own.flight || log->n_free < SEAL_ROOM))
		pthread_cond_wait(&log->done, &log->lock);
	more = log->ready || (!log->own.flight && log->n_free >= SEAL_ROOM);
	pthread_mutex_unlock(&log->lock);
	return more;
}

/* The fault in force; what stands in the way has no other name. */
static enum evlog_err
seal_fault(struct evlog *log)
{
	return log->fault != EVLOG_OK ? (enum evlog_err)log->fault : EVLOG_BUSY;
}

/* Take up the result of what is on its way, if anything is. */
static enum evlog_err
seal_settle(struct evlog *log)
{
	while (log->own.flight) {
		if (!seal_pause(log))
			return seal_fault(log);
		seal_poll(log, false);
	}
	return EVLOG_OK;
}

enum evlog_err
evlog_seal_wait(struct evlog *log, uint64_t size)
{
	struct evlog_owner *o = &log->own;
	enum evlog_err err;
	unsigned begun;

	for (begun = 0; log->durable < size; begun++) {
		if (o->dead)
			return seal_fault(log);
		if (o->flight) { /* it may cover this size, or not */
			if ((err = seal_settle(log)) != EVLOG_OK)
				return err;
			if (log->durable >= size)
				break;
		}
		if (begun > 0 && o->result != EVLOG_OK)
			return o->result;
		o->want_seal = true;
		seal_poll(log, true);
		if (!o->flight && !seal_pause(log))
			return seal_fault(log);
	}
	return EVLOG_OK;
}

enum evlog_err
evlog_seal_final(struct evlog *log, bool renew)
{
	struct evlog_owner *o = &log->own;
	enum evlog_err err;

	if ((err = seal_settle(log)) != EVLOG_OK)
		return err;
	if (!o->epoch_open || o->dead)
		return o->dead ? seal_fault(log) : EVLOG_OK;
	o->closing = !renew;
	o->want_final = true;
	while (!o->flight) {
		seal_poll(log, true);
		if (!o->flight && !seal_pause(log))
			return seal_fault(log);
	}
	if ((err = seal_settle(log)) != EVLOG_OK)
		return err;
	return o->result;
}

enum evlog_err
evlog_seal(struct evlog *log, bool wait)
{
	struct evlog_owner *o = &log->own;
	uint64_t size = o->next;

	if (wait)
		return evlog_seal_wait(log, size);
	if (o->covered < size)
		o->want_seal = o->asked = true;
	seal_poll(log, false);
	return EVLOG_OK;
}

enum evlog_err
evlog_rotate(struct evlog *log)
{
	log->own.want_rotate = true;
	seal_poll(log, true);
	return log->own.dead ? seal_fault(log) : EVLOG_OK;
}

uint64_t
evlog_segment(const struct evlog *log)
{
	return log->own.segment;
}

static uint64_t
sooner(uint64_t until, uint64_t at, uint64_t now)
{
	uint64_t wait = at > now ? at - now : 0;

	return wait < until ? wait : until;
}

uint64_t
evlog_tick(struct evlog *log)
{
	struct evlog_owner *o = &log->own;
	uint64_t wall, mono, wait = EVLOG_HEARTBEAT;

	evlog_commit_poll(log);
	seal_poll(log, false);
	if (log->stuck)
		return EVLOG_AGAIN / 10;
	if (o->flight || o->dead) /* the result comes by the callback */
		return wait;
	evlog_clock(log, &wall, &mono);
	wait = sooner(wait, o->last_at + EVLOG_HEARTBEAT, mono);
	if (o->epoch_open)
		wait = sooner(wait, o->epoch_end, mono);
	if (o->dirty_at != 0)
		wait = sooner(wait, o->dirty_at + EVLOG_SEAL_AFTER, mono);
	if (o->not_before > mono)
		wait = o->not_before - mono;
	return wait > 0 ? wait : 1;
}
