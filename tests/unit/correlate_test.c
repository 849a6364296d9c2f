/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdlib.h>
#include <string.h>

#include "analyzer/sigma/groupkey.h"
#include "tests/tap.h"
#include "tests/unit/correlate_lib.h"

#define C(type, rules, rest)                                                   \
	"{type: " type ", rules: [" rules "], timespan: 9s" rest "}"
#define WHEN(condition) ", condition: {" condition "}"
#define BY_U ", group-by: [u]"

static const struct {
	const char *name;
	const char *yaml[WORLD_RULES];
	const char *events, *want;
} rows[] = {
	{ "a count: each event that makes it true, and each while it is",
	    { C("event_count", "a", WHEN("gte: 3")) }, "1a; 2a; 3a; 4a; 5b",
	    "0@3()=3 0@4()=4 " },
	{ "what is exactly a timespan old is in, and then it is out",
	    { C("event_count", "a", WHEN("gte: 2")) }, "1a; 10a; 20a",
	    "0@10()=2 " },
	{ "equal times", { C("event_count", "a", WHEN("gte: 2")) },
	    "1a; 1a; 1a", "0@1()=2 0@1()=3 " },
	{ "fewer than, equal, other than, more than, a range",
	    { C("event_count", "a", WHEN("lt: 2")),
		C("event_count", "a", WHEN("eq: 2")),
		C("event_count", "a", WHEN("neq: 2")),
		C("event_count", "a", WHEN("gt: 3")),
		C("event_count", "a", WHEN("gte: 2, lte: 3")) },
	    "1a; 2a; 3a; 4a",
	    "0@1()=1 2@1()=1 1@2()=2 4@2()=2 2@3()=3 4@3()=3 2@4()=4 "
	    "3@4()=4 " },
	{ "groups are apart, the one without a value too",
	    { C("event_count", "a", BY_U WHEN("gte: 2")) },
	    "1a u=x; 2a u=y; 3a; 4a v=x; 5a u=x; 6a u=null",
	    "0@4(-)=2 0@5(x)=2 0@6(-)=3 " },
	{ "an empty value is not a missing one, nor are two one",
	    { C("event_count", "a", ", group-by: [u, v]" WHEN("gte: 2")) },
	    "1a u= v=; 2a u=x v=; 3a u= v=x; 4a u=; 5a u=x v=", "0@5(x,)=2 " },
	{ "letters count as they are",
	    { C("event_count", "a", BY_U WHEN("gte: 2")) }, "1a u=x; 2a u=X",
	    "" },
	{ "several rules count together",
	    { C("event_count", "a, b", WHEN("gte: 2")) }, "1a; 2b; 3c",
	    "0@2()=2 " },
	{ "distinct values, as long as they are in the window",
	    { C("value_count", "a", WHEN("gte: 2, field: v")) },
	    "1a v=x; 2a v=x; 3a v=y; 4a; 12a v=y; 13a v=y; 14a v=z",
	    "0@3()=2 0@14()=2 " },
	{ "combinations of values",
	    { C("value_count", "a", WHEN("gte: 3, field: [u, v]")) },
	    "1a u=x v=y; 2a u=xy v=; 3a u=x; 4a u= v=xy; 5a u=x v=y",
	    "0@4()=3 0@5()=3 " },
	{ "all rules in any order", { C("temporal", "a, b, c", "") },
	    "1c; 2a; 3a; 4b; 5d; 11b; 12a; 13c", "0@4()=3 0@13()=3 " },
	{ "some of the rules", { C("temporal", "a, b, c", WHEN("gte: 2")) },
	    "1a; 2a; 3c; 11a", "0@3()=2 0@11()=2 " },
	{ "an expression of rules",
	    { C("temporal", "a, b, c", ", condition: a and b and not c") },
	    "1a; 2b; 3c; 4a; 13b; 14a", "0@2()=2 0@13()=2 0@14()=2 " },
	{ "rules in their order", { C("temporal_ordered", "a, b, c", "") },
	    "1a; 2c; 3b; 4a; 5c; 6c; 11b; 12c; 13c",
	    "0@5()=3 0@6()=3 0@12()=3 0@13()=3 " },
	{ "in order the whole row is in the window",
	    { C("temporal_ordered", "a, b", "") }, "1a; 11b; 12a; 21b",
	    "0@21()=2 " },
	{ "a row whose start went out does not hide a later one",
	    { C("temporal_ordered", "a, b, c", "") },
	    "1a; 2b; 3a; 4b; 12c; 13c", "0@12()=3 " },
	{ "equal times are in order, however they stand",
	    { C("temporal_ordered", "a, b, c", "") }, "1c; 1b; 1a; 2d",
	    "0@1()=3 " },
	{ "one event may be all of them",
	    { C("temporal_ordered", "b, a", ""), C("temporal", "b, a", "") },
	    "1ab", "0@1()=2 1@1()=2 " },
	{ "a sum, exact to the millionth, of what is in the window",
	    { C("value_sum", "a", WHEN("field: n, gte: 1")) },
	    "1a n=0.7; 2a n=0.1; 3a n=0.1; 4a n=0.1; 11a n=0.7; 12a n=0.1; "
	    "30a n=2.3; 31a n=-1.3",
	    "0@4()=1 0@11()=1 0@12()=1 0@30()=2.3 0@31()=1 " },
	{ "numbers below zero, and large ones that leave nothing",
	    { C("value_sum", "a", WHEN("field: n, lt: 0")) },
	    "1a n=100000000000000000000; 2a n=-1; 11a n=-1.5; 12a n=3",
	    "0@11()=-2.5 " },
	{ "what is no number takes no part",
	    { C("value_sum", "a", WHEN("field: n, gte: 1")) },
	    "1a n=1; 2a n=x; 3a; 4a n=null; 5a n=1e; 6a n=; "
	    "7a n=2; 8a n=99999999999999999999999999",
	    "0@1()=1 0@7()=3 " },
	{ "a mean", { C("value_avg", "a", WHEN("field: n, gt: 2")) },
	    "1a n=1; 2a n=3; 3a n=4; 11a n=0; 12a n=-1",
	    "0@3()=2.66666667 0@11()=2.33333333 " },
	{ "a median of odd and even numbers",
	    { C("value_median", "a", WHEN("field: n, gte: 2")) },
	    "1a n=1; 2a n=5; 3a n=2; 4a n=2; 12a n=9; 13a n=1",
	    "0@2()=3 0@3()=2 0@4()=2 0@12()=2 0@13()=2 " },
	{ "a percentile between the closest ranks",
	    { C("value_percentile", "a",
		  WHEN("field: n, gte: 0, percentile: 90")),
		C("value_percentile", "a",
		    WHEN("field: n, gte: 0, percentile: 25")) },
	    "1a n=10; 2a n=20; 3a n=30; 4a n=0",
	    "0@1()=10 1@1()=10 0@2()=19 1@2()=12.5 0@3()=28 1@3()=15 "
	    "0@4()=27 1@4()=7.5 " },
	{ "aliases: the same by other fields",
	    { C("temporal", "a, b",
		", group-by: [w], aliases: {w: {a: u, b: v}}") },
	    "1a u=x v=y; 2b u=x v=z; 3b v=x", "0@3(x)=2 " },
	{ "a result is an event of who refers to it",
	    { C("event_count", "a", ", group-by: [u, v]" WHEN("gte: 2")),
		C("value_count", "c0",
		    ", group-by: [v]" WHEN("gte: 2, field: u")),
		C("temporal_ordered", "c1, b", ", group-by: [v]") },
	    "1a u=x v=k; 2a u=x v=k; 3a u=y v=k; 4a u=y v=k; 5b v=k; 6b v=l",
	    "0@2(x,k)=2 0@4(y,k)=2 1@4(k)=2 2@5(k)=2 " },
	{ "a chain by aliases, from below or above in the list",
	    { C("event_count", "c1",
		  BY_U WHEN("gte: 1") ", aliases: {u: {c1: v}}"),
		C("event_count", "a", ", group-by: [v]" WHEN("gte: 1")) },
	    "1a u=x v=k", "1@1(k)=1 0@1(k)=1 " },
	{ "nothing followed",
	    { "{after: a, expect: b, within: 10s, group-by: u}" },
	    "1a u=x; 2a u=y; 3b u=x; 11c; 12b u=y; 13a u=x; 40a u=z",
	    "0@12(y)=0 0@23(x)=0 " },
	{ "just in time, just too late",
	    { "{after: a, expect: b, within: 10s}" }, "1a; 10b; 21a; 31b; 60b",
	    "0@31()=0 " },
	{ "at the same time it follows, before it does not",
	    { "{after: a, expect: b, within: 10s}" }, "1b; 1a; 20b; 21a; 60b",
	    "0@31()=0 " },
	{ "each waits for itself, one ends all",
	    { "{after: a, expect: b, within: 10s}" },
	    "1a; 2a; 3b; 21a; 22a; 60b", "0@31()=0 0@32()=0 " },
	{ "that nothing followed is an event",
	    { "{after: a, expect: b, within: 10s, group-by: u}",
		C("temporal_ordered", "c0, c", BY_U) },
	    "1a u=x; 11c u=x; 21a u=x; 30c u=x; 41c u=y",
	    "0@11(x)=0 "
	    "1@11(x)=2 0@31(x)=0 " },
};

