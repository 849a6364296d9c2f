/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/window.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define MILLION 1000000
#define SPARE 8 /* events whose room is kept for another window */

static bool
is_sorted(const struct correlation *c)
{
	return c->type == CORRELATION_VALUE_PERCENTILE ||
	    c->type == CORRELATION_VALUE_MEDIAN;
}

static bool
is_sum(const struct correlation *c)
{
	return c->type == CORRELATION_VALUE_SUM ||
	    c->type == CORRELATION_VALUE_AVG;
}

static bool
is_temporal(const struct correlation *c)
{
	return c->type == CORRELATION_TEMPORAL ||
	    c->type == CORRELATION_TEMPORAL_ORDERED;
}

static const struct window_event *
at(const struct window *w, uint32_t i)
{
	return &w->v[(w->first + i) & (w->cap - 1)];
}

void
window_fini(struct window *w)
{
	free(w->v);
	free(w->numbers);
	free(w->marks);
	free(w->seen);
	free(w->since);
	*w = (struct window){ 0 };
}

static void *
sized(void *p, size_t n, size_t size)
{
	p = reallocarray(p, n, size);
	if (p == NULL)
		abort();
	return p;
}

/* A ring for cap events, a power of two and enough for those there are. */
static void
resize(struct window *w, const struct correlation *c, uint32_t cap)
{
	struct window_event *v = sized(NULL, cap, sizeof(*v));
	uint32_t i;

	assert(w->n <= cap);
	for (i = 0; i < w->n; i++)
		v[i] = *at(w, i);
	free(w->v);
	w->v = v;
	w->first = 0;
	w->cap = cap;
	if (is_sorted(c))
		w->numbers = sized(w->numbers, cap, sizeof(*w->numbers));
	if (c->type == CORRELATION_VALUE_COUNT)
		w->marks = sized(w->marks, cap, sizeof(*w->marks));
}

static void
begin(struct window *w, const struct correlation *c)
{
	size_t i, n = c->nrules;

	resize(w, c, 2);
	if (!is_temporal(c))
		return;
	w->seen = sized(NULL, n, sizeof(*w->seen));
	memset(w->seen, 0, n * sizeof(*w->seen));
	if (c->type == CORRELATION_TEMPORAL)
		return;
	w->since = sized(NULL, 2 * n, sizeof(*w->since));
	w->last = w->since + n;
	for (i = 0; i < 2 * n; i++)
		w->since[i] = INT64_MIN;
}

void
window_clear(struct window *w, const struct correlation *c)
{
	size_t i;

	if (w->cap > SPARE) {
		window_fini(w);
		return;
	}
	w->first = w->n = w->untold = w->nmarks = 0;
	w->sum = 0;
	for (i = 0; w->seen != NULL && i < c->nrules; i++)
		w->seen[i] = 0;
	for (i = 0; w->since != NULL && i < 2 * c->nrules; i++)
		w->since[i] = INT64_MIN;
}

/* Whole and fraction apart: a large number has no room for millionths. */
static window_sum
millionths(double v)
{
	window_sum whole = (window_sum)v;
	double rest = (v - (double)whole) * MILLION;

	return whole * MILLION + (int)(rest < 0 ? rest - 0.5 : rest + 0.5);
}

