/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/disorder.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/grow.h"

#define APART 2 /* stretches between what is compared */

struct stretch {
	int64_t at; /* its number since the epoch */
	struct numbered_record low, high;
};

struct course {			 /* of one counter */
	struct stretch *stretch; /* by time */
	size_t n, cap;
	bool dirty;
};

struct step { /* back */
	struct numbered_record from, to;
	int64_t day;
	bool anew; /* the numbers go on from there */
};

struct disorder {
	const struct rule *rule;
	const struct fact_site *site;
	int64_t width;
	struct course course[NUMBERED_COUNTERS];
	size_t stretches;
	uint64_t dropped;
};

struct disorder *
disorder_new(const struct ruleset *rules, const struct fact_site *site)
{
	const struct rule *rule = numbered_rule(rules, RULE_DISORDER);
	struct disorder *x;

	if (rule == NULL)
		return NULL;
	if ((x = calloc(1, sizeof(*x))) == NULL)
		abort();
	x->rule = rule;
	x->site = site;
	x->width = settings_usec(site->settings, SETTING_SEQ_DISORDER);
	return x;
}

void
disorder_free(struct disorder *x)
{
	size_t i;

	if (x == NULL)
		return;
	for (i = 0; i < NUMBERED_COUNTERS; i++)
		free(x->course[i].stretch);
	free(x);
}

uint64_t
disorder_dropped(const struct disorder *x)
{
	return x->dropped;
}

/* How many stretches stand before or at that time. */
static size_t
behind(const struct course *c, int64_t at)
{
	size_t low = 0, high = c->n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (c->stretch[mid].at <= at)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void
insert(struct disorder *x, struct course *c, size_t i, int64_t at,
    const struct numbered_record *r)
{
	if (x->stretches == DISORDER_STRETCHES) {
		x->dropped++;
		return;
	}
	x->stretches++;
	grow(&c->stretch, c->n, &c->cap, sizeof(*c->stretch));
	memmove(&c->stretch[i + 1], &c->stretch[i],
	    (c->n - i) * sizeof(*c->stretch));
	c->stretch[i] = (struct stretch){ at, *r, *r };
	c->n++;
	c->dirty = true;
}

void
disorder_feed(struct disorder *x, size_t counter,
    const struct numbered_record *r)
{
	struct course *c = &x->course[counter];
	int64_t at = r->clock / x->width - (r->clock % x->width < 0);
	size_t i = behind(c, at);
	struct stretch *s = i > 0 ? &c->stretch[i - 1] : NULL;

	if (s == NULL || s->at != at) {
		insert(x, c, i, at, r);
		return;
	}
	if (numbered_before(r, &s->low)) {
		s->low = *r;
		c->dirty = true;
	}
	/* Of the highest only an older stretch's is compared with anything. */
	if (numbered_before(&s->high, r)) {
		s->high = *r;
		c->dirty |= i < c->n;
	}
}

/* Whether what stands from stretch i on begins below the number. */
static bool
goes_on(const struct course *c, size_t i, int64_t at, uint64_t n)
{
	while (i < c->n && c->stretch[i].at < at)
		i++;
	return i < c->n && c->stretch[i].low.n < n;
}

/*
 * The steps back, into steps (one for each stretch at most); how many.  Behind
 * a step counting begins anew, with the first stretch that is clear of it.
 */
static size_t
find_steps(const struct disorder *x, const struct course *c, struct step *steps)
{
	const struct numbered_record *top = NULL;
	size_t i, past = 0, n = 0;
	int64_t base = INT64_MIN;

	for (i = 0; i < c->n; i++) {
		const struct stretch *s = &c->stretch[i];

		for (; c->stretch[past].at <= s->at - APART; past++)
			if (c->stretch[past].at >= base &&
			    (top == NULL || c->stretch[past].high.n > top->n))
				top = &c->stretch[past].high;
		if (top == NULL || s->low.n >= top->n)
			continue;
		base = s->at + APART;
		steps[n++] = (struct step){ *top, s->low,
			calendar_day(x->site->calendar, s->low.cite.time),
			goes_on(c, i, base, top->n) };
		top = NULL;
	}
	return n;
}

static int
step_order(const void *p, const void *q)
{
	const struct step *a = p, *b = q;

	if (a->to.cite.time != b->to.cite.time)
		return a->to.cite.time < b->to.cite.time ? -1 : 1;
	return numbered_before(&a->to, &b->to) ? -1 : 1;
}

/* n steps of one day. */
static void
deliver(const struct disorder *x, const struct numbered_counter *c,
    const struct step *s, size_t n, struct outbox *out, struct arena *arena)
{
	struct draft *d = arena_alloc(arena, sizeof(*d));
	uint64_t anew = 0;
	size_t i;

	numbered_draft(d, x->rule, x->site, c, s->day, arena);
	d->f.first = s->to.cite.time;
	draft_time(d, SENTENCE_TIME, d->f.first);
	sentence_set(&d->v, SENTENCE_BEFORE,
	    arena_printf(arena, "%llu", (unsigned long long)s->from.n));
	sentence_set(&d->v, SENTENCE_NUMBER,
	    arena_printf(arena, "%llu", (unsigned long long)s->to.n));
	for (i = 0; i < n; i++) {
		anew += s[i].anew;
		d->f.replay |= s[i].from.replay || s[i].to.replay;
		draft_cite(d, &s[i].from.cite);
		draft_cite(d, &s[i].to.cite);
	}
	finding_count(&d->f, "", "back", "", n);
	finding_count(&d->f, "", "anew", "", anew);
	finding_count(&d->f, "", "before", "", s->from.n);
	finding_count(&d->f, "", "number", "", s->to.n);
	draft_end(d);
	outbox_add(out, &d->f);
}

static void
judge(const struct disorder *x, const struct course *c,
    const struct numbered_counter *counter, struct outbox *out,
    struct arena *arena)
{
	struct step *steps = calloc(c->n, sizeof(*steps));
	size_t i, end, n;

	if (steps == NULL)
		abort();
	n = find_steps(x, c, steps);
	if (n > 0)
		qsort(steps, n, sizeof(*steps), step_order);
	for (i = 0; i < n; i = end) {
		for (end = i; end < n && steps[end].day == steps[i].day;)
			end++;
		deliver(x, counter, &steps[i], end - i, out, arena);
	}
	free(steps);
}

void
disorder_judge(struct disorder *x, const struct numbered *counters,
    struct outbox *out, struct arena *arena)
{
	const struct numbered_counter *counter;
	size_t i;

	for (i = 0; i < NUMBERED_COUNTERS; i++) {
		if (!x->course[i].dirty)
			continue;
		x->course[i].dirty = false;
		counter = numbered_counter(counters, i);
		outbox_scope(out,
		    span_str(arena_printf(arena, "%s %s", x->rule->id,
			counter->key)));
		judge(x, &x->course[i], counter, out, arena);
	}
}
