/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/novel.h"

#include "common/utc.h"
#include "tests/tap.h"

#define DAY(n) ((int64_t)(n) * UTC_DAY)

static const struct rule rule = { .novel = { .n = 2,
	.of = { ECS_SOURCE_IP, ECS_DESTINATION_PORT },
	.days = 60,
	.learn = 14,
	.least = 1 } };

static struct arena *arena;

/* An event of that source and port, of rule; whether it is new. */
static bool
note(struct novel *n, const char *ip, const char *port, int64_t time,
    int64_t *bears)
{
	struct event e = { 0 };
	struct facts fs;

	event_set(&e, ECS_SOURCE_IP, span_str(ip));
	if (port != NULL)
		event_set(&e, ECS_DESTINATION_PORT, span_str(port));
	facts_init(&fs, NULL, &e, time, arena);
	return novel_note(n, &rule, &fs, bears);
}

static bool
is_first(struct novel *n, const char *ip, const char *port, int64_t time)
{
	struct event e = { 0 };
	struct facts fs;

	event_set(&e, ECS_SOURCE_IP, span_str(ip));
	event_set(&e, ECS_DESTINATION_PORT, span_str(port));
	facts_init(&fs, NULL, &e, time, arena);
	return novel_is_first(n, &rule, &fs);
}

int
main(void)
{
	struct novel *n = novel_new();
	int64_t bears;

	arena = arena_new();
	ok(note(n, "192.168.1.1", "443", DAY(100), &bears) &&
		bears == DAY(100),
	    "the first of all is new");
	ok(!is_first(n, "192.168.1.1", "443", DAY(100)),
	    "but nothing is told while it learns");
	ok(!note(n, "192.168.1.1", "443", DAY(101), &bears) &&
		bears == INT64_MAX,
	    "again it is not, and nothing changes");
	ok(note(n, "192.168.1.1", "22", DAY(120), &bears) &&
		is_first(n, "192.168.1.1", "22", DAY(120)),
	    "another port is");
	ok(note(n, "192.168.1.2", "22", DAY(120), &bears),
	    "and so is another source");
	ok(note(n, "192.168.1.1", "22", DAY(119), &bears) &&
		bears == DAY(119) &&
		!is_first(n, "192.168.1.1", "22", DAY(120)) &&
		is_first(n, "192.168.1.1", "22", DAY(119)),
	    "an earlier one that comes late takes its place");
	ok(note(n, "192.168.1.1", "443", DAY(162), &bears),
	    "after sixty days without it is new again");
	ok(!note(n, "192.168.1.1", NULL, DAY(130), &bears),
	    "what lacks a field is passed over");
	ok(note(n, "192.168.1.9", "22", DAY(107), &bears) &&
		!is_first(n, "192.168.1.9", "22", DAY(107)),
	    "seven days after the first record it still learns");
	ok(novel_dropped(n) == 0, "nothing was dropped");
	novel_free(n);
	arena_free(arena);
	return done();
}
