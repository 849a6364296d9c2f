/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/correlate.h"

#include <assert.h>
#include <stdlib.h>

#include "analyzer/sigma/feeds.h"
#include "analyzer/sigma/groupkey.h"
#include "analyzer/sigma/part.h"
#include "analyzer/sigma/reorder.h"
#include "analyzer/sigma/waiting.h"

#define TIME_MAX (INT64_MAX / 4) /* a timespan from there is a time too */

struct correlate {
	const struct correlation_linked *rules;
	size_t n;
	struct correlate_limits limits;
	struct correlate_told told;
	struct feeds *of_rule, *of_correlation;
	size_t nrule;
	struct reorder held;
	struct groups *groups;
	struct waiting_list *waiting; /* by correlation */
	uint32_t *absences;	      /* which correlations are one */
	size_t nabsences;
	int64_t passed;	 /* what comes before this is late */
	unsigned budget; /* results that the event may still give */
	bool late;	 /* the event that is judged came late */
	bool placed;	 /* and found its place */
	uint64_t nplaced;
	uint64_t lost[CORRELATE_LOSSES];
	struct groups_seed seed;
	struct buf parts; /* of an event that is pushed with its view */
};

static void
lose(struct correlate *c, enum correlate_loss why, uint32_t correlation,
    uint64_t n)
{
	c->lost[why] += n;
	if (n > 0 && c->told.lost != NULL)
		c->told.lost(c->told.arg, why, correlation);
}

static void *
zeroed(size_t n, size_t size)
{
	void *p = calloc(n + 1, size);

	if (p == NULL)
		abort();
	return p;
}

static void
make_feeds(struct correlate *c)
{
	size_t i;

	c->nrule = feeds_rules(c->rules, c->n);
	c->of_rule = zeroed(c->nrule, sizeof(*c->of_rule));
	c->of_correlation = zeroed(c->n, sizeof(*c->of_correlation));
	feeds_make(c->rules, c->n, c->of_rule, c->of_correlation);
	for (i = 0; i < c->n; i++)
		if (c->rules[i].c != NULL &&
		    c->rules[i].c->type == CORRELATION_ABSENCE)
			c->absences[c->nabsences++] = (uint32_t)i;
}

struct correlate *
correlate_new(const struct correlation_linked *rules, size_t n,
    const struct correlate_limits *limits, const struct correlate_told *told)
{
	struct correlate *c = zeroed(1, sizeof(*c));

	assert(limits->lateness >= 0 && limits->lateness <= TIME_MAX);
	assert(limits->events > 0 && limits->events <= CORRELATION_COUNT);
	assert(limits->groups > 0);
	c->rules = rules;
	c->n = n;
	c->limits = *limits;
	c->told = *told;
	c->passed = INT64_MIN;
	c->groups = groups_new(n);
	c->waiting = zeroed(n, sizeof(*c->waiting));
	c->absences = zeroed(n, sizeof(*c->absences));
	if (limits->seed != NULL)
		c->seed = *limits->seed;
	else
		groups_seed(&c->seed);
	buf_init(&c->parts);
	make_feeds(c);
	return c;
}

static void
end_waiting(struct correlate *c, struct waiting *w)
{
	waiting_end(&c->waiting[w->group->correlation], w);
	*groups_bytes(c->groups) -= sizeof(*w);
}

static void
forget(struct correlate *c, struct group *g)
{
	while (g->waiting != NULL)
		end_waiting(c, g->waiting);
	*groups_bytes(c->groups) -=
	    window_bytes(&g->window, c->rules[g->correlation].c);
	window_clear(&g->window, c->rules[g->correlation].c);
	groups_forget(c->groups, g);
}

void
correlate_free(struct correlate *c)
{
	struct group *g;
	size_t i;

	if (c == NULL)
		return;
	while (c->held.n > 0)
		groups_release(c->groups, reorder_take(&c->held).group);
	while ((g = groups_oldest(c->groups, CORRELATION_NONE)) != NULL)
		forget(c, g);
	groups_free(c->groups);
	reorder_fini(&c->held);
	for (i = 0; i < c->nrule; i++)
		free(c->of_rule[i].v);
	for (i = 0; i < c->n; i++)
		free(c->of_correlation[i].v);
	free(c->of_rule);
	free(c->of_correlation);
	free(c->waiting);
	free(c->absences);
	buf_fini(&c->parts);
	free(c);
}

