/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collector/retire_priv.h"
#include "common/io.h"
#include "common/log.h"
#include "common/utc.h"
#include "site/succession.h"

/*
 * Logs that are over, whole.  They sign nothing, so this log records for them.
 * What the log before says of holds and removals is repeated in this one at its
 * first start: so the log in force always has all that is in force.
 */
void
retire_log_list(struct retire *r)
{
	const struct site_log *log = r->sink->conf;
	struct arena *a = r->lasting;
	struct retire_over *o;
	struct generation g;
	unsigned n;

	r->job.over = arena_alloc(a, log->generation * sizeof(*r->job.over));
	for (n = 1; n < log->generation; n++) {
		if (generation_find(r->site, log, n, &g) != 0)
			return; /* its paths are shorter than this one's */
		o = &r->job.over[r->job.n_over++];
		o->dir = arena_str(a, span_str(g.dir));
		o->origin = arena_str(a, span_str(g.origin));
		o->cache = arena_printf(a, "%s/retention-%s", r->site->cache,
		    strrchr(g.keys, '/') + 1);
	}
}

static bool
carry(struct retire *r, const struct retention_act *a,
    const struct retention_source *from, const char *origin)
{
	struct retention_extra extra = { from->uid, from->at };
	struct retire_range ignored = { 0 };
	struct retention_act whole = *a;

	if (a->action == RETENTION_HOLD) { /* of records of that log */
		whole.action = RETENTION_HOLD_LOG;
		whole.origin = origin;
	}
	return retire_put_act(r, &whole, &extra, &ignored);
}

bool
retire_log_carry(struct retire *r)
{
	const struct retention *b = r->job.before;
	const char *origin;
	size_t i;

	if (b == NULL)
		return true;
	origin = r->job.over[r->job.n_over - 1].origin;
	for (i = 0; i < b->n_holds; i++)
		if (!b->holds[i].released &&
		    retention_any_hold(r->state, b->holds[i].act.id) == NULL &&
		    !carry(r, &b->holds[i].act, &b->holds[i].from, origin))
			return false;
	for (i = 0; i < b->n_removals; i++)
		if (retention_removal(r->state, b->removals[i].act.origin) ==
			NULL &&
		    !carry(r, &b->removals[i].act, &b->removals[i].from,
			origin))
			return false;
	return true;
}

/* Which of those that are over; n_over: none. */
static size_t
find(const struct retire *r, const char *origin)
{
	size_t i = 0;

	while (i < r->job.n_over && strcmp(r->job.over[i].origin, origin) != 0)
		i++;
	return i;
}

enum retention_err
retire_log_check(const struct retire *r, const struct retention_act *a)
{
	if (find(r, a->origin) == r->job.n_over)
		return RETENTION_NO_LOG;
	if (retention_removal(r->state, a->origin) != NULL)
		return RETENTION_REMOVED;
	if (a->action == RETENTION_HOLD_LOG)
		return RETENTION_OK;
	if (r->sink->conf->retention.forever)
		return RETENTION_FOREVER;
	return retention_held_log(r->state, a->origin) != NULL
	    ? RETENTION_LOG_HELD
	    : RETENTION_OK;
}

enum retire_step
retire_log_begin(struct retire *r, const void *who,
    const struct retention_request *q, const struct retention_act *a,
    uint32_t uid, struct buf *why)
{
	enum retention_err err;

	if (r->at != RETIRE_IDLE || r->ended)
		return retire_refuse(RETENTION_BUSY, why);
	if ((err = retire_log_check(r, &q->act)) != RETENTION_OK)
		return retire_refuse(err, why);
	arena_reset(r->arena);
	r->act = *a;
	r->act.action = RETENTION_REMOVE;
	r->act.id = arena_str(r->arena, span_str(a->id));
	r->act.origin = arena_str(r->arena, span_str(q->act.origin));
	r->act.basis = arena_str(r->arena, span_str(q->act.basis));
	r->act.by = arena_str(r->arena, span_str(q->act.by));
	r->act.also = arena_str(r->arena, span_str(a->by));
	r->whole = true;
	r->uid = uid;
	r->who = who;
	r->range = (struct retire_range){ 0 };
	r->why.len = 0;
	r->job.n = 0;
	r->job.target = find(r, r->act.origin);
	r->job.work = RETIRE_READ_LOG;
	if (retire_job_start(&r->job) != 0)
		return retire_refuse(RETENTION_SYSTEM, why);
	r->at = RETIRE_READING;
	return RETIRE_WAITS;
}

/*
 * The id of a hold that nobody released since, or NULL.  What the target says
 * of other logs must have been carried into this one.
 */
static const char *
held(const struct retire *r)
{
	const struct retention *b = r->job.before;
	const struct retention_hold *h, *now;
	size_t i;

	for (h = b->holds; h < b->holds + b->n_holds; h++) {
		now = retention_any_hold(r->state, h->act.id);
		if (!h->released &&
		    (now == NULL ||
			(h->act.action == RETENTION_HOLD && !now->released)))
			return h->act.id;
	}
	for (i = 0; i < b->n_removals; i++)
		if (retention_removal(r->state, b->removals[i].act.origin) ==
		    NULL)
			return b->removals[i].act.id;
	h = retention_held_log(r->state, r->act.origin);
	return h == NULL ? NULL : h->act.id;
}

void
retire_log_judge(struct retire *r)
{
	const char *id;
	int64_t end;

	if (r->job.rc != 0) {
		buf_span(&r->why, buf_view(&r->job.why));
		retire_end(r, RETENTION_LOG_DAMAGED);
		return;
	}
	end = period_end(&r->sink->conf->retention, (int64_t)r->job.target_high,
	    r->site->zone);
	if ((id = held(r)) != NULL) {
		buf_str(&r->why, id);
		retire_end(r, RETENTION_LOG_HELD);
	} else if (end == INT64_MAX)
		retire_end(r, RETENTION_FOREVER);
	else if (utc_now() < end)
		retire_end(r, RETENTION_LOG_NOT_PAST);
	else
		r->at = RETIRE_WRITING;
}

bool
retire_log_write(struct retire *r)
{
	struct retention_extra extra = { .uid = r->uid };

	r->act.size = r->job.target_size;
	memcpy(r->act.root, r->job.target_root, SHA256_LEN);
	memcpy(r->act.manifest, r->job.target_manifest, SHA256_LEN);
	return retire_put_act(r, &r->act, &extra, &r->range);
}

void
retire_log_removed(struct retire *r)
{
	const char *dir = r->job.over[r->job.target].dir;

	if (r->job.rc != 0) {
		buf_printf(&r->why,
		    tr("%s: the removal is recorded, but files stay until the "
		       "next start",
			"%s: 削除は記録しましたが、ファイルの一部は次の起動ま"
			"で残ります"),
		    dir);
		retire_end(r, RETENTION_SYSTEM);
		return;
	}
	log_info(tr("log '%s': request %s: %s was removed",
		     "ログ「%s」: 申請%s: %sを削除しました"),
	    r->sink->conf->name, r->act.id, dir);
	retire_end(r, RETENTION_OK);
}
