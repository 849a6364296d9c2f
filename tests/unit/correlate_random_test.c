/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/sigma/detection_tree.h"
#include "tests/tap.h"
#include "tests/unit/correlate_lib.h"

/*
 * Random correlations over random events, against the plainest way to work
 * them out: every event is kept, and each looks at all before it.
 */
#define ROUNDS 2000
#define EVENTS 60
#define INPUTS 20000

static uint64_t state;

static unsigned
draw(unsigned below)
{
	state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (unsigned)(state >> 33) % below;
}

/* --- random correlations --- */

static const char *const groups[] = { "", ", group-by: [u]",
	", group-by: [u, v]" };

static void
draw_bounds(char *out, size_t size, bool number)
{
	static const char *const low[] = { "gt", "gte" };
	static const char *const high[] = { "lt", "lte" };
	static const char *const alone[] = { "eq", "neq" };
	unsigned n = 1 + draw(4);

	switch (draw(4)) {
	case 0:
		snprintf(out, size, "%s: %u", low[draw(2)], n);
		return;
	case 1:
		snprintf(out, size, "%s: %u", high[draw(2)], n + 1);
		return;
	case 2:
		snprintf(out, size, "%s: %u", alone[draw(2)], n);
		return;
	default:
		snprintf(out, size, "gte: %u, lte: %u", number ? n - 1 : n,
		    n + draw(3));
	}
}

/* Over rules a to d; later ones may also refer to c0, by u or no group. */
static void
draw_correlation(char *out, size_t size, unsigned i)
{
	static const char *const rules[] = { "a", "a, b", "b, a", "a, b, c",
		"c, a, d", "b, c0", "c0, a, b" };
	static const char *const of[] = { "value_sum", "value_avg",
		"value_median", "value_percentile" };
	bool chained = i > 0 && draw(3) == 0;
	const char *from = rules[chained ? 5 + draw(2) : draw(5)];
	const char *group =
	    groups[i == 0 ? 1 + draw(2) : draw(chained ? 2 : 3)];
	unsigned span = 1 + draw(8), k = draw(4);
	char bounds[64];

	switch (draw(chained ? 4 : 6)) {
	case 0:
		draw_bounds(bounds, sizeof(bounds), false);
		snprintf(out, size,
		    "{type: event_count, rules: [%s], timespan"
		    ": %us%s, condition: {%s}}",
		    from, span, group, bounds);
		return;
	case 1:
		draw_bounds(bounds, sizeof(bounds), false);
		snprintf(out, size,
		    "{type: value_count, rules: [%s], timespan"
		    ": %us%s, condition: {field: u, %s}}",
		    from, span, group, bounds);
		return;
	case 2:
		snprintf(out, size,
		    "{type: temporal, rules: [%s], timespan: "
		    "%us%s%s}",
		    from, span, group,
		    draw(2) == 0 ? "" : ", condition: {gte: 1, lte: 1}");
		return;
	case 3:
		snprintf(out, size,
		    "{type: temporal_ordered, rules: [%s], "
		    "timespan: %us%s}",
		    from, span, group);
		return;
	case 4:
		snprintf(out, size, "{after: %c, expect: %c, within: %us%s}",
		    'a' + (char)draw(2), 'c' + (char)draw(2), span, group);
		return;
	default:
		draw_bounds(bounds, sizeof(bounds), true);
		snprintf(out, size,
		    "{type: %s, rules: [%s], timespan: %us%s, "
		    "condition: {field: n, %s%s}}",
		    of[k], from, span, group, bounds,
		    k == 3 ? ", percentile: 30" : "");
	}
}

/* --- random events --- */

struct sample {
	uint32_t rule;
	int64_t time; /* seconds */
	uint64_t event;
	const char *values[WORLD_FIELDS];
};