bool
correlate_wants(const struct correlate *c, uint32_t rule)
{
	return rule < c->nrule && c->of_rule[rule].n > 0;
}

/* --- one event of one correlation --- */

static void judge_key(struct correlate *c, uint32_t correlation,
    const struct window_event *e, uint32_t hash, struct span key);

/* Who refers to the correlation gets its result, as an event. */
static void
chain(struct correlate *c, const struct correlate_result *r)
{
	const struct feeds *to = &c->of_correlation[r->correlation];
	struct groupkey_from from = { NULL, r->group };
	struct window_event e = { .time = r->time, .event = r->event };
	struct buf key;
	size_t i;

	buf_init(&key);
	for (i = 0; i < to->n; i++) {
		const struct correlation_linked *l =
		    &c->rules[to->v[i].correlation];
		const struct correlation_source *s =
		    &l->sources[to->v[i].source];

		e.source = to->v[i].source;
		key.len = 0;
		groupkey_make(l->c, s, &from, &key);
		if (groupkey_value(l->c, s, &from, &e.value))
			judge_key(c, to->v[i].correlation, &e,
			    groups_hash(&c->seed, to->v[i].correlation,
				buf_view(&key)),
			    buf_view(&key));
		else
			lose(c, CORRELATE_LOST_VALUE, to->v[i].correlation, 1);
	}
	buf_fini(&key);
}

static void
tell(struct correlate *c, const struct group *g, struct correlate_result *r)
{
	struct span values[CORRELATION_FIELDS];

	if (c->budget == 0) {
		lose(c, CORRELATE_LOST_RESULT, g->correlation, 1);
		return;
	}
	c->budget--;
	r->correlation = g->correlation;
	groupkey_values(c->rules[g->correlation].c, span_make(g->key, g->len),
	    values);
	r->group = values;
	c->told.result(c->told.arg, r);
	chain(c, r);
}

/* Into the window of its group.  false: it came too late for that. */
static bool
place(struct correlate *c, struct group *g, const struct window_event *e)
{
	const struct correlation *k = c->rules[g->correlation].c;
	uint32_t max = (uint32_t)c->limits.events;
	size_t was = window_bytes(&g->window, k);
	uint32_t cap = g->window.cap;
	bool placed = true;

	if (c->late && window_newest(&g->window) > e->time)
		placed = window_insert(&g->window, k, e, max);
	else
		lose(c, CORRELATE_LOST_EVENT, g->correlation,
		    window_push(&g->window, k, e, max));
	if (g->window.cap != cap)
		*groups_bytes(c->groups) += window_bytes(&g->window, k) - was;
	c->placed |= placed;
	return placed;
}

/* For who wants to know of those that do not hold, too. */
static void
tell_judged(struct correlate *c, const struct group *g,
    const struct window_event *e)
{
	const struct correlation *k = c->rules[g->correlation].c;
	struct span values[CORRELATION_FIELDS];
	struct correlate_result r = { .correlation = g->correlation,
		.time = e->time,
		.event = e->event,
		.value = window_value(&g->window, k),
		.group = values,
		.of = g->window.n };

	groupkey_values(k, span_make(g->key, g->len), values);
	c->told.judged(c->told.arg, &r);
}

/* Its condition holds. */
static void
tell_window(struct correlate *c, struct group *g, const struct window_event *e)
{
	const struct correlation *k = c->rules[g->correlation].c;
	struct correlate_result r = { .time = e->time, .event = e->event };
	uint64_t events[CORRELATE_EVENTS], fresh[CORRELATE_EVENTS];

	r.value = window_value(&g->window, k);
	r.nevents = window_list(&g->window, k, events, CORRELATE_EVENTS);
	r.events = events;
	r.of = g->window.n;
	r.nfreshed =
	    window_fresh(&g->window, fresh, CORRELATE_EVENTS, &r.nfresh);
	r.fresh = fresh;
	tell(c, g, &r);
}

static void
judge_window(struct correlate *c, struct group *g, const struct window_event *e)
{
	if (!place(c, g, e))
		return;
	if (c->told.judged != NULL)
		tell_judged(c, g, e);
	if (window_holds(&g->window, c->rules[g->correlation].c))
		tell_window(c, g, e);
}

