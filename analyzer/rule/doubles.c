/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/doubles.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/grow.h"
#include "analyzer/rule/repeat.h"

struct seen { /* one number; origin NULL: none yet */
	struct numbered_record r;
	/* What it said, and what the last double of it: each may come again by
	 * another path. */
	uint64_t content[2], other[2];
};

struct pair {
	struct numbered_record first, second;
};

struct day { /* of one counter, with doubles */
	size_t counter;
	int64_t day;
	uint64_t doubles; /* records with a number that was taken */
	size_t n;
	struct pair pair[DOUBLES_CITED]; /* by number */
	bool replay, dirty;
};

struct doubles {
	const struct rule *rule;
	const struct fact_site *site;
	struct digest_seed seed;
	struct seen *ring[DOUBLES_COUNTERS];
	struct day *days;
	size_t n, cap;
	uint64_t dropped;
};

struct doubles *
doubles_new(const struct ruleset *rules, const struct fact_site *site)
{
	const struct rule *rule = numbered_rule(rules, RULE_DOUBLES);
	struct doubles *x;

	if (rule == NULL)
		return NULL;
	if ((x = calloc(1, sizeof(*x))) == NULL)
		abort();
	digest_seed(&x->seed);
	x->rule = rule;
	x->site = site;
	return x;
}

void
doubles_free(struct doubles *x)
{
	size_t i;

	if (x == NULL)
		return;
	for (i = 0; i < DOUBLES_COUNTERS; i++)
		free(x->ring[i]);
	free(x->days);
	free(x);
}

uint64_t
doubles_dropped(const struct doubles *x)
{
	return x->dropped;
}

/* Where the number is remembered; NULL: there is no room. */
static struct seen *
seat(struct doubles *x, size_t counter, uint64_t n)
{
	if (counter >= DOUBLES_COUNTERS)
		return NULL;
	if (x->ring[counter] == NULL) {
		x->ring[counter] =
		    calloc(DOUBLES_NUMBERS, sizeof(*x->ring[counter]));
		if (x->ring[counter] == NULL)
			abort();
	}
	return &x->ring[counter][n % DOUBLES_NUMBERS];
}

/* The day of the counter, the latest first; NULL: there is no room. */
static struct day *
find_day(struct doubles *x, size_t counter, int64_t day)
{
	struct day *d;
	size_t i;

	for (i = x->n; i > 0; i--)
		if (x->days[i - 1].counter == counter &&
		    x->days[i - 1].day == day)
			return &x->days[i - 1];
	if (x->n == DOUBLES_DAYS)
		return NULL;
	grow(&x->days, x->n, &x->cap, sizeof(*x->days));
	d = &x->days[x->n++];
	memset(d, 0, sizeof(*d));
	d->counter = counter;
	d->day = day;
	return d;
}

static bool
pair_before(const struct pair *a, const struct pair *b)
{
	if (numbered_before(&a->first, &b->first))
		return true;
	return !numbered_before(&b->first, &a->first) &&
	    numbered_before(&a->second, &b->second);
}

static void
note(struct day *d, const struct pair *p)
{
	size_t i;

	d->doubles++;
	d->replay |= p->first.replay || p->second.replay;
	d->dirty = true;
	if (d->n < DOUBLES_CITED)
		i = d->n++;
	else if (pair_before(p, &d->pair[d->n - 1]))
		i = d->n - 1;
	else
		return;
	for (; i > 0 && pair_before(p, &d->pair[i - 1]); i--)
		d->pair[i] = d->pair[i - 1];
	d->pair[i] = *p;
}

void
doubles_feed(struct doubles *x, size_t counter, const struct numbered_record *r,
    const struct event *e)
{
	uint64_t content[2];
	struct digest digest;
	struct seen *s;
	struct pair p;
	struct day *d;

	if (e->clock == EVENT_CLOCK_NONE)
		return; /* the same record would differ by its receipt */
	s = seat(x, counter, r->n);
	if (s == NULL) {
		x->dropped++;
		return;
	}
	repeat_digest(e, &x->seed, &digest);
	content[0] = digest.a;
	content[1] = digest.b;
	if (s->r.cite.origin == NULL || s->r.n != r->n) {
		s->r = *r;
		memcpy(s->content, content, sizeof(content));
		memcpy(s->other, content, sizeof(content));
		return;
	}
	if (memcmp(s->content, content, sizeof(content)) == 0 ||
	    memcmp(s->other, content, sizeof(content)) == 0)
		return;
	memcpy(s->other, content, sizeof(content));
	p = numbered_before(&s->r, r) ? (struct pair){ s->r, *r }
				      : (struct pair){ *r, s->r };
	d = find_day(x, counter,
	    calendar_day(x->site->calendar, p.first.cite.time));
	if (d == NULL)
		x->dropped++;
	else
		note(d, &p);
}

/* Each record once: it may be in several pairs. */
static void
cite(struct draft *d, const struct numbered_record *r)
{
	size_t i;

	if (r->cite.time < d->f.first)
		d->f.first = r->cite.time;
	for (i = 0; i < d->f.n_cites; i++)
		if (d->f.cites[i].index == r->cite.index &&
		    strcmp(d->f.cites[i].origin, r->cite.origin) == 0)
			return;
	draft_cite(d, &r->cite);
}

static void
deliver(const struct doubles *x, const struct numbered_counter *c,
    const struct day *day, struct outbox *out, struct arena *arena)
{
	struct draft *d = arena_alloc(arena, sizeof(*d));
	const struct pair *p = day->pair;
	size_t i;

	numbered_draft(d, x->rule, x->site, c, day->day, arena);
	d->f.replay = day->replay;
	d->f.first = p->first.cite.time;
	sentence_set(&d->v, SENTENCE_NUMBER,
	    arena_printf(arena, "%llu", (unsigned long long)p->first.n));
	for (i = 0; i < day->n; i++) {
		cite(d, &p[i].first);
		cite(d, &p[i].second);
	}
	d->f.n_evidence += day->doubles - day->n;
	draft_time(d, SENTENCE_TIME, d->f.first);
	finding_count(&d->f, "", "doubles", "", day->doubles);
	finding_count(&d->f, "", "number", "", p->first.n);
	draft_end(d);
	outbox_add(out, &d->f);
}

void
doubles_judge(struct doubles *x, const struct numbered *counters,
    struct outbox *out, struct arena *arena)
{
	const struct numbered_counter *c;
	size_t i;

	for (i = 0; i < x->n; i++) {
		if (!x->days[i].dirty)
			continue;
		x->days[i].dirty = false;
		c = numbered_counter(counters, x->days[i].counter);
		outbox_scope(out,
		    span_str(arena_printf(arena, "%s %s %lld", x->rule->id,
			c->key, (long long)x->days[i].day)));
		deliver(x, c, &x->days[i], out, arena);
	}
}
