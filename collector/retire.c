/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/retire.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/retire_job.h"
#include "common/io.h"
#include "common/log.h"
#include "common/utc.h"
#include "evidence/logdir.h"
#include "evidence/retention.h"

/*
 * A deletion goes through the states in their order.  Acts other than the
 * approval of a deletion are recorded at once, also while one is under way: so
 * a hold that comes while files are read back still stops it.
 */
enum retire_state {
	LOADING,  /* thread: what the log says */
	BROKEN,	  /* that could not be read */
	IDLE,	  /* nothing is under way */
	READING,  /* thread: the files */
	WRITING,  /* records */
	SEALING,  /* until they are durable */
	REMOVING, /* thread: the files */
};

struct retire {
	struct sink *sink;
	const struct site *site;
	struct retention *state;
	struct note_key approver[SITE_APPROVERS_MAX];
	struct retire_job job;
	char cache[4096];
	enum retire_state at;

	/* The deletion under way */
	const void *who; /* waits for it; NULL: nobody does any more */
	struct arena *arena;
	struct retention_act act; /* DELETE, as it is recorded */
	const char *basis;	  /* of the request */
	uint32_t uid;
	size_t written; /* records: repetitions, the act, x1s */
	struct retire_range range;
	/* How it ended, until who asks for it */
	bool ended;
	enum retention_err err;
	struct buf why;
};

static struct retention_rules
rules(const struct retire *r)
{
	return (struct retention_rules){ .origin = evlog_origin(r->sink->log),
		.now = (uint64_t)utc_now(),
		.approver = r->approver,
		.n_approvers = r->site->approvers.n,
		.own_uid = geteuid() };
}

struct retire *
retire_new(struct sink *s, const struct site *site, void (*wake)(void *cookie),
    void *cookie)
{
	struct retire *r = calloc(1, sizeof(*r));
	char name[SITE_NAME_MAX + 16];
	size_t i;

	if (r == NULL)
		abort();
	r->sink = s;
	r->site = site;
	r->state = retention_new();
	r->arena = arena_new();
	buf_init(&r->why);
	for (i = 0; i < site->approvers.n; i++)
		(void)note_key_parse(span_str(site->approvers.v[i]),
		    &r->approver[i]); /* site_load() did */
	snprintf(name, sizeof(name), "retention-%s", s->conf->name);
	r->job = (struct retire_job){ .work = RETIRE_LOAD,
		.dir = s->conf->dir,
		.origin = evlog_origin(s->log),
		.state = r->state,
		.wake = wake,
		.cookie = cookie };
	buf_init(&r->job.lines);
	buf_init(&r->job.why);
	if (io_join(r->cache, sizeof(r->cache), site->cache, name) == 0)
		r->job.file.cache = r->cache;
	if (retire_job_start(&r->job) != 0) {
		log_errno(tr("log '%s': retention", "ログ「%s」: 保存管理"),
		    s->conf->name);
		r->at = BROKEN;
	}
	return r;
}

void
retire_free(struct retire *r)
{
	if (r == NULL)
		return;
	retire_job_wait(&r->job);
	free(r->job.items);
	buf_fini(&r->job.lines);
	buf_fini(&r->job.why);
	buf_fini(&r->why);
	retention_free(r->state);
	arena_free(r->arena);
	free(r);
}

static enum retire_step
refused(enum retention_err err, struct buf *why)
{
	if (why->len > 0)
		buf_str(why, ": ");
	buf_str(why, retention_strerror(err));
	return RETIRE_REFUSED;
}

/* Append a record and take it into the state.  false: not now. */
static bool
put(struct retire *r, enum record_kind kind, struct span body,
    struct retire_range *range)
{
	struct record rec = { .kind = kind,
		.rx = (uint64_t)utc_now(),
		.body = body };
	uint64_t index;

	if (!sink_writable(r->sink, body.len) ||
	    sink_append(r->sink, &rec, &index) != EVLOG_OK)
		return false;
	(void)retention_take(r->state, index, &rec);
	if (range->n++ == 0)
		range->first = index;
	range->last = index;
	return true;
}