static void
test_rows(void)
{
	const struct correlate_limits limits = CORRELATE_LIMITS;
	const char *is;
	struct world w;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		world_init(&w, rows[i].yaml, WORLD_RULES, &limits);
		world_script(&w, rows[i].events);
		ok(w.results == 0, "nothing is judged before its time");
		correlate_finish(w.c);
		is = world_results(&w);
		ok(strcmp(is, rows[i].want) == 0, "%s", rows[i].name);
		if (strcmp(is, rows[i].want) != 0)
			printf("# %s\n# %s\n", is, rows[i].want);
		world_fini(&w);
	}
}

/* Evidence names the newest 64 events, and all the rules. */
static void
test_evidence(void)
{
	static const char *const yaml[WORLD_RULES] = {
		C("temporal", "a, b", ""),
		C("event_count", "c", WHEN("gte: 2")),
	};
	static const char *const none[WORLD_FIELDS];
	const struct correlate_limits limits = CORRELATE_LIMITS;
	struct world w;
	uint64_t i;

	world_init(&w, yaml, 2, &limits);
	w.evidence = true;
	world_script(&w, "1c; 2c; 3a; 3b");
	for (i = 5; i <= 101; i++)
		world_push(&w, 1, 3 * WORLD_SECOND, i, none);
	correlate_finish(w.c);
	ok(strncmp(world_results(&w), "1@2()=2#2[1 2] 0@3()=2#4[3 4] 0@3",
	       33) == 0,
	    "a result names the events that it rests on");
	ok(strstr(world_results(&w), "#101[3 39 40 ") != NULL &&
		strstr(world_results(&w), "100 101 of 99] ") != NULL,
	    "of many the newest, and one of each rule, and how many");
	world_fini(&w);
}