/* Where the first number that is not below v stands. */
static uint32_t
number_at(const struct window *w, uint32_t n, double v)
{
	uint32_t low = 0, high = n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (w->numbers[mid] < v)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static uint32_t
mark_at(const struct window *w, const uint8_t *mark)
{
	uint32_t low = 0, high = w->nmarks, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (memcmp(w->marks[mid].mark, mark, WINDOW_MARK) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void
mark_in(struct window *w, const uint8_t *mark)
{
	uint32_t i = mark_at(w, mark);
	struct window_mark *m = &w->marks[i];

	if (i == w->nmarks || memcmp(m->mark, mark, WINDOW_MARK) != 0) {
		memmove(m + 1, m, (w->nmarks - i) * sizeof(*m));
		memcpy(m->mark, mark, WINDOW_MARK);
		m->n = 0;
		w->nmarks++;
	}
	m->n++;
}

static void
mark_out(struct window *w, const uint8_t *mark)
{
	uint32_t i = mark_at(w, mark);
	struct window_mark *m = &w->marks[i];

	if (--m->n > 0)
		return;
	w->nmarks--;
	memmove(m, m + 1, (w->nmarks - i) * sizeof(*m));
}

/*
 * Rules in their order need no search: for each it is enough to know the
 * latest start of a row that ends with it.  Those of the same time as this
 * one follow it as well, although they came before.
 */
static void
order(struct window *w, const struct correlation *c,
    const struct window_event *e)
{
	size_t k = e->source;
	int64_t start = k == 0 ? e->time : w->since[k - 1];

	for (;; start = w->since[k++]) {
		w->since[k] = start; /* never earlier than it was */
		if (k == e->source)
			w->last[k] = e->time;
		if (k + 1 == c->nrules || w->last[k + 1] != e->time)
			return;
	}
}

/* The oldest goes. */
static void
drop(struct window *w, const struct correlation *c)
{
	const struct window_event *e = at(w, 0);
	uint32_t i;

	if (is_sum(c))
		w->sum -= millionths(e->value.number);
	if (is_sorted(c)) {
		i = number_at(w, w->n, e->value.number);
		memmove(w->numbers + i, w->numbers + i + 1,
		    (w->n - i - 1) * sizeof(*w->numbers));
	}
	if (c->type == CORRELATION_VALUE_COUNT)
		mark_out(w, e->value.mark);
	if (is_temporal(c))
		w->seen[e->source]--;
	w->untold -= !e->told;
	w->first = (w->first + 1) & (w->cap - 1);
	w->n--;
}

/* All that is kept beside the ring. */
static void
note(struct window *w, const struct correlation *c,
    const struct window_event *e)
{
	uint32_t i;

	if (is_sum(c))
		w->sum += millionths(e->value.number);
	if (is_sorted(c)) {
		i = number_at(w, w->n, e->value.number);
		memmove(w->numbers + i + 1, w->numbers + i,
		    (w->n - i) * sizeof(*w->numbers));
		w->numbers[i] = e->value.number;
	}
	if (c->type == CORRELATION_VALUE_COUNT)
		mark_in(w, e->value.mark);
	if (is_temporal(c))
		w->seen[e->source]++;
	w->untold++;
}

static void
make_room(struct window *w, const struct correlation *c)
{
	if (w->n == w->cap)
		resize(w, c, w->cap * 2);
	else if (w->cap > 2 && w->n < w->cap / 8)
		resize(w, c, w->cap / 2);
}

uint32_t
window_push(struct window *w, const struct correlation *c,
    const struct window_event *e, uint32_t max)
{
	uint32_t lost = 0;

	if (w->cap == 0)
		begin(w, c);
	while (w->n > 0 && at(w, 0)->time <= e->time - c->timespan)
		drop(w, c);
	for (; w->n >= max; lost++)
		drop(w, c);
	make_room(w, c);
	note(w, c, e);
	if (c->type == CORRELATION_TEMPORAL_ORDERED)
		order(w, c, e);
	w->v[(w->first + w->n++) & (w->cap - 1)] = *e;
	return lost;
}

int64_t
window_newest(const struct window *w)
{
	return w->n == 0 ? INT64_MIN : at(w, w->n - 1)->time;
}

static bool
is_before(const struct window_event *a, const struct window_event *b)
{
	return a->time != b->time ? a->time < b->time : a->event < b->event;
}

/* Rows of rules, once more from the first event that is left. */
static void
order_anew(struct window *w, const struct correlation *c)
{
	uint32_t i;

	for (i = 0; i < 2 * c->nrules; i++)
		w->since[i] = INT64_MIN;
	for (i = 0; i < w->n; i++)
		order(w, c, at(w, i));
}

bool
window_insert(struct window *w, const struct correlation *c,
    const struct window_event *e, uint32_t max)
{
	uint32_t i;

	if (w->n == 0 || w->n >= max ||
	    e->time <= at(w, w->n - 1)->time - c->timespan)
		return false;
	make_room(w, c);
	note(w, c, e);
	for (i = w->n++; i > 0 && is_before(e, at(w, i - 1)); i--)
		w->v[(w->first + i) & (w->cap - 1)] = *at(w, i - 1);
	w->v[(w->first + i) & (w->cap - 1)] = *e;
	if (c->type == CORRELATION_TEMPORAL_ORDERED)
		order_anew(w, c);
	return true;
}

size_t
window_fresh(struct window *w, uint64_t *events, size_t max, uint64_t *of)
{
	uint32_t i = w->n, found = 0;
	struct window_event *e;
	size_t n = 0;

	while (found < w->untold)
		found += !at(w, --i)->told;
	for (; i < w->n; i++) {
		e = &w->v[(w->first + i) & (w->cap - 1)];
		if (!e->told && n < max)
			events[n++] = e->event;
		e->told = true;
	}
	*of = w->untold;
	w->untold = 0;
	return n;
}

/* Linear between the closest ranks. */
static double
rank(const struct window *w, unsigned percent)
{
	double place = (double)(w->n - 1) * percent / 100;
	uint32_t low = (uint32_t)place;

	if (low + 1 >= w->n)
		return w->numbers[w->n - 1];
	return w->numbers[low] +
	    (place - low) * (w->numbers[low + 1] - w->numbers[low]);
}

static double
rules_seen(const struct window *w, const struct correlation *c)
{
	size_t i, n = 0;

	for (i = 0; i < c->nrules; i++)
		n += w->seen[i] > 0;
	return (double)n;
}

double
window_value(const struct window *w, const struct correlation *c)
{
	switch (c->type) {
	case CORRELATION_EVENT_COUNT:
		return w->n;
	case CORRELATION_VALUE_COUNT:
		return w->nmarks;
	case CORRELATION_TEMPORAL:
	case CORRELATION_TEMPORAL_ORDERED:
		return rules_seen(w, c);
	case CORRELATION_VALUE_SUM:
		return (double)w->sum / MILLION;
	case CORRELATION_VALUE_AVG:
		return (double)w->sum / MILLION / w->n;
	case CORRELATION_VALUE_PERCENTILE:
		return rank(w, c->percentile);
	case CORRELATION_VALUE_MEDIAN:
		return rank(w, 50);
	case CORRELATION_ABSENCE:
		break;
	}
	return 0;
}

static bool
is_within(const struct correlation_bound *b, double v)
{
	switch (b->op) {
	case CORRELATION_GT:
		return v > b->value;
	case CORRELATION_GTE:
		return v >= b->value;
	case CORRELATION_LT:
		return v < b->value;
	case CORRELATION_LTE:
		return v <= b->value;
	case CORRELATION_EQ:
		return v == b->value;
	case CORRELATION_NEQ:
		return v != b->value;
	}
	return false;
}

static bool
is_seen(void *arg, size_t item)
{
	const struct window *w = arg;

	return w->seen[item] > 0;
}

bool
window_holds(const struct window *w, const struct correlation *c)
{
	double value = window_value(w, c);
	size_t i;

	if (c->type == CORRELATION_TEMPORAL_ORDERED)
		return w->since[c->nrules - 1] >
		    at(w, w->n - 1)->time - c->timespan;
	if (c->condition != NULL)
		return condition_holds(c->condition, is_seen,
		    (void *)(uintptr_t)w);
	if (c->nbound == 0)
		return value == (double)c->nrules;
	for (i = 0; i < c->nbound; i++)
		if (!is_within(&c->bound[i], value))
			return false;
	return true;
}

size_t
window_list(const struct window *w, const struct correlation *c,
    uint64_t *events, size_t max)
{
	bool seen[CORRELATION_RULES] = { false };
	size_t rules = is_temporal(c) ? (size_t)rules_seen(w, c) : 0;
	size_t n = w->n < max ? w->n : max, left = n;
	uint32_t i;

	for (i = w->n; i-- > 0 && left > 0;) {
		const struct window_event *e = at(w, i);
		bool first = !seen[e->source];

		if (!first && left <= rules)
			continue;
		seen[e->source] = true;
		rules -= first && rules > 0;
		events[--left] = e->event;
	}
	memmove(events, events + left, (n - left) * sizeof(*events));
	return n - left;
}

size_t
window_bytes(const struct window *w, const struct correlation *c)
{
	size_t each = sizeof(*w->v) + (is_sorted(c) ? sizeof(double) : 0) +
	    (c->type == CORRELATION_VALUE_COUNT ? sizeof(*w->marks) : 0);
	size_t rules = is_temporal(c) ? sizeof(*w->seen) : 0;

	if (c->type == CORRELATION_TEMPORAL_ORDERED)
		rules += 2 * sizeof(*w->since);
	return w->cap == 0 ? 0 : w->cap * each + c->nrules * rules;
}