static void
draw_samples(struct sample *v, size_t n)
{
	static const char *const texts[] = { NULL, "x", "y", "z", "" };
	static const char *const numbers[] = { NULL, "0", "1", "2", "5", "-3",
		"0.25", "x" };
	size_t i;

	for (i = 0; i < n; i++) {
		v[i] = (struct sample){ draw(4), draw(25), 1 + i, { NULL } };
		v[i].values[0] = texts[draw(4)];
		v[i].values[1] = texts[1 + draw(3)];
		v[i].values[3] = numbers[draw(8)];
	}
}

static void
shuffle(struct sample *v, size_t n)
{
	struct sample one;
	size_t i, k;

	for (i = n; i > 1; i--) {
		k = draw((unsigned)i);
		one = v[i - 1];
		v[i - 1] = v[k];
		v[k] = one;
	}
}

static int
by_time(const void *a, const void *b)
{
	const struct sample *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return x->event < y->event ? -1 : x->event > y->event;
}

/* --- the plain way --- */

struct input {
	uint32_t correlation, source;
	int64_t time;
	uint64_t event;
	const char *group[2], *field;
	bool ended; /* absence: told, or followed */
};

struct plain {
	const struct correlation_linked *rules;
	struct input v[INPUTS];
	size_t n;
	struct buf out;
};

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Whether one is in the window of another: of its group, and not too old. */
static bool
in_window(const struct plain *p, const struct input *e, const struct input *now)
{
	const struct correlation *c = p->rules[now->correlation].c;

	return e->correlation == now->correlation &&
	    same(e->group[0], now->group[0]) &&
	    same(e->group[1], now->group[1]) &&
	    e->time >= now->time - c->timespan / WORLD_SECOND;
}

static bool
row_from(const struct plain *p, const struct input *now, size_t source,
    int64_t from)
{
	size_t i;

	if (source == p->rules[now->correlation].c->nrules)
		return true;
	for (i = 0; i < p->n; i++)
		if (p->v[i].source == source && p->v[i].time >= from &&
		    in_window(p, &p->v[i], now) &&
		    row_from(p, now, source + 1, p->v[i].time))
			return true;
	return false;
}