/* Times as they come, out of order by days or not. */
static void
test_lateness(void)
{
	static const char *const yaml[WORLD_RULES] = {
		C("event_count", "a", WHEN("gte: 2")),
	};
	struct correlate_limits limits = CORRELATE_LIMITS;
	struct world w;

	limits.lateness = 3 * 86400 * WORLD_SECOND;
	world_init(&w, yaml, 1, &limits);
	world_script(&w, "259200a; 5a; 259201a; 1a; 100000a; 6a");
	correlate_advance(w.c, 259200 * WORLD_SECOND);
	ok(strcmp(world_results(&w), "") == 0,
	    "what is as old as the allowance waits");
	correlate_advance(w.c, 259206 * WORLD_SECOND);
	ok(strcmp(world_results(&w), "0@5()=2 ") == 0,
	    "what is older is judged by its own time, days out of order");
	world_script(&w, "-4a; 6a");
	ok(correlate_late(w.c) == 1 && w.why == CORRELATE_LOST_LATE,
	    "what comes after its window was over is counted and told");
	correlate_advance(w.c, 0);
	world_script(&w, "-4a; 6a");
	ok(correlate_late(w.c) == 2, "a watermark never goes back");
	correlate_finish(w.c);
	ok(strcmp(world_results(&w),
	       "0@5()=2 0@6()=3 0@6()=4 0@6()=5 0@259201()=2 ") == 0,
	    "at the end all is judged: %s", world_results(&w));
	world_fini(&w);
}

