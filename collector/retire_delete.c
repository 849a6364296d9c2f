/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "collector/retire_priv.h"
#include "common/log.h"
#include "common/utc.h"
#include "evidence/logdir.h"

/* One deletion: read back, record, seal, remove. */

static bool
put_gone(struct retire *r, const struct retention_gone *g, uint64_t since)
{
	struct retention_extra extra = { .since = since };
	struct buf body;
	bool done;

	buf_init(&body);
	retention_x1_print(g, &extra, &body);
	done = retire_put(r, RECORD_DELETION, buf_view(&body), &r->range);
	buf_fini(&body);
	return done;
}

/* Whether a closed segment may go, as things are now. */
static enum retention_err
may_delete(const struct retire *r, const struct retire_item *i)
{
	return retention_may_delete(r->state, i->segment, i->first, i->last,
	    period_end(&r->sink->conf->retention, (int64_t)i->time_high,
		r->site->zone),
	    (uint64_t)utc_now());
}

static enum retention_err
may_delete_all(const struct retire *r, struct buf *why)
{
	enum retention_err err;
	size_t i;

	for (i = 0; i < r->job.n; i++) {
		if ((err = may_delete(r, &r->job.items[i])) == RETENTION_OK)
			continue;
		buf_printf(why, tr("segment %" PRIu64, "セグメント%" PRIu64),
		    r->job.items[i].segment);
		return err;
	}
	return RETENTION_OK;
}

/* A manifest is durable when it has its name. */
enum retention_err
retire_list(struct retire *r, uint64_t from, uint64_t to, struct buf *why)
{
	enum retention_err err = RETENTION_OK;
	struct manifest m;
	struct logdir d;
	uint64_t n;

	free(r->job.items);
	r->job.items = calloc((size_t)(to - from + 1), sizeof(*r->job.items));
	if (r->job.items == NULL)
		abort();
	r->job.n = 0;
	if (logdir_open(&d, r->sink->conf->dir) != 0)
		return RETENTION_SYSTEM;
	for (n = from; n <= to && err == RETENTION_OK; n++) {
		struct retire_item *i = &r->job.items[r->job.n++];

		if (logdir_manifest(&d, n, &m, i->hash) == 0)
			retire_item_fill(i, &m);
		else {
			buf_printf(why,
			    tr("segment %" PRIu64, "セグメント%" PRIu64), n);
			err = RETENTION_NOT_CLOSED;
		}
	}
	logdir_close(&d);
	return err == RETENTION_OK ? may_delete_all(r, why) : err;
}

void
retire_end(struct retire *r, enum retention_err err)
{
	r->at = RETIRE_IDLE;
	r->err = err;
	r->ended = r->who != NULL;
	if (err != RETENTION_OK)
		log_warn(tr("log '%s': request %s was not carried out: %s: %s",
			     "ログ「%s」: 申請%sは実行しませんでした: %s: %s"),
		    r->sink->conf->name, r->act.id, buf_cstr(&r->why),
		    retention_strerror(err));
}

enum retire_step
retire_begin(struct retire *r, const void *who,
    const struct retention_request *q, const struct retention_act *a,
    uint32_t uid, struct buf *why)
{
	enum retention_err err;

	if (r->at != RETIRE_IDLE || r->ended)
		return retire_refuse(RETENTION_BUSY, why);
	if ((err = retire_list(r, q->act.first, q->act.last, why)) !=
	    RETENTION_OK)
		return retire_refuse(err, why);
	arena_reset(r->arena);
	r->act = *a;
	r->act.action = RETENTION_DELETE;
	r->act.id = arena_str(r->arena, span_str(a->id));
	r->act.by = arena_str(r->arena, span_str(q->act.by));
	r->act.also = arena_str(r->arena, span_str(a->by));
	r->whole = false;
	r->basis = arena_str(r->arena, span_str(q->act.basis));
	r->uid = uid;
	r->who = who;
	r->written = 0;
	r->range = (struct retire_range){ 0 };
	r->why.len = 0;
	r->job.work = RETIRE_READ;
	if (retire_job_start(&r->job) != 0)
		return retire_refuse(RETENTION_SYSTEM, why);
	r->at = RETIRE_READING;
	return RETIRE_WAITS;
}

/*
 * Holds, removals and deletions whose records go with these segments are
 * recorded once more before.  1 one was, 0 there is none left, -1 not now.
 */