static bool
put_act(struct retire *r, const struct retention_act *a,
    const struct retention_extra *extra, struct retire_range *range)
{
	struct buf body;
	bool done;

	buf_init(&body);
	retention_o1_print(a, extra, &body);
	done = put(r, RECORD_OPERATOR, buf_view(&body), range);
	buf_fini(&body);
	return done;
}

static bool
put_gone(struct retire *r, const struct retention_gone *g, uint64_t since)
{
	struct retention_extra extra = { .since = since };
	struct buf body;
	bool done;

	buf_init(&body);
	retention_x1_print(g, &extra, &body);
	done = put(r, RECORD_DELETION, buf_view(&body), &r->range);
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

static void
item_fill(struct retire_item *i, const struct manifest *m)
{
	i->segment = m->segment;
	i->first = m->first;
	i->last = m->last;
	i->time_high = m->time_high;
	i->gzip_len = m->gzip_len;
	memcpy(i->gzip_hash, m->gzip_hash, SHA256_LEN);
	memcpy(i->file, m->file, sizeof(i->file));
	i->done = false;
}

/* The segments of a request; a manifest is durable when it has its name. */
static enum retention_err
list_items(struct retire *r, uint64_t from, uint64_t to, struct buf *why)
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
			item_fill(i, &m);
		else {
			buf_printf(why,
			    tr("segment %" PRIu64, "セグメント%" PRIu64), n);
			err = RETENTION_NOT_CLOSED;
		}
	}
	logdir_close(&d);
	return err == RETENTION_OK ? may_delete_all(r, why) : err;
}

static void
end(struct retire *r, enum retention_err err)
{
	r->at = IDLE;
	r->err = err;
	r->ended = r->who != NULL;
	if (err != RETENTION_OK)
		log_warn(tr("log '%s': request %s was not carried out: %s: %s",
			     "ログ「%s」: 申請%sは実行しませんでした: %s: %s"),
		    r->sink->conf->name, r->act.id, buf_cstr(&r->why),
		    retention_strerror(err));
}

/* A request was approved: read its segments back first. */
static enum retire_step
begin(struct retire *r, const void *who, const struct retention_request *q,
    const struct retention_act *a, uint32_t uid, struct buf *why)
{
	enum retention_err err;

	if (r->at != IDLE || r->ended)
		return refused(RETENTION_BUSY, why);
	if ((err = list_items(r, q->act.first, q->act.last, why)) !=
	    RETENTION_OK)
		return refused(err, why);
	arena_reset(r->arena);
	r->act = *a;
	r->act.action = RETENTION_DELETE;
	r->act.id = arena_str(r->arena, span_str(a->id));
	r->act.by = arena_str(r->arena, span_str(q->act.by));
	r->act.also = arena_str(r->arena, span_str(a->by));
	r->basis = arena_str(r->arena, span_str(q->act.basis));
	r->uid = uid;
	r->who = who;
	r->written = 0;
	r->range = (struct retire_range){ 0 };
	r->why.len = 0;
	r->job.work = RETIRE_READ;
	if (retire_job_start(&r->job) != 0)
		return refused(RETENTION_SYSTEM, why);
	r->at = READING;
	return RETIRE_WAITS;
}

/*
 * Holds and deletions whose records go with these segments are recorded once
 * more before.  1 one was, 0 there is none left, -1 not now.
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
		return put_act(r, &h->act, &extra, &r->range) ? 1 : -1;
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
		    put_act(r, &r->act, &extra, &r->range))
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
			end(r, RETENTION_DAMAGED);
			return;
		}
	if ((err = may_delete_all(r, &r->why)) != RETENTION_OK)
		end(r, err);
	else
		r->at = WRITING;
}

static void
begin_removing(struct retire *r)
{
	r->job.work = RETIRE_REMOVE;
	r->job.file.size = evlog_durable(r->sink->log);
	r->job.lines.len = 0;
	buf_span(&r->job.lines, buf_view(&r->state->lines));
	r->at = REMOVING;
	if (retire_job_start(&r->job) != 0)
		end(r, RETENTION_SYSTEM); /* the next start does it */
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
			end(r, RETENTION_SYSTEM);
			return;
		}
	log_info(tr("log '%s': request %s: %zu segments deleted",
		     "ログ「%s」: 申請%s: セグメント%zu個を削除しました"),
	    r->sink->conf->name, r->act.id, r->job.n);
	end(r, RETENTION_OK);
}