static int
by_number(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static double
rank_of(double *v, size_t n, double percent)
{
	double place = (double)(n - 1) * percent / 100;
	size_t low = (size_t)place;

	qsort(v, n, sizeof(*v), by_number);
	return low + 1 < n
	    ? v[low] + (place - (double)low) * (v[low + 1] - v[low])
	    : v[n - 1];
}

static double
value_of(const struct plain *p, const struct input *now)
{
	static double numbers[INPUTS];
	const struct correlation *c = p->rules[now->correlation].c;
	size_t i, k, n = 0, distinct = 0, rules = 0;
	bool seen[CORRELATION_RULES] = { false };
	const struct input *e[INPUTS];
	double sum = 0;

	for (i = 0; i < p->n; i++)
		if (in_window(p, &p->v[i], now))
			e[n++] = &p->v[i];
	for (i = 0; i < n; i++) {
		rules += !seen[e[i]->source];
		seen[e[i]->source] = true;
		for (k = 0; k < i && !same(e[k]->field, e[i]->field); k++)
			;
		distinct += k == i;
		numbers[i] = e[i]->field == NULL ? 0 : atof(e[i]->field);
		sum += numbers[i];
	}
	switch (c->type) {
	case CORRELATION_EVENT_COUNT:
		return (double)n;
	case CORRELATION_VALUE_COUNT:
		return (double)distinct;
	case CORRELATION_VALUE_SUM:
		return sum;
	case CORRELATION_VALUE_AVG:
		return sum / (double)n;
	case CORRELATION_VALUE_PERCENTILE:
		return rank_of(numbers, n, c->percentile);
	case CORRELATION_VALUE_MEDIAN:
		return rank_of(numbers, n, 50);
	case CORRELATION_TEMPORAL:
	case CORRELATION_TEMPORAL_ORDERED:
	case CORRELATION_ABSENCE:
		break;
	}
	return (double)rules;
}

static bool
holds(const struct plain *p, const struct input *now, double v)
{
	const struct correlation *c = p->rules[now->correlation].c;
	size_t i;

	if (c->type == CORRELATION_TEMPORAL_ORDERED)
		return row_from(p, now, 0, INT64_MIN);
	if (c->nbound == 0)
		return v == (double)c->nrules;
	for (i = 0; i < c->nbound; i++) {
		double b = c->bound[i].value;
		bool is[] = { v > b, v >= b, v < b, v <= b, v == b, v != b };

		if (!is[c->bound[i].op])
			return false;
	}
	return true;
}

static bool
takes_part(const struct plain *p, const struct input *e)
{
	const struct correlation *c = p->rules[e->correlation].c;
	double v;

	return c->nfields == 0 ||
	    (e->field != NULL &&
		(c->type == CORRELATION_VALUE_COUNT ||
		    detection_number(span_str(e->field), &v)));
}

static void take(struct plain *p, struct input e);

/* What came of it, and who refers to that. */
static void
give(struct plain *p, const struct input *e, int64_t time, double value)
{
	const struct correlation *c = p->rules[e->correlation].c;
	struct input next;
	uint32_t i;
	size_t k, g;

	buf_printf(&p->out, "%u@%" PRId64 "(", e->correlation, time);
	for (g = 0; g < c->ngroup; g++)
		buf_printf(&p->out, "%s%s", g > 0 ? "," : "",
		    e->group[g] == NULL ? "-" : e->group[g]);
	buf_printf(&p->out, ")=%.9g ", value);
	for (i = 0; i < WORLD_RULES; i++)
		for (k = 0; p->rules[i].c != NULL && k < p->rules[i].c->nrules;
		     k++) {
			const struct correlation_source *s =
			    &p->rules[i].sources[k];

			if (!s->chained || s->number != e->correlation)
				continue;
			next = (struct input){ .correlation = i,
				.source = (uint32_t)k,
				.time = time,
				.event = e->event };
			for (g = 0; g < p->rules[i].c->ngroup; g++)
				next.group[g] = e->group[s->group[g]];
			if (p->rules[i].c->nfields > 0)
				next.field = e->group[s->fields[0]];
			if (takes_part(p, &next))
				take(p, next);
		}
}

static void
take_absence(struct plain *p, struct input *e)
{
	struct input *o;

	e->ended = e->source == 1;
	for (o = p->v; o < e; o++) {
		if (o->correlation != e->correlation ||
		    o->source == e->source || !same(o->group[0], e->group[0]) ||
		    !same(o->group[1], e->group[1]))
			continue;
		if (e->source == 1)
			o->ended = true;
		else
			e->ended |= o->time == e->time;
	}
}

static void
take(struct plain *p, struct input e)
{
	const struct correlation *c = p->rules[e.correlation].c;
	double v;

	if (p->n == INPUTS)
		abort();
	p->v[p->n++] = e;
	if (c->type == CORRELATION_ABSENCE) {
		take_absence(p, &p->v[p->n - 1]);
		return;
	}
	v = value_of(p, &e);
	if (holds(p, &e, v))
		give(p, &e, e.time, v);
}

/* Whose time has run out by then, the first first. */
static void
run_out(struct plain *p, int64_t now)
{
	struct input *first, *e;
	int64_t until, best = 0;
	size_t i, n;

	do {
		first = NULL;
		for (i = 0, n = p->n; i < n; i++) {
			e = &p->v[i];
			until = e->time +
			    p->rules[e->correlation].c->timespan / WORLD_SECOND;
			if (p->rules[e->correlation].c->type !=
				CORRELATION_ABSENCE ||
			    e->ended || until > now ||
			    (first != NULL &&
				(until > best ||
				    (until == best &&
					e->correlation >= first->correlation))))
				continue;
			first = e;
			best = until;
		}
		if (first != NULL) {
			first->ended = true;
			give(p, first, best, 0);
		}
	} while (first != NULL);
}

static void
work_out(struct plain *p, struct sample *v, size_t n)
{
	size_t i, k, g;
	uint32_t r;

	qsort(v, n, sizeof(*v), by_time);
	for (i = 0; i < n; i++)
		for (r = 0; r < WORLD_RULES; r++)
			for (k = 0;
			     p->rules[r].c != NULL && k < p->rules[r].c->nrules;
			     k++) {
				const struct correlation_source *s =
				    &p->rules[r].sources[k];
				struct input e = { .correlation = r,
					.source = (uint32_t)k,
					.time = v[i].time,
					.event = v[i].event };

				if (s->chained || s->number != v[i].rule)
					continue;
				for (g = 0; g < p->rules[r].c->ngroup; g++)
					e.group[g] = v[i].values[s->group[g]];
				if (p->rules[r].c->nfields > 0)
					e.field = v[i].values[s->fields[0]];
				if (!takes_part(p, &e))
					continue;
				run_out(p, v[i].time);
				take(p, e);
			}
}

/* --- one round --- */

/* As they come, late by 8 seconds at most, the watermark behind them. */
static void
push_live(struct world *w, struct sample *v, size_t n)
{
	int64_t newest = INT64_MIN;
	size_t i, k;

	qsort(v, n, sizeof(*v), by_time);
	for (i = 0; i < n; i++) /* swaps of neighbours near in time */
		if ((k = i + draw(6)) < n && v[k].time - v[i].time < 4 &&
		    (i == 0 || v[i - 1].time - v[i].time < 4)) {
			struct sample one = v[i];

			v[i] = v[k];
			v[k] = one;
		}
	for (i = 0; i < n; i++) {
		world_push(w, v[i].rule, v[i].time * WORLD_SECOND, v[i].event,
		    v[i].values);
		if (v[i].time > newest)
			newest = v[i].time;
		if (draw(2) == 0)
			correlate_advance(w->c, newest * WORLD_SECOND);
	}
	correlate_finish(w->c);
}

static void
push_all(struct world *w, struct sample *v, size_t n)
{
	size_t i;

	shuffle(v, n);
	for (i = 0; i < n; i++)
		world_push(w, v[i].rule, v[i].time * WORLD_SECOND, v[i].event,
		    v[i].values);
	correlate_finish(w->c);
}

static bool
is_fine(struct world *w, struct plain *p, char yaml[][256], const char *how)
{
	const char *is = world_results(w), *want = buf_cstr(&p->out);
	int i;

	if (strcmp(is, want) == 0)
		return true;
	printf("# %s\n# is   %s\n# want %s\n", how, is, want);
	for (i = 0; i < 5; i++)
		printf("# c%d %s\n", i, yaml[i]);
	return false;
}

static bool
one_round(uint64_t *results)
{
	static struct plain p;
	struct correlate_limits limits = CORRELATE_LIMITS;
	struct sample v[EVENTS];
	char yaml[5][256];
	const char *lines[5];
	struct world w, live;
	unsigned i;
	bool fine;

	for (i = 0; i < 5; i++) {
		draw_correlation(yaml[i], sizeof(yaml[i]), i);
		lines[i] = yaml[i];
	}
	limits.lateness = 8 * WORLD_SECOND;
	world_init(&w, lines, 5, &limits);
	world_init(&live, lines, 5, &limits);
	draw_samples(v, EVENTS);
	p.rules = w.rules;
	p.n = 0;
	buf_init(&p.out);
	work_out(&p, v, EVENTS);
	push_all(&w, v, EVENTS);
	push_live(&live, v, EVENTS);
	*results += w.results;
	fine = is_fine(&w, &p, yaml, "in any order") &&
	    is_fine(&live, &p, yaml, "live") && correlate_late(live.c) == 0 &&
	    correlate_lost(w.c, CORRELATE_LOST_GROUP) == 0;
	buf_fini(&p.out);
	world_fini(&live);
	world_fini(&w);
	return fine;
}

static void
test_random(void)
{
	uint64_t results = 0;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		state = 1000u + (unsigned)i;
		if (!one_round(&results))
			break;
	}
	ok(i == ROUNDS,
	    "%d rounds as the plain way has them, "
	    "%" PRIu64 " results",
	    i, results);
	ok(results > ROUNDS * 20, "and not for want of results");
}

int
main(void)
{
	test_random();
	return done();
}