/* What waited when it came waits no more, but for the event itself. */
static void
judge_expected(struct correlate *c, struct group *g,
    const struct window_event *e, int64_t timespan)
{
	struct waiting *w = g->waiting, *next;

	for (; w != NULL; w = next) { /* late ones are in no order */
		next = w->newer;
		if (w->event == e->event || w->until - timespan > e->time)
			continue;
		end_waiting(c, w);
		c->placed = true;
	}
	if (e->time <= g->expected)
		return;
	g->expected = e->time;
	g->expected_event = e->event;
}

static void
judge_absence(struct correlate *c, struct group *g,
    const struct window_event *e)
{
	int64_t timespan = c->rules[g->correlation].c->timespan;

	if (e->source == 1)
		judge_expected(c, g, e, timespan);
	else if (g->expected < e->time || g->expected_event == e->event) {
		if (g->nwaiting == c->limits.events) {
			end_waiting(c, g->waiting);
			lose(c, CORRELATE_LOST_EVENT, g->correlation, 1);
		}
		waiting_add(&c->waiting[g->correlation], g, e->time + timespan,
		    e->event);
		*groups_bytes(c->groups) += sizeof(struct waiting);
	}
	c->placed = true;
}

static void
judge(struct correlate *c, struct group *g, const struct window_event *e)
{
	const struct correlation *k = c->rules[g->correlation].c;

	if (groups_use(c->groups, g, e->time))
		*groups_bytes(c->groups) += window_bytes(&g->window, k);
	if (k->type == CORRELATION_ABSENCE)
		judge_absence(c, g, e);
	else
		judge_window(c, g, e);
}

static void
judge_key(struct correlate *c, uint32_t correlation,
    const struct window_event *e, uint32_t hash, struct span key)
{
	struct group *g = groups_hold(c->groups, correlation, hash, key);

	judge(c, g, e);
	groups_release(c->groups, g);
}

/* --- what is let go of --- */

/* Forget groups whose window holds nothing at that time any more. */
static void
forget_empty(struct correlate *c, uint32_t correlation, int64_t now)
{
	const struct correlation *k = c->rules[correlation].c;
	struct group *g;

	while ((g = groups_oldest(c->groups, correlation)) != NULL) {
		if (g->waiting != NULL || g->used > now - k->timespan)
			break;
		forget(c, g);
	}
}

static bool
is_over(const struct correlate *c, size_t groups, size_t bytes)
{
	return groups_count(c->groups) > groups ||
	    *groups_bytes(c->groups) > bytes;
}

/* Down to a sixteenth below the limit, so that it is not done each time. */
static void
make_room(struct correlate *c, int64_t now)
{
	size_t groups = c->limits.groups, bytes = c->limits.bytes;
	struct group *g;
	uint32_t i;

	if (!is_over(c, groups, bytes))
		return;
	for (i = 0; i < c->n; i++)
		if (c->rules[i].c != NULL)
			forget_empty(c, i, now);
	if (!is_over(c, groups, bytes))
		return;
	groups -= groups / 16;
	bytes -= bytes / 16;
	while (is_over(c, groups, bytes)) {
		g = groups_oldest(c->groups, CORRELATION_NONE);
		i = g->correlation;
		forget(c, g);
		lose(c, CORRELATE_LOST_GROUP, i, 1);
	}
}

/* Whose time has run out first, up to that time; NULL: nobody's. */
static struct waiting *
next_due(const struct correlate *c, int64_t now)
{
	struct waiting *first = NULL, *w;
	size_t i;

	for (i = 0; i < c->nabsences; i++) {
		w = c->waiting[c->absences[i]].first;
		if (w != NULL && w->until <= now &&
		    (first == NULL || w->until < first->until))
			first = w;
	}
	return first;
}

static void
run_out(struct correlate *c, int64_t now)
{
	struct correlate_result r;
	struct waiting *w;
	struct group *g;
	uint64_t event;

	while ((w = next_due(c, now)) != NULL) {
		event = w->event;
		g = w->group;
		r = (struct correlate_result){ .time = w->until,
			.event = event,
			.events = &event,
			.nevents = 1,
			.of = 1,
			.fresh = &event,
			.nfreshed = 1,
			.nfresh = 1 };
		end_waiting(c, w);
		c->budget = CORRELATE_RESULTS;
		tell(c, g, &r);
		make_room(c, r.time);
	}
}

