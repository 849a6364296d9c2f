/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/growth.h"

#include "tests/tap.h"

#define DAY UINT64_C(86400000000)
#define NOW (1000 * DAY)

struct piece {
	uint64_t bytes, low, high;
};

static const struct {
	const char *name;
	struct piece pieces[3];
	uint64_t week, month;
} rows[] = {
	{ "nothing was written", { { 0, 0, 0 } }, 0, 0 },
	{ "the last week", { { 700, NOW - 7 * DAY, NOW } }, 100, 100 },
	{ "a piece over the edge counts in part",
	    { { 1400, NOW - 14 * DAY, NOW } }, 100, 100 },
	{ "what is older than the window counts for nothing",
	    { { 900, NOW - 90 * DAY, NOW - 60 * DAY } }, 0, 0 },
	{ "a quiet week after a busy month",
	    { { 2300, NOW - 40 * DAY, NOW - 17 * DAY },
		{ 0, NOW - 17 * DAY, NOW } },
	    0, 43 },
	{ "a piece of one instant",
	    { { 70, NOW - DAY, NOW - DAY },
		{ 0, NOW - 40 * DAY, NOW - 40 * DAY } },
	    10, 2 },
	{ "a log younger than a week", { { 200, NOW - 2 * DAY, NOW } }, 100,
	    100 },
	{ "a log of an hour", { { 24, NOW - DAY / 24, NOW } }, 576, 576 },
	{ "a log of less is not known yet", { { 24, NOW - DAY / 24 + 1, NOW } },
	    GROWTH_UNKNOWN, GROWTH_UNKNOWN },
	{ "nor of 22 seconds", { { 9485, NOW - 22000000, NOW } },
	    GROWTH_UNKNOWN, GROWTH_UNKNOWN },
	{ "with one before it, it is",
	    { { 9485, NOW - 22000000, NOW },
		{ 700, NOW - 7 * DAY, NOW - DAY } },
	    1455, 1455 },
	{ "records of the future", { { 500, NOW + DAY, NOW + 2 * DAY } }, 0,
	    0 },
};

static uint64_t
a_day(size_t row, unsigned days)
{
	struct growth g;
	size_t i;

	growth_begin(&g, days, NOW);
	for (i = 0; i < 3; i++)
		if (rows[row].pieces[i].high != 0)
			growth_add(&g, rows[row].pieces[i].bytes,
			    rows[row].pieces[i].low, rows[row].pieces[i].high);
	return growth_a_day(&g);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ok(a_day(i, 7) == rows[i].week && a_day(i, 30) == rows[i].month,
		    "%s", rows[i].name);
		printf("# %llu, %llu\n", (unsigned long long)a_day(i, 7),
		    (unsigned long long)a_day(i, 30));
	}
	ok(growth_days(1000, 100) == 10 && growth_days(99, 100) == 0,
	    "days until it is full");
	ok(growth_days(1000, 0) == UINT64_MAX, "never if nothing grows");
	return done();
}