static void
after_loading(struct retire *r)
{
	r->at = r->job.rc == 0 ? IDLE : BROKEN;
	if (r->at == BROKEN)
		log_error(tr("log '%s': nothing can be held or deleted: %s",
			      "ログ「%s」: 保全も削除もできません: %s"),
		    r->sink->conf->name, buf_cstr(&r->job.why));
	if (r->state->unreadable > 0)
		log_error(tr("log '%s': %" PRIu64 " records of retention are "
			     "not as they must be",
			      "ログ「%s」: 保存に関する不正な記録が%" PRIu64
			      "件あります"),
		    r->sink->conf->name, r->state->unreadable);
}

void
retire_tick(struct retire *r)
{
	if (r->at == LOADING && retire_job_over(&r->job))
		after_loading(r);
	if (r->at == READING && retire_job_over(&r->job))
		after_reading(r);
	if (r->at == WRITING && write_records(r)) {
		(void)evlog_seal(r->sink->log, false); /* a fault shows there */
		r->at = SEALING;
	}
	if (r->at == SEALING && evlog_durable(r->sink->log) > r->range.last)
		begin_removing(r);
	if (r->at == REMOVING && retire_job_over(&r->job))
		after_removing(r);
}

/* What the asker of the deletion under way is told. */
static enum retire_step
answer(struct retire *r, struct retire_range *range, struct buf *why)
{
	enum evlog_err fault = evlog_fault(r->sink->log);

	if (!r->ended && r->at == SEALING && fault != EVLOG_OK) {
		r->who = NULL;
		buf_str(why, evlog_strerror(fault));
		return RETIRE_REFUSED;
	}
	if (!r->ended)
		return RETIRE_WAITS;
	r->ended = false;
	r->who = NULL;
	*range = r->range;
	if (r->err == RETENTION_OK)
		return RETIRE_DONE;
	buf_span(why, buf_view(&r->why));
	return refused(r->err, why);
}

/* What one person may do at once, and what two have agreed upon. */
static enum retire_step
act(struct retire *r, const void *who, struct retention_act *a, uint32_t uid,
    struct retire_range *range, struct buf *why)
{
	const struct retention_request *q = retention_request(r->state, a->id);
	struct retention_rules with = rules(r);
	struct retention_extra extra = { .uid = uid };
	enum retention_err err;

	if ((err = retention_judge(r->state, a, uid, &with)) != RETENTION_OK)
		return refused(err, why);
	if (a->action == RETENTION_APPROVE &&
	    q->act.action == RETENTION_ASK_DELETE)
		return begin(r, who, q, a, uid, why);
	if (a->action == RETENTION_ASK_DELETE) {
		if (r->at != IDLE || r->ended)
			return refused(RETENTION_BUSY, why);
		err = list_items(r, a->first, a->last, why);
		if (err != RETENTION_OK)
			return refused(err, why);
	}
	if (a->action == RETENTION_APPROVE) {
		a->action = RETENTION_RELEASE;
		a->also = a->by;
		a->by = q->act.by;
	}
	return put_act(r, a, &extra, range) ? RETIRE_DONE : RETIRE_FULL;
}

enum retire_step
retire_ask(struct retire *r, const void *who, struct span words, uint32_t uid,
    struct retire_range *range, struct buf *why)
{
	struct retention_act a;
	struct arena *arena;
	enum retire_step step;

	*range = (struct retire_range){ 0 };
	retire_tick(r);
	if (r->who == who)
		return answer(r, range, why);
	if (r->at == LOADING)
		return RETIRE_WAITS;
	if (r->at == BROKEN) {
		buf_span(why, buf_view(&r->job.why));
		return refused(RETENTION_SYSTEM, why);
	}
	arena = arena_new();
	if (retention_act_parse(words, arena, &a) != 0)
		step = refused(RETENTION_BAD_WORDS, why);
	else
		step = act(r, who, &a, uid, range, why);
	arena_free(arena);
	return step;
}

void
retire_leave(struct retire *r, const void *who)
{
	if (r->who != who)
		return;
	r->who = NULL;
	r->ended = false;
}
