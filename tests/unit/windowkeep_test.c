/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/match_window.h"
#include "analyzer/sigma/correlation.h"
#include "common/utc.h"
#include "tests/tap.h"

static struct correlation some;

static struct match_window *
window(const struct rule *r)
{
	struct match_window *w = calloc(1, sizeof(*w) + 1);

	if (w == NULL)
		abort();
	w->rule = r;
	return w;
}

static void
put(struct match_window *w, uint64_t index, int64_t time, const char *source,
    const char *inside)
{
	static struct event e;

	memset(&e, 0, sizeof(e));
	e.index = index;
	event_add(&e, ECS_SOURCE_IP, span_str(source));
	event_add(&e, ECS_TUNNEL_IP, span_str(inside));
	match_keep(w, &e, "log", time);
}

/* Whether the copies are of these records, in this order. */
static bool
has(const struct match_window *w, const uint64_t *index, size_t n)
{
	size_t i;

	for (i = 0; i < n && i < w->n; i++)
		if (keep_index(w->kept[i]) != index[i])
			return false;
	return w->n == n;
}

#define HAS(w, ...)                                                            \
	has(w, (const uint64_t[]){ __VA_ARGS__ },                              \
	    sizeof((const uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t))

static void
check_events(void)
{
	struct rule r = { 0 };
	struct match_window *w = window(&r);
	uint64_t i;

	for (i = 0; i < 3; i++)
		put(w, 10 + i, 100 - (int64_t)i, "192.0.2.1", "");
	ok(HAS(w, 12, 11, 10), "each event is kept, by time");
	for (i = 0; i < 60; i++)
		put(w, 20 + i, 200 + (int64_t)i, "192.0.2.1", "");
	ok(w->n == FINDING_CITES && w->count == 63 &&
		keep_index(w->kept[FINDING_CITES - 1]) == 66 &&
		w->index_first == 10 && w->index_last == 79,
	    "the first of them as many as can be cited; all are counted");
	put(w, 5, 1, "192.0.2.1", "");
	ok(w->n == FINDING_CITES && keep_index(w->kept[0]) == 5 &&
		keep_index(w->kept[FINDING_CITES - 1]) == 65,
	    "one before them takes the place of the last");
	match_window_free(w);
}

static void
check_results(void)
{
	struct rule r = { .correlation = &some };
	struct match_window *w = window(&r);
	char address[32];
	unsigned i;

	put(w, 10, 100, "192.0.2.1", "");
	put(w, 11, 101, "192.0.2.1", "");
	put(w, 12, 102, "192.0.2.1", "10.9.0.1");
	put(w, 13, 103, "192.0.2.2", "");
	ok(HAS(w, 10, 12, 13) && w->count == 4,
	    "of results one is kept for each address, and inner address");
	put(w, 14, 90, "192.0.2.2", "");
	ok(HAS(w, 14, 10, 12), "the first of each");
	for (i = 1; i < 40; i++) {
		snprintf(address, sizeof(address), "198.51.100.%u", i);
		put(w, 20 + i, 200 + (int64_t)i, address, "");
	}
	ok(w->n == FINDING_ENTITIES && w->count == 44 &&
		keep_index(w->kept[FINDING_ENTITIES - 1]) == 41,
	    "as many as a finding can name");
	put(w, 99, 95, "198.51.100.39", "");
	ok(w->n == FINDING_ENTITIES && keep_index(w->kept[1]) == 99,
	    "one that was not among them, earlier");
	match_window_free(w);
}

/* What a rule asks of each result cannot be told by another. */
static void
check_judged(void)
{
	struct rule_raise raise = { 0 };
	struct rule r = { .correlation = &some, .raises = &raise };
	struct match_window *w = window(&r);

	put(w, 10, 100, "192.0.2.1", "");
	put(w, 11, 101, "192.0.2.1", "");
	ok(HAS(w, 10, 11), "results that are judged each are kept each");
	match_window_free(w);
}

static void
check_hours(void)
{
	struct rule r = { .baseline.measure = RULE_MEASURE_VALUES };
	struct match_window *w = window(&r);

	put(w, 10, UTC_HOUR + 50, "192.0.2.1", "");
	put(w, 11, UTC_HOUR + 51, "192.0.2.2", "");
	put(w, 12, UTC_HOUR + 49, "192.0.2.3", "");
	put(w, 13, 2 * UTC_HOUR, "192.0.2.1", "");
	ok(HAS(w, 12, 13), "with a baseline, the first of each hour");
	match_window_free(w);
}

int
main(void)
{
	check_events();
	check_results();
	check_judged();
	check_hours();
	return done();
}
