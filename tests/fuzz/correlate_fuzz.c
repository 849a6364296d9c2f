/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "tests/unit/correlate_lib.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * In whatever order events are pushed that are no later than the allowance,
 * the results are the same; and what is held stays within the limits.
 */
#define EVENTS 200
#define LATENESS 6

static const char *const yaml[] = {
	"{type: event_count, rules: [a, b], group-by: u, timespan: 4s, "
	"condition: {gte: 2}}",
	"{type: value_count, rules: [a, c0], group-by: u, timespan: 6s, "
	"condition: {field: u, lte: 2}}",
	"{type: temporal, rules: [a, c0, c], group-by: u, timespan: 3s}",
	"{type: temporal_ordered, rules: [c0, b, d], timespan: 9s}",
	"{type: value_sum, rules: [a, d], group-by: [u, v], timespan: 5s, "
	"condition: {field: n, gt: 2}}",
	"{type: value_percentile, rules: [b], timespan: 8s, condition: {field: "
	"n, gte: 2, percentile: 70}}",
	"{after: c0, expect: d, within: 5s, group-by: u}",
	"{type: temporal_ordered, rules: [c6, c], timespan: 1m, group-by: u}",
	"{type: value_avg, rules: [c, d], group-by: v, timespan: 2s, condition:"
	" {field: n, lt: 4}}",
	"{type: value_median, rules: [a, b], group-by: u, timespan: 7s, "
	"condition: {field: n, neq: 3}}",
};

struct sample {
	int64_t time;
	uint8_t what, values;
};

static void
push(struct world *w, const struct sample *s, uint64_t event)
{
	static const char *const texts[] = { NULL, "x", "y", "z" };
	static const char *const numbers[] = { NULL, "1", "2.5", "-4", "9", "x",
		"", "3" };
	const char *values[WORLD_FIELDS] = { texts[s->values & 3],
		texts[s->values >> 2 & 3], NULL, numbers[s->values >> 4 & 7] };

	world_push(w, s->what & 3, s->time * WORLD_SECOND, event, values);
}

/* By what the input says: later than others by LATENESS at most. */
static void
push_live(struct world *w, const struct sample *v, size_t n)
{
	int64_t newest = INT64_MIN;
	bool done[EVENTS] = { false };
	size_t i, k, first = 0;

	while (first < n) {
		/* Of those that may come now, one; the first must. */
		for (i = k = first; k < n; k++)
			if (!done[k] && v[k].time - v[first].time < LATENESS &&
			    (v[k].what >> 2) > (v[i].what >> 2))
				i = k;
		push(w, &v[i], i);
		done[i] = true;
		if (v[i].time > newest)
			newest = v[i].time;
		if (v[i].what & 4)
			correlate_advance(w->c, newest * WORLD_SECOND);
		assert(correlate_bytes(w->c) <= (64u << 20));
		while (first < n && done[first])
			first++;
	}
	correlate_finish(w->c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *buf, size_t len)
{
	struct correlate_limits limits = CORRELATE_LIMITS;
	struct sample v[EVENTS];
	static struct world one, two;
	size_t i, n = len / 3 < EVENTS ? len / 3 : EVENTS;
	int64_t time = 0;

	if (len == 0)
		return 0;
	limits.events = 1u + (buf[0] & 31);
	limits.groups = 1u + (buf[0] >> 5);
	limits.lateness = LATENESS * WORLD_SECOND;
	for (i = 0; i < n; i++) {
		time += buf[3 * i] % 8 == 7 ? buf[3 * i] : buf[3 * i] % 4;
		v[i] = (struct sample){ time, buf[3 * i + 1], buf[3 * i + 2] };
	}
	if (one.c == NULL) {
		world_init(&one, yaml, WORLD_RULES, &limits);
		world_init(&two, yaml, WORLD_RULES, &limits);
	}
	world_again(&one, &limits);
	world_again(&two, &limits);
	for (i = n; i-- > 0;)
		push(&one, &v[i], i);
	correlate_finish(one.c);
	push_live(&two, v, n);
	assert(correlate_late(one.c) == 0 && correlate_late(two.c) == 0);
	assert(strcmp(world_results(&one), world_results(&two)) == 0);
	assert(correlate_groups(one.c) <= limits.groups);
	return 0;
}
