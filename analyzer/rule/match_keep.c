/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/match_window.h"
#include "common/utc.h"

void
match_window_free(struct match_window *w)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		keep_free(w->kept[i]);
	free(w->kept);
	free(w->rests);
	free(w);
}

/* Of a result nothing is asked but who it is about. */
static bool
names_only(const struct rule *r)
{
	return r->correlation != NULL && r->history == NULL &&
	    r->unsure == NULL && r->raises == NULL && r->novel.n == 0 &&
	    r->baseline.measure == RULE_MEASURE_NONE;
}

/*
 * A rule with a baseline looks at hours: the first of each hour stands for
 * the others, so that the whole window is judged.
 */
static size_t
same_hour(const struct match_window *w, int64_t time)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (keep_time(w->kept[i]) / UTC_HOUR == time / UTC_HOUR)
			break;
	return i;
}

/* As a finding names them. */
static bool
same_addresses(const struct event *a, const struct event *b)
{
	static const enum ecs fields[] = { ECS_SOURCE_IP, ECS_CLIENT_IP,
		ECS_SOURCE_ADDRESS, ECS_TUNNEL_IP };
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (!span_eq(event_get(a, fields[i]), event_get(b, fields[i])))
			return false;
	return true;
}

static size_t
same_place(const struct match_window *w, const struct event *e)
{
	struct event kept;
	size_t i;

	for (i = 0; i < w->n; i++) {
		keep_restore(w->kept[i], &kept);
		if (same_addresses(&kept, e))
			break;
	}
	return i;
}

/* The one that the event would say no more than; w->n: there is none. */
static size_t
like(const struct match_window *w, const struct event *e, int64_t time)
{
	if (w->rule->baseline.measure != RULE_MEASURE_NONE)
		return same_hour(w, time);
	return names_only(w->rule) ? same_place(w, e) : w->n;
}

static void
count(struct match_window *w, const struct event *e)
{
	w->dirty = true;
	w->replayed |= e->source != NULL && e->source->replay;
	if (w->count++ == 0 || e->index < w->index_first)
		w->index_first = e->index;
	if (w->count == 1 || e->index > w->index_last)
		w->index_last = e->index;
}

static void
remove_kept(struct match_window *w, size_t i)
{
	keep_free(w->kept[i]);
	memmove(w->kept + i, w->kept + i + 1,
	    (w->n - i - 1u) * sizeof(struct keep *));
	w->n--;
}

/* Room for one more: most windows have few. */
static void
reserve(struct match_window *w)
{
	if (w->n < w->cap)
		return;
	w->cap = (uint16_t)(w->cap == 0 ? 1 : w->cap * 2);
	if (w->cap > FINDING_CITES)
		w->cap = FINDING_CITES;
	w->kept = reallocarray(w->kept, w->cap, sizeof(struct keep *));
	if (w->kept == NULL)
		abort();
}

/* The first of them by time stay; all are counted. */
void
match_keep(struct match_window *w, const struct event *e, const char *origin,
    int64_t time)
{
	const struct keep_place at = { time, origin, e->index };
	size_t most = names_only(w->rule) ? FINDING_ENTITIES : FINDING_CITES;
	size_t i = like(w, e, time);
	struct keep *k;

	count(w, e);
	if (i < w->n) {
		if (keep_compare_place(&at, w->kept[i]) >= 0)
			return;
		remove_kept(w, i);
	}
	for (i = w->n; i > 0 && keep_compare_place(&at, w->kept[i - 1]) < 0;
	     i--)
		;
	if (i == most)
		return;
	k = keep_event_like(e, origin, time, w->message,
	    w->n > 0 ? w->kept[0] : NULL);
	if (w->n == most)
		keep_free(w->kept[--w->n]);
	reserve(w);
	memmove(w->kept + i + 1, w->kept + i,
	    (w->n - i) * sizeof(struct keep *));
	w->kept[i] = k;
	w->n++;
}
