/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>

#include "tests/tap.h"
#include "tests/unit/correlate_lib.h"

/* A million distinct keys, within what memory is allowed. */
#define KEYS 1000000

static void
push_keys(struct world *w, size_t *most)
{
	const char *values[WORLD_FIELDS] = { NULL };
	char user[32];
	unsigned i;

	for (i = 0; i < KEYS; i++) {
		snprintf(user, sizeof(user), "user-%u", i);
		values[0] = user;
		world_push(w, i % 4, i * INT64_C(1000), i, values);
		if (i % 1000 == 0)
			correlate_advance(w->c, i * INT64_C(1000));
		if (correlate_bytes(w->c) > *most)
			*most = correlate_bytes(w->c);
	}
	correlate_finish(w->c);
}

static void
test_keys(void)
{
	static const char *const yaml[] = {
		"{type: value_count, rules: [a, b, c], group-by: u, timespan: "
		"1d, condition: {field: u, gte: 2}}",
		"{after: d, expect: c, within: 1d, group-by: u}",
		"{type: event_count, rules: [d], group-by: u, timespan: 1h, "
		"condition: {gte: 1}}",
	};
	struct correlate_limits limits = CORRELATE_LIMITS;
	size_t most = 0;
	struct world w;

	limits.bytes = 8u << 20;
	limits.lateness = WORLD_SECOND;
	world_init(&w, yaml, 3, &limits);
	push_keys(&w, &most);
	ok(most <= limits.bytes && most > limits.bytes / 2,
	    "a million keys stay in their bytes: %zu of %zu", most,
	    limits.bytes);
	ok(correlate_lost(w.c, CORRELATE_LOST_GROUP) > KEYS / 2 &&
		w.lost == correlate_lost(w.c, CORRELATE_LOST_GROUP),
	    "each that went is counted and told");
	ok(w.results == KEYS / 4, "and what needs no memory is found");
	world_fini(&w);

	limits = CORRELATE_LIMITS;
	limits.groups = 1000;
	world_init(&w, yaml, 3, &limits);
	most = 0;
	push_keys(&w, &most);
	ok(correlate_groups(w.c) <= 1000, "nor are there more groups than may");
	world_fini(&w);
}

int
main(void)
{
	test_keys();
	return done();
}
