/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/retire_priv.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/io.h"
#include "common/log.h"
#include "common/utc.h"

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
	r->lasting = arena_new();
	buf_init(&r->why);
	for (i = 0; i < site->approvers.n; i++)
		(void)note_key_parse(span_str(site->approvers.v[i]),
		    &r->approver[i]); /* site_load() did */
	snprintf(name, sizeof(name), "retention-%s", s->conf->label);
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
	retire_log_list(r);
	if (retire_job_start(&r->job) != 0) {
		log_errno(tr("log '%s': retention", "ログ「%s」: 保存管理"),
		    s->conf->name);
		r->at = RETIRE_BROKEN;
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
	retention_free(r->job.before);
	retention_free(r->state);
	arena_free(r->lasting);
	arena_free(r->arena);
	free(r);
}

enum retire_step
retire_refuse(enum retention_err err, struct buf *why)
{
	if (why->len > 0)
		buf_str(why, ": ");
	buf_str(why, retention_strerror(err));
	return RETIRE_REFUSED;
}

bool
retire_put(struct retire *r, enum record_kind kind, struct span body,
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

bool
retire_put_act(struct retire *r, const struct retention_act *a,
    const struct retention_extra *extra, struct retire_range *range)
{
	struct buf body;
	bool done;

	buf_init(&body);
	retention_o1_print(a, extra, &body);
	done = retire_put(r, RECORD_OPERATOR, buf_view(&body), range);
	buf_fini(&body);
	return done;
}

static void
after_loading(struct retire *r)
{
	r->at = r->job.rc == 0 ? RETIRE_CARRYING : RETIRE_BROKEN;
	if (r->at == RETIRE_BROKEN)
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
	if (r->at == RETIRE_LOADING && retire_job_over(&r->job))
		after_loading(r);
	retire_go_on(r);
}

/* What the asker of the deletion under way is told. */
static enum retire_step
answer(struct retire *r, struct retire_range *range, struct buf *why)
{
	enum evlog_err fault = evlog_fault(r->sink->log);

	if (!r->ended && r->at == RETIRE_SEALING && fault != EVLOG_OK) {
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
	return retire_refuse(r->err, why);
}

/* What is being recorded as deleted cannot be held any more. */
static bool
is_going(const struct retire *r, const struct retention_act *a)
{
	if (r->at < RETIRE_WRITING)
		return false;
	if (r->whole)
		return a->action == RETENTION_HOLD_LOG &&
		    strcmp(a->origin, r->act.origin) == 0;
	return a->action == RETENTION_HOLD &&
	    a->first <= r->job.items[r->job.n - 1].last &&
	    r->job.items[0].first <= a->last;
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
		return retire_refuse(err, why);
	if (is_going(r, a))
		return retire_refuse(RETENTION_BUSY, why);
	if (a->action == RETENTION_APPROVE &&
	    q->act.action == RETENTION_ASK_DELETE)
		return retire_begin(r, who, q, a, uid, why);
	if (a->action == RETENTION_APPROVE &&
	    q->act.action == RETENTION_ASK_REMOVE)
		return retire_log_begin(r, who, q, a, uid, why);
	if ((a->action == RETENTION_HOLD_LOG ||
		a->action == RETENTION_ASK_REMOVE) &&
	    (err = retire_log_check(r, a)) != RETENTION_OK)
		return retire_refuse(err, why);
	if (a->action == RETENTION_ASK_DELETE) {
		if (r->at != RETIRE_IDLE || r->ended)
			return retire_refuse(RETENTION_BUSY, why);
		err = retire_list(r, a->first, a->last, why);
		if (err != RETENTION_OK)
			return retire_refuse(err, why);
	}
	if (a->action == RETENTION_APPROVE) {
		a->action = RETENTION_RELEASE;
		a->also = a->by;
		a->by = q->act.by;
	}
	return retire_put_act(r, a, &extra, range) ? RETIRE_DONE : RETIRE_FULL;
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
	if (r->at == RETIRE_LOADING || r->at == RETIRE_CARRYING)
		return RETIRE_WAITS;
	if (r->at == RETIRE_BROKEN) {
		buf_span(why, buf_view(&r->job.why));
		return retire_refuse(RETENTION_SYSTEM, why);
	}
	arena = arena_new();
	if (retention_act_parse(words, arena, &a) != 0)
		step = retire_refuse(RETENTION_BAD_WORDS, why);
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
