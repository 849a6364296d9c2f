/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/count.h"

#include <stdlib.h>

#include "analyzer/rule/keep.h"
#include "analyzer/rule/repeat.h"
#include "analyzer/rule/scope.h"
#include "analyzer/sigma/correlate.h"

#define PROBES 8 /* places where an event may be kept */

enum clock { CLOCK_LIVE, CLOCK_REPLAY, CLOCKS };

struct counted { /* one rule */
	struct count *count;
	const struct rule *rule;
	struct correlate *windows[CLOCKS];
	size_t first; /* number of its first base */
};

struct base {
	const struct rule_base *base;
	struct counted *of;
	uint32_t number; /* within the rule */
};

struct kept {
	uint64_t number;
	struct keep *event;
};

struct count {
	const struct fact_site *site;
	count_result *result;
	void *arg;
	struct arena *arena; /* of what lives as long as c */
	struct arena *pass;  /* of one result */
	struct counted *rule;
	size_t n;
	struct base *base;
	size_t nbase;
	struct kept *kept;
	struct repeat *repeat[CLOCKS];
	uint64_t last; /* event that was pushed, and whether it came before */
	bool again;
	struct event event; /* of the result */
	uint64_t dropped;
};

/* By origin and index: the same each time the record is read. */
static uint64_t
number_of(const struct event *e, const char *origin)
{
	uint64_t h = 14695981039346656037u;

	for (; *origin != '\0'; origin++)
		h = (h ^ (uint8_t)*origin) * 1099511628211u;
	return h << 40 | (e->index & ((UINT64_C(1) << 40) - 1));
}

static struct kept *
place_of(const struct count *c, uint64_t number, size_t probe)
{
	uint64_t h = number * UINT64_C(0x9e3779b97f4a7c15);

	return &c->kept[((h >> 32) + probe) % COUNT_KEPT];
}

static const struct keep *
find_kept(const struct count *c, uint64_t number)
{
	size_t i;

	for (i = 0; i < PROBES; i++)
		if (place_of(c, number, i)->event != NULL &&
		    place_of(c, number, i)->number == number)
			return place_of(c, number, i)->event;
	return NULL;
}

/* Where there is room, or what is oldest gives it up. */
static void
keep(struct count *c, uint64_t number, const struct event *e,
    const char *origin, int64_t time)
{
	struct kept *best = NULL, *k;
	size_t i;

	for (i = 0; i < PROBES; i++) {
		k = place_of(c, number, i);
		if (k->event != NULL && k->number == number)
			return;
		if (best == NULL || k->event == NULL ||
		    (best->event != NULL &&
			keep_time(k->event) < keep_time(best->event)))
			best = k;
	}
	keep_free(best->event);
	best->number = number;
	best->event = keep_event(e, origin, time);
}

static void
take_result(void *arg, const struct correlate_result *r)
{
	struct counted *of = arg;
	struct count *c = of->count;
	const struct keep *k;
	struct facts fs;

	if (r->correlation != 0) /* of a base: it says nothing by itself */
		return;
	k = find_kept(c, r->event);
	if (k == NULL) {
		c->dropped++;
		return;
	}
	arena_reset(c->pass);
	keep_restore(k, &c->event);
	facts_init(&fs, c->site, &c->event, keep_time(k), c->pass);
	c->result(c->arg, of->rule, &c->event, keep_origin(k), &fs);
}

static void
add_rule(struct count *c, const struct rule *r)
{
	struct counted *of = &c->rule[c->n++];
	const struct correlate_told told = { take_result, NULL, of };
	struct correlate_limits limits = CORRELATE_LIMITS;
	const struct correlation_linked *linked;
	size_t i, n;

	of->count = c;
	of->rule = r;
	linked = rule_link(r, &n, NULL, c->arena);
	limits.bytes = 8u << 20;
	limits.held = 8u << 20;
	for (i = 0; i < CLOCKS; i++) {
		/* Of replays the clock is behind already. */
		limits.lateness = i == CLOCK_LIVE
		    ? settings_usec(c->site->settings, SETTING_SKEW_MAX)
		    : 0;
		of->windows[i] = correlate_new(linked, n, &limits, &told);
	}
	for (i = 0; i < r->nbase; i++)
		if (r->base[i].detection != NULL)
			c->base[c->nbase++] =
			    (struct base){ &r->base[i], of, (uint32_t)i };
}