static void
judge_first(struct correlate *c)
{
	uint32_t correlation;
	struct held h;

	if (c->nabsences > 0)
		run_out(c, reorder_first(&c->held)->e.time);
	h = reorder_take(&c->held);
	correlation = h.group->correlation;
	if (c->passed < h.e.time)
		c->passed = h.e.time;
	c->budget = CORRELATE_RESULTS;
	judge(c, h.group, &h.e);
	groups_release(c->groups, h.group);
	forget_empty(c, correlation, h.e.time);
	make_room(c, h.e.time);
}

/* --- what comes --- */

/*
 * A late one is judged at once, where a window that holds its time, or what
 * waits since then, may still be open.
 */
static void
judge_late(struct correlate *c, uint32_t correlation,
    const struct window_event *e, uint32_t hash, struct span key)
{
	if (e->time <= c->passed - c->rules[correlation].c->timespan)
		return;
	c->late = true;
	c->budget = CORRELATE_RESULTS;
	judge_key(c, correlation, e, hash, key);
	c->late = false;
	make_room(c, c->passed);
}

static int64_t
bounded(int64_t time)
{
	return time > TIME_MAX ? TIME_MAX : time < -TIME_MAX ? -TIME_MAX : time;
}

/* What one correlation is to know of it. */
static void
push_to(struct correlate *c, const struct feed *f, struct window_event *e,
    struct span *parts)
{
	struct held h;
	struct span key;
	struct part p;

	part_take(parts, &p, &key);
	if (!p.counts) {
		lose(c, CORRELATE_LOST_VALUE, f->correlation, 1);
		return;
	}
	e->source = f->source;
	e->value = p.value;
	if (e->time < c->passed) {
		judge_late(c, f->correlation, e, p.hash, key);
		return;
	}
	h.e = *e;
	h.group = groups_hold(c->groups, f->correlation, p.hash, key);
	reorder_put(&c->held, &h);
}

static bool
holds_too_much(const struct correlate *c)
{
	return c->held.n > 0 &&
	    c->held.n * sizeof(struct held) + groups_held_bytes(c->groups) >
		c->limits.held;
}

void
correlate_push_parts(struct correlate *c, uint32_t rule, int64_t time,
    uint64_t event, struct span parts)
{
	struct window_event e = { .time = bounded(time), .event = event };
	bool late = e.time < c->passed;
	size_t i;

	if (!correlate_wants(c, rule))
		return;
	c->placed = false;
	for (i = 0; i < c->of_rule[rule].n; i++)
		push_to(c, &c->of_rule[rule].v[i], &e, &parts);
	c->nplaced += late && c->placed;
	if (late && !c->placed)
		lose(c, CORRELATE_LOST_LATE, CORRELATION_NONE, 1);
	for (; holds_too_much(c); judge_first(c))
		lose(c, CORRELATE_LOST_FORCED, CORRELATION_NONE, 1);
}

void
correlate_push(struct correlate *c, uint32_t rule, int64_t time, uint64_t event,
    const struct view *v)
{
	c->parts.len = 0;
	part_make(c->rules, c->n, rule, &c->seed, v, &c->parts);
	correlate_push_parts(c, rule, time, event, buf_view(&c->parts));
}

void
correlate_advance(struct correlate *c, int64_t watermark)
{
	const struct held *h;
	int64_t before = bounded(watermark) - c->limits.lateness;

	if (before <= c->passed)
		return;
	while ((h = reorder_first(&c->held)) != NULL && h->e.time < before)
		judge_first(c);
	run_out(c, before);
	c->passed = before;
}

void
correlate_finish(struct correlate *c)
{
	while (reorder_first(&c->held) != NULL)
		judge_first(c);
}

uint64_t
correlate_late(const struct correlate *c)
{
	return c->lost[CORRELATE_LOST_LATE];
}

uint64_t
correlate_placed(const struct correlate *c)
{
	return c->nplaced;
}

uint64_t
correlate_lost(const struct correlate *c, enum correlate_loss why)
{
	return c->lost[why];
}

size_t
correlate_groups(const struct correlate *c)
{
	return groups_count(c->groups);
}

size_t
correlate_bytes(const struct correlate *c)
{
	return *groups_bytes(c->groups);
}