/* What comes late: placed where a window that holds its time is open. */
static const struct {
	const char *name, *yaml, *events, *late, *want;
	uint64_t placed, lost;
} late_rows[] = {
	{ "a late one completes what it would have, and is cited with it",
	    C("event_count", "a", WHEN("gte: 3")), "10a; 12a", "11a",
	    "0@11()=3+1,1,2 ", 1, 0 },
	{ "one that is too late is lost",
	    C("event_count", "a", WHEN("gte: 3")), "10a; 12a", "4a", "", 0, 1 },
	{ "one that is out of the newest's window tells nothing",
	    C("event_count", "a", WHEN("gte: 2")), "14a", "1a; 5a; 6a",
	    "0@6()=2+3,1 ", 1, 2 },
	{ "what was told is not told again",
	    C("event_count", "a", WHEN("gte: 2")), "10a; 12a", "11a; 20a",
	    "0@12()=2+1,2 0@11()=3+1 0@20()=3+2 ", 1, 0 },
	{ "rules in their order, though the first came last",
	    C("temporal_ordered", "b, c", ""), "12c", "11b",
	    "0@11()=2+1,1 ", 1, 0 },
	{ "rules out of order stay so", C("temporal_ordered", "b, c", ""),
	    "12b", "11c", "", 1, 0 },
	{ "values", C("value_count", "a", WHEN("gte: 3, field: u")),
	    "10a u=x; 12a u=y", "11a u=z; 11a u=z",
	    "0@11()=3+1,1,2 0@11()=3+2 ", 2, 0 },
	{ "sums", C("value_sum", "a", WHEN("gte: 9, field: n")),
	    "10a n=4; 12a n=4", "11a n=1", "0@11()=9+1,1,2 ", 1, 0 },
	{ "a median", C("value_median", "a", WHEN("gte: 5, field: n")),
	    "10a n=1; 12a n=5", "11a n=7", "0@11()=5+1,1,2 ", 1, 0 },
	{ "what was expected comes late",
	    "{after: a, expect: b, within: 10s}", "12a", "9d; 13b; 40c", "", 1,
	    0 },
	{ "what something should follow comes late, and it had come",
	    "{after: a, expect: b, within: 10s}", "14b", "9d; 12a; 40b", "", 1,
	    0 },
	{ "nor had it come, nor does it",
	    "{after: a, expect: b, within: 10s}", "11b", "9d; 12a; 40b",
	    "0@22()=0+2 ", 1, 0 },
	{ "it comes late too", "{after: a, expect: b, within: 10s}", "11b",
	    "9d; 12a; 10a; 13b; 40b", "", 3, 0 },
	{ "one of two did", "{after: a, expect: b, within: 10s}", "6b",
	    "9d; 14a; 10a; 11b; 40b", "0@24()=0+2 ", 3, 0 },
	{ "what is both comes late, and another had come at that time",
	    "{after: a, expect: b, within: 10s}", "11b", "9d; 11ba; 40b", "",
	    2, 0 },
	{ "and if none had, it does not follow itself",
	    "{after: a, expect: b, within: 10s}", "9b", "9d; 11ba; 40b",
	    "0@21()=0+2 ", 2, 0 },
};