struct count *
count_new(const struct ruleset *rules, const struct fact_site *site,
    count_result *result, void *arg)
{
	struct count *c = calloc(1, sizeof(*c));
	size_t i, n = 0, nbase = 0;

	if (c == NULL)
		abort();
	c->site = site;
	c->result = result;
	c->arg = arg;
	c->arena = arena_new();
	c->pass = arena_new();
	c->last = UINT64_MAX;
	for (i = 0; i < CLOCKS; i++)
		c->repeat[i] = repeat_new();
	for (i = 0; i < rules->n; i++) {
		n += rules->rules[i]->correlation != NULL;
		nbase += rules->rules[i]->nbase;
	}
	c->rule = arena_alloc(c->arena, n * sizeof(*c->rule));
	c->base = arena_alloc(c->arena, nbase * sizeof(*c->base));
	if (n > 0 && (c->kept = calloc(COUNT_KEPT, sizeof(*c->kept))) == NULL)
		abort();
	for (i = 0; i < rules->n; i++)
		if (rules->rules[i]->correlation != NULL)
			add_rule(c, rules->rules[i]);
	return c;
}

void
count_free(struct count *c)
{
	size_t i, k;

	if (c == NULL)
		return;
	for (i = 0; i < c->n; i++)
		for (k = 0; k < CLOCKS; k++)
			correlate_free(c->rule[i].windows[k]);
	for (i = 0; c->kept != NULL && i < COUNT_KEPT; i++)
		keep_free(c->kept[i].event);
	free(c->kept);
	for (k = 0; k < CLOCKS; k++)
		repeat_free(c->repeat[k]);
	arena_free(c->arena);
	arena_free(c->pass);
	free(c);
}

size_t
count_bases(const struct count *c)
{
	return c->nbase;
}

const struct detection *
count_detection(const struct count *c, size_t base)
{
	return c->base[base].base->detection;
}

void
count_push(struct count *c, size_t base, const struct event *e,
    const char *origin, const struct facts *fs, const struct view *v)
{
	const struct base *b = &c->base[base];
	uint64_t number = number_of(e, origin);
	enum clock clock = e->source != NULL &&
		(e->source->replay || span_is(e->source->transport, "import"))
	    ? CLOCK_REPLAY
	    : CLOCK_LIVE;

	if (!rule_routes(&b->base->logsource, e))
		return;
	if (c->last != number) {
		c->last = number;
		c->again = repeat_seen(c->repeat[clock], e);
	}
	if (c->again)
		return;
	keep(c, number, e, origin, fs->time);
	correlate_push(b->of->windows[clock], b->number, fs->time, number, v);
}

void
count_advance(struct count *c, int64_t live, int64_t replay)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		correlate_advance(c->rule[i].windows[CLOCK_LIVE], live);
		correlate_advance(c->rule[i].windows[CLOCK_REPLAY], replay);
	}
}

void
count_finish(struct count *c)
{
	size_t i, k;

	for (i = 0; i < c->n; i++)
		for (k = 0; k < CLOCKS; k++)
			correlate_finish(c->rule[i].windows[k]);
}

uint64_t
count_dropped(const struct count *c)
{
	uint64_t n = c->dropped;
	size_t i, k, why;

	for (i = 0; i < c->n; i++)
		for (k = 0; k < CLOCKS; k++)
			for (why = 0; why < CORRELATE_LOSSES; why++)
				n += correlate_lost(c->rule[i].windows[k],
				    (enum correlate_loss)why);
	return n;
}
