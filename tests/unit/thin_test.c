/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/kept.h"
#include "analyzer/rule/thin.h"
#include "tests/tap.h"

#define SECOND INT64_C(1000000)
#define PART (10 * 60 * SECOND / THIN_PARTS + 1)

static uint32_t group[] = { 0 }, fields[] = { 1 };
static const struct correlation_source source = { .group = group,
	.fields = fields };
static struct correlation c = { .type = CORRELATION_VALUE_COUNT,
	.ngroup = 1,
	.nfields = 1,
	.timespan = 10 * 60 * SECOND };

static bool
seen(struct thin *t, uint64_t which, int64_t time, const char *from,
    const char *to)
{
	struct buf words;
	struct view v;
	bool was;

	view_init(&v, 2);
	view_clear(&v);
	if (from != NULL)
		view_add(&v, 0, span_str(from), false);
	view_add(&v, 1, span_str(to), false);
	buf_init(&words);
	thin_words(&c, &source, &v, &words);
	was = thin_seen(t, which, &c, time, buf_view(&words));
	buf_fini(&words);
	view_fini(&v);
	return was;
}

static void
check_thin(void)
{
	struct thin *t = thin_new();
	int64_t at = 1000 * PART;

	ok(!seen(t, 0, at, "10.0.0.1", "10.0.0.9"), "the first is taken");
	ok(seen(t, 0, at + PART - 1, "10.0.0.1", "10.0.0.9"),
	    "another of its part of the timespan is not");
	ok(!seen(t, 0, at + PART, "10.0.0.1", "10.0.0.9"),
	    "one of the next part is");
	ok(!seen(t, 0, at, "10.0.0.1", "10.0.0.8"), "another value is");
	ok(!seen(t, 0, at, "10.0.0.2", "10.0.0.9"), "so is another group");
	ok(!seen(t, 0, at, "10.0.0.11", "0.0.0.9"), "values have their ends");
	ok(!seen(t, 0, at, NULL, "10.0.0.9") && !seen(t, 0, at, "", "10.0.0.9"),
	    "a missing value is not an empty one");
	ok(!seen(t, 1, at, "10.0.0.1", "10.0.0.9"), "each rule for itself");
	thin_free(t);
}

static void
check_may(void)
{
	struct correlation_linked l = { &c, NULL };

	c.nbound = 1;
	c.bound[0].op = CORRELATION_GTE;
	ok(thin_may(&l), "at least so many values");
	c.bound[0].op = CORRELATION_LT;
	ok(!thin_may(&l), "not: fewer than so many");
	c.bound[0].op = CORRELATION_GTE;
	c.type = CORRELATION_EVENT_COUNT;
	ok(!thin_may(&l), "not: so many events");
	c.type = CORRELATION_VALUE_COUNT;
}

static uint64_t
index_of(const struct kept_event *v)
{
	static struct event e;

	kept_restore(v, &e);
	return e.index;
}

/* Copies take so many bytes and no more, whatever they are. */
static void
check_bytes(void)
{
	static uint8_t text[3000];
	struct kept *k = kept_new(10000, 1u << 20);
	struct event *e = calloc(1, sizeof(*e));
	bool bounded = true;
	uint64_t i;

	if (e == NULL)
		abort();
	e->message = span_make(text, sizeof(text));
	for (i = 0; i < 2000; i++) {
		kept_put(k, i, e, "log", 1000 + (int64_t)i);
		bounded &= kept_count(k) <= (1u << 20) / sizeof(text) + 25;
	}
	ok(bounded && kept_count(k) > 200, "bounded in bytes: %zu stay",
	    kept_count(k));
	ok(kept_find(k, 1999) != NULL && kept_find(k, 0) == NULL,
	    "of which the newest");
	for (; !kept_is_full(k); i++)
		kept_put(k, i, e, "log", 1000 + (int64_t)i);
	i = kept_count(k);
	kept_forget(k, kept_early(k));
	ok(kept_count(k) < i && kept_count(k) > i / 2,
	    "some of the oldest can be done with early");
	kept_forget(k, INT64_MAX);
	ok(kept_count(k) == 0 && !kept_is_full(k), "none is not full");
	kept_free(k);
	free(e);
}

static void
check_kept(void)
{
	struct kept *k = kept_new(3, SIZE_MAX);
	struct event *e = calloc(1, sizeof(*e));
	uint64_t i;

	if (e == NULL)
		abort();
	for (i = 0; i < 3; i++) {
		e->index = 100 + i;
		kept_put(k, i, e, "log", (int64_t)i);
	}
	kept_put(k, 1, e, "log", 9);
	ok(kept_count(k) == 3 && kept_find(k, 1) != NULL &&
		index_of(kept_find(k, 1)) == 101,
	    "kept once, by number");
	kept_put(k, 7, e, "log", 7);
	ok(kept_count(k) == 3 && kept_find(k, 0) == NULL &&
		kept_find(k, 7) != NULL,
	    "beyond the bound the oldest goes");
	kept_forget(k, 2);
	ok(kept_count(k) == 2 && kept_find(k, 1) == NULL &&
		kept_find(k, 2) != NULL,
	    "what time has passed goes");
	kept_forget(k, 100);
	ok(kept_count(k) == 0, "all of it");
	kept_put(k, 8, e, "log", 8);
	ok(kept_count(k) == 1 && kept_find(k, 8) != NULL, "and others come");
	kept_free(k);
	free(e);
}

int
main(void)
{
	check_thin();
	check_may();
	check_kept();
	check_bytes();
	return done();
}