static void
test_late_rows(void)
{
	struct correlate_limits limits = CORRELATE_LIMITS;
	const char *yaml[WORLD_RULES];
	struct world w;
	size_t i;

	limits.lateness = 0;
	for (i = 0; i < sizeof(late_rows) / sizeof(late_rows[0]); i++) {
		yaml[0] = late_rows[i].yaml;
		world_init(&w, yaml, 1, &limits);
		w.fresh = true;
		world_script(&w, late_rows[i].events);
		correlate_advance(w.c, 15 * WORLD_SECOND);
		world_script(&w, late_rows[i].late);
		correlate_finish(w.c);
		ok(strcmp(world_results(&w), late_rows[i].want) == 0 &&
			correlate_placed(w.c) == late_rows[i].placed &&
			correlate_late(w.c) == late_rows[i].lost,
		    "late: %s: %s", late_rows[i].name, world_results(&w));
		world_fini(&w);
	}
}

static void
test_clock(void)
{
	static const char *const yaml[WORLD_RULES] = {
		C("event_count", "a", WHEN("gte: 2")),
		"{after: b, expect: c, within: 10s}",
	};
	static const char *const none[WORLD_FIELDS];
	const struct correlate_limits limits = CORRELATE_LIMITS;
	struct world w;

	world_init(&w, yaml, 2, &limits);
	world_push(&w, 0, INT64_MAX, 1, none);
	world_push(&w, 0, INT64_MIN, 2, none);
	world_push(&w, 1, INT64_MAX, 3, none);
	world_script(&w, "1a; 2a; 1b");
	correlate_advance(w.c, 1000 * WORLD_SECOND);
	ok(strcmp(world_results(&w), "0@2()=2 1@11()=0 ") == 0,
	    "a clock that is wrong by ages disturbs nobody else: %s",
	    world_results(&w));
	correlate_advance(w.c, INT64_MAX);
	correlate_advance(w.c, INT64_MIN);
	world_script(&w, "1a; 2a");
	correlate_finish(w.c);
	ok(w.results == 2 && correlate_late(w.c) == 2,
	    "a watermark that jumps makes all else late, and says so");
	world_fini(&w);
}

static void
test_watermark(void)
{
	static const char *const yaml[WORLD_RULES] = {
		"{after: a, expect: b, within: 10s}",
	};
	struct correlate_limits limits = CORRELATE_LIMITS;
	struct world w;

	limits.lateness = 2 * WORLD_SECOND;
	world_init(&w, yaml, 1, &limits);
	world_script(&w, "1a");
	correlate_advance(w.c, 12 * WORLD_SECOND);
	ok(w.results == 0, "what is expected may still be on its way");
	correlate_advance(w.c, 13 * WORLD_SECOND);
	ok(strcmp(world_results(&w), "0@11()=0 ") == 0,
	    "until the watermark has passed, lateness and all");
	world_script(&w, "20a");
	correlate_finish(w.c);
	ok(w.results == 1, "the end of the events says nothing of it");
	world_fini(&w);
}

