/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/room.h"

#include "common/utc.h"
#include "tests/tap.h"

#define DAY ((uint64_t)UTC_DAY)
#define NOW (100 * DAY)

static void
check_percent(void)
{
	struct room r = { .percent = 20 };

	ok(!room_look(&r, NOW, 200, 1000) && !r.low, "a fifth is enough");
	ok(room_look(&r, NOW + 1, 199, 1000) && r.low, "less is not");
	ok(!room_look(&r, NOW + 2, 150, 1000) && r.low, "it is said once");
	(void)room_look(&r, NOW + 3, 205, 1000);
	ok(r.low, "a little more is not enough again");
	ok(!room_look(&r, NOW + 4, 210, 1000) && !r.low, "a percent more is");
	ok(room_look(&r, NOW + 5, 100, 1000), "and it is said anew");
	r = (struct room){ .percent = 0 };
	ok(!room_look(&r, NOW, 0, 1000), "without a limit nothing is");
}

static void
check_days(void)
{
	struct room r = { .days = 14 };
	int i;

	ok(!room_look(&r, NOW, 2000, 100000), "nothing is known at first");
	ok(!room_look(&r, NOW + DAY - 1, 1000, 100000) &&
		room_lasts(&r, NOW + DAY - 1, 1000) == ROOM_UNKNOWN,
	    "nor before a day has passed");
	ok(!room_look(&r, NOW + DAY, 1900, 100000) &&
		room_lasts(&r, NOW + DAY, 1900) == 19,
	    "1900 at 100 a day last 19 days");
	ok(room_look(&r, NOW + DAY + 1, 1850, 100000) &&
		room_lasts(&r, NOW + DAY + 1, 1850) == 12,
	    "at 150 a day, 12: too few");
	(void)room_look(&r, NOW + DAY + 2, 1872, 100000);
	ok(r.low, "14 are not enough again");
	(void)room_look(&r, NOW + DAY + 2, 1880, 100000);
	ok(!r.low, "15 are");
	ok(!room_look(&r, NOW + 2 * DAY, 5000, 100000), "somebody made room");
	for (i = 3; i < 40; i++)
		(void)room_look(&r, NOW + (uint64_t)i * DAY,
		    5000 - (uint64_t)i * 10, 100000);
	ok(room_lasts(&r, NOW + 39 * DAY, 4610) == 461,
	    "a fortnight back and no more: %llu",
	    (unsigned long long)room_lasts(&r, NOW + 39 * DAY, 4610));
	(void)room_look(&r, NOW, 4000, 100000);
	ok(room_lasts(&r, NOW, 3000) == ROOM_UNKNOWN && r.n == 1,
	    "a clock that was set back begins anew");
}

int
main(void)
{
	check_percent();
	check_days();
	return done();
}