static int
repeat(struct retire *r)
{
	uint64_t first = r->job.items[0].first;
	uint64_t last = r->job.items[r->job.n - 1].last;
	struct retention_extra extra;
	size_t i;

	/* One that was repeated stands at another index now. */
	for (i = 0; i < r->state->n_holds; i++) {
		const struct retention_hold *h = &r->state->holds[i];

		if (h->released || h->from.index < first ||
		    h->from.index > last)
			continue;
		extra = (struct retention_extra){ h->from.uid, h->from.at };
		return retire_put_act(r, &h->act, &extra, &r->range) ? 1 : -1;
	}
	for (i = 0; i < r->state->n_removals; i++) {
		const struct retention_removal *v = &r->state->removals[i];

		if (v->from.index < first || v->from.index > last)
			continue;
		extra = (struct retention_extra){ v->from.uid, v->from.at };
		return retire_put_act(r, &v->act, &extra, &r->range) ? 1 : -1;
	}
	for (i = 0; i < r->state->n_gone; i++) {
		const struct retention_deletion *x = &r->state->gone[i];

		if (x->from.index >= first && x->from.index <= last)
			return put_gone(r, &x->gone, x->from.at) ? 1 : -1;
	}
	return 0;
}

/* The approval, then the x1 of each segment.  false: not now. */
static bool
write_records(struct retire *r)
{
	struct retention_extra extra = { .uid = r->uid };
	const struct retire_item *i;
	int rc;

	while (r->written == 0) {
		if ((rc = repeat(r)) == 0 &&
		    retire_put_act(r, &r->act, &extra, &r->range))
			r->written++;
		else if (rc <= 0)
			return false;
	}
	for (; r->written <= r->job.n; r->written++) {
		struct retention_gone g = { .basis = r->basis,
			.by = r->act.by,
			.also = r->act.also,
			.request = r->act.id };

		i = &r->job.items[r->written - 1];
		g.segment = i->segment;
		g.first = i->first;
		g.last = i->last;
		memcpy(g.manifest, i->hash, SHA256_LEN);
		if (!put_gone(r, &g, 0))
			return false;
	}
	return true;
}

/* The files were read back.  Holds may have come meanwhile. */
static void
after_reading(struct retire *r)
{
	enum retention_err err;
	size_t i;

	for (i = 0; i < r->job.n; i++)
		if (r->job.rc != 0 || !r->job.items[i].done) {
			buf_str(&r->why, r->job.items[i].file);
			retire_end(r, RETENTION_DAMAGED);
			return;
		}
	if ((err = may_delete_all(r, &r->why)) != RETENTION_OK)
		retire_end(r, err);
	else
		r->at = RETIRE_WRITING;
}

static void
begin_removing(struct retire *r)
{
	r->job.work = r->whole ? RETIRE_REMOVE_LOG : RETIRE_REMOVE;
	r->job.file.size = evlog_durable(r->sink->log);
	r->job.lines.len = 0;
	buf_span(&r->job.lines, buf_view(&r->state->lines));
	r->at = RETIRE_REMOVING;
	if (retire_job_start(&r->job) != 0)
		retire_end(r, RETENTION_SYSTEM); /* the next start does it */
}

static void
after_removing(struct retire *r)
{
	size_t i;

	for (i = 0; i < r->job.n; i++)
		if (r->job.rc != 0 || !r->job.items[i].done) {
			buf_printf(&r->why,
			    tr("%s: the deletion is recorded, but the file "
			       "stays until the next start",
				"%s: 削除は記録しましたが、ファイルは次の起動"
				"まで残ります"),
			    r->job.items[i].file);
			retire_end(r, RETENTION_SYSTEM);
			return;
		}
	log_info(tr("log '%s': request %s: %zu segments deleted",
		     "ログ「%s」: 申請%s: セグメント%zu個を削除しました"),
	    r->sink->conf->name, r->act.id, r->job.n);
	retire_end(r, RETENTION_OK);
}

void
retire_go_on(struct retire *r)
{
	if (r->at == RETIRE_CARRYING && retire_log_carry(r))
		r->at = RETIRE_IDLE;
	if (r->at == RETIRE_READING && retire_job_over(&r->job)) {
		if (r->whole)
			retire_log_judge(r);
		else
			after_reading(r);
	}
	if (r->at == RETIRE_WRITING &&
	    (r->whole ? retire_log_write(r) : write_records(r))) {
		(void)evlog_seal(r->sink->log, false); /* a fault shows there */
		r->at = RETIRE_SEALING;
	}
	if (r->at == RETIRE_SEALING &&
	    evlog_durable(r->sink->log) > r->range.last)
		begin_removing(r);
	if (r->at == RETIRE_REMOVING && retire_job_over(&r->job)) {
		if (r->whole)
			retire_log_removed(r);
		else
			after_removing(r);
	}
}
