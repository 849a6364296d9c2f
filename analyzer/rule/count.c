/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/count.h"

#include <stdlib.h>

#include "analyzer/rule/kept.h"
#include "analyzer/rule/repeat.h"
#include "analyzer/rule/thin.h"
#include "analyzer/sigma/correlate.h"

enum clock { CLOCK_LIVE, CLOCK_REPLAY, CLOCKS };

struct counted { /* one rule */
	struct count *count;
	const struct rule *rule;
	const struct correlation_linked *linked;
	size_t nlinked;
	struct correlate *windows[CLOCKS];
};

struct base {
	const struct rule_base *base;
	struct counted *of;
	uint32_t number; /* within the rule */
	/* To thin its events by (thin.h), or NULL. */
	const struct correlation *thin;
	const struct correlation_source *source;
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
	struct kept *kept[CLOCKS];
	struct repeat *repeat[CLOCKS];
	uint64_t last; /* event that was pushed, and whether it came before */
	bool again;
	struct thin *thin;
	struct event event; /* of the result */
	uint64_t dropped;
	uint64_t restarts;
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

static const struct keep *
find_kept(const struct count *c, uint64_t number)
{
	const struct keep *k = kept_find(c->kept[CLOCK_LIVE], number);

	return k != NULL ? k : kept_find(c->kept[CLOCK_REPLAY], number);
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

static struct correlate *
new_windows(struct counted *of, enum clock clock)
{
	const struct correlate_told told = { take_result, NULL, of };
	struct correlate_limits limits = CORRELATE_LIMITS;

	/* Of replays the clock is behind already. */
	limits.lateness = clock == CLOCK_LIVE
	    ? settings_usec(of->count->site->settings, SETTING_SKEW_MAX)
	    : 0;
	limits.bytes = 8u << 20;
	limits.held = 8u << 20;
	return correlate_new(of->linked, of->nlinked, &limits, &told);
}

static void
add_rule(struct count *c, const struct rule *r)
{
	struct counted *of = &c->rule[c->n++];
	size_t i;

	of->count = c;
	of->rule = r;
	of->linked = rule_link(r, &of->nlinked, NULL, c->arena);
	for (i = 0; i < CLOCKS; i++)
		of->windows[i] = new_windows(of, (enum clock)i);
	for (i = 0; i < r->nbase; i++)
		if (r->base[i].detection != NULL)
			c->base[c->nbase++] =
			    (struct base){ .base = &r->base[i],
				    .of = of,
				    .number = (uint32_t)i };
	/* Where one correlation is asked of one base, and nothing else. */
	if (of->nlinked == 1 && r->nbase == 1 && thin_may(of->linked)) {
		c->base[c->nbase - 1].thin = of->linked->c;
		c->base[c->nbase - 1].source = of->linked->sources;
	}
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
	for (i = 0; i < CLOCKS; i++)
		c->kept[i] = kept_new(COUNT_KEPT);
	c->thin = thin_new();
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
	for (k = 0; k < CLOCKS; k++) {
		kept_free(c->kept[k]);
		repeat_free(c->repeat[k]);
	}
	thin_free(c->thin);
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

/* Whether others like it tell as much as the event would. */
static bool
is_superfluous(struct count *c, size_t base, enum clock clock,
    const struct event *e, int64_t time, uint64_t number, const struct view *v)
{
	const struct base *b = &c->base[base];
	uint64_t which = (c->restarts * c->nbase + base) * CLOCKS + clock;

	if (b->thin != NULL)
		return thin_seen(c->thin, which, b->thin, b->source, time, v);
	if (c->last != number) {
		c->last = number;
		c->again = repeat_seen(c->repeat[clock], e);
	}
	return c->again;
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

	if (!rule_routes(&b->base->logsource, e) ||
	    is_superfluous(c, base, clock, e, fs->time, number, v))
		return;
	kept_put(c->kept[clock], number, e, origin, fs->time);
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
	kept_forget(c->kept[CLOCK_LIVE],
	    live - settings_usec(c->site->settings, SETTING_SKEW_MAX));
	kept_forget(c->kept[CLOCK_REPLAY], replay);
}

void
count_finish(struct count *c)
{
	size_t i, k;

	for (i = 0; i < c->n; i++)
		for (k = 0; k < CLOCKS; k++)
			correlate_finish(c->rule[i].windows[k]);
}

static uint64_t
dropped_of(const struct correlate *windows)
{
	/* What is judged early, or has nothing to count, is not lost. */
	static const enum correlate_loss lost[] = { CORRELATE_LOST_LATE,
		CORRELATE_LOST_GROUP, CORRELATE_LOST_EVENT,
		CORRELATE_LOST_RESULT };
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < sizeof(lost) / sizeof(lost[0]); i++)
		n += correlate_lost(windows, lost[i]);
	return n;
}

void
count_restart(struct count *c)
{
	struct counted *of;
	size_t i;

	for (i = 0; i < c->n; i++) {
		of = &c->rule[i];
		correlate_finish(of->windows[CLOCK_REPLAY]);
		c->dropped += dropped_of(of->windows[CLOCK_REPLAY]);
		correlate_free(of->windows[CLOCK_REPLAY]);
		of->windows[CLOCK_REPLAY] = new_windows(of, CLOCK_REPLAY);
	}
	kept_forget(c->kept[CLOCK_REPLAY], INT64_MAX);
	c->restarts++;
}

uint64_t
count_dropped(const struct count *c)
{
	uint64_t n = c->dropped;
	size_t i, k;

	for (i = 0; i < c->n; i++)
		for (k = 0; k < CLOCKS; k++)
			n += dropped_of(c->rule[i].windows[k]);
	return n;
}