static void
test_limits(void)
{
	static const char *const yaml[WORLD_RULES] = {
		C("event_count", "a", BY_U WHEN("gte: 2")),
		"{after: b, expect: c, within: 10s}",
		C("event_count", "d", WHEN("gte: 3")),
	};
	struct correlate_limits limits = CORRELATE_LIMITS;
	struct world w;

	limits.groups = 2;
	limits.events = 2;
	world_init(&w, yaml, 3, &limits);
	world_script(&w, "1a u=x; 2a u=y; 3a u=x; 4a u=z; 5a u=y; 6a u=z");
	correlate_finish(w.c);
	ok(strcmp(world_results(&w), "0@3(x)=2 0@6(z)=2 ") == 0 &&
		correlate_lost(w.c, CORRELATE_LOST_GROUP) == 2 &&
		w.why == CORRELATE_LOST_GROUP && w.whose == 0,
	    "the group not used for longest goes, counted and told");
	world_script(&w, "20a u=p; 30a u=q; 40a u=r; 50a u=s");
	correlate_finish(w.c);
	ok(correlate_lost(w.c, CORRELATE_LOST_GROUP) == 2 &&
		correlate_groups(w.c) == 1,
	    "one with nothing left in its window is no loss");
	world_script(&w, "60b; 61b; 62b; 100d; 101d; 102d; 103d");
	correlate_finish(w.c);
	ok(strstr(world_results(&w), "1@71()=0 1@72()=0 ") != NULL &&
		strstr(world_results(&w), "1@70") == NULL &&
		strstr(world_results(&w), "2@") == NULL &&
		correlate_lost(w.c, CORRELATE_LOST_EVENT) == 3,
	    "the oldest event of a full group goes, counted");
	world_fini(&w);

	limits = CORRELATE_LIMITS;
	limits.held = 0;
	world_init(&w, yaml, 1, &limits);
	world_script(&w, "2a u=x; 1a u=x; 3a u=x");
	ok(strcmp(world_results(&w), "0@1(x)=2 0@3(x)=3 ") == 0 &&
		correlate_lost(w.c, CORRELATE_LOST_FORCED) == 2 &&
		correlate_late(w.c) == 0 && correlate_placed(w.c) == 1,
	    "what cannot wait is judged at once, counted");
	world_fini(&w);
}

/* Each refers to all below: twice as many results with each. */
#define BOMB(below) C("event_count", "c0" below, WHEN("gte: 1"))

static void
test_bomb(void)
{
	static const char *const yaml[WORLD_RULES] = {
		C("event_count", "a", WHEN("gte: 1")),
		BOMB(""),
		BOMB(", c1"),
		BOMB(", c1, c2"),
		BOMB(", c1, c2, c3"),
		BOMB(", c1, c2, c3, c4"),
		BOMB(", c1, c2, c3, c4, c5"),
		BOMB(", c1, c2, c3, c4, c5, c6"),
		BOMB(", c1, c2, c3, c4, c5, c6, c7"),
		BOMB(", c1, c2, c3, c4, c5, c6, c7, c8"),
	};
	const struct correlate_limits limits = CORRELATE_LIMITS;
	struct world w;

	world_init(&w, yaml, WORLD_RULES, &limits);
	world_script(&w, "1a; 2a");
	correlate_finish(w.c);
	ok(w.results == 2 * CORRELATE_RESULTS &&
		correlate_lost(w.c, CORRELATE_LOST_RESULT) > 0 &&
		w.why == CORRELATE_LOST_RESULT,
	    "the results of one event are bounded, and those left out counted");
	world_fini(&w);
}

/* A value of any length is a group, and no longer than it may be. */
static void
test_long(void)
{
	static const char *const yaml[WORLD_RULES] = {
		C("event_count", "a", BY_U WHEN("gte: 2")),
	};
	const struct correlate_limits limits = CORRELATE_LIMITS;
	char script[3 * GROUPKEY_VALUE + 100], x[GROUPKEY_VALUE + 2];
	struct world w;

	memset(x, 'x', sizeof(x));
	x[sizeof(x) - 1] = '\0';
	snprintf(script, sizeof(script), "1a u=%s1; 2a u=%s2", x, x);
	world_init(&w, yaml, 1, &limits);
	world_script(&w, script);
	correlate_finish(w.c);
	ok(w.results == 0, "long values that differ at their end are two");
	world_script(&w, script);
	correlate_finish(w.c);
	ok(w.results == 2 &&
		strlen(world_results(&w)) ==
		    2 * (strlen("0@2()=2 ") + GROUPKEY_VALUE) &&
		strstr(world_results(&w), "xxx#") != NULL,
	    "and the same each time, with what they begin with");
	world_fini(&w);
}

int
main(void)
{
	test_rows();
	test_long();
	test_evidence();
	test_lateness();
	test_late_rows();
	test_clock();
	test_watermark();
	test_limits();
	test_bomb();
	return done();
}
