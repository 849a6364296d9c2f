/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/event/skew.h"

#include <string.h>

#include "common/utc.h"
#include "tests/tap.h"

static struct skew s;
static struct skew_estimate e;

static void
add(int64_t seconds, int n)
{
	while (n-- > 0)
		skew_add(&s, (1000 + seconds) * UTC_SECOND, 1000 * UTC_SECOND);
}

static int64_t
median(void)
{
	return skew_estimate(&s, &e) ? e.median / UTC_SECOND : -9999;
}

static void
test_median(void)
{
	memset(&s, 0, sizeof(s));
	ok(!skew_estimate(&s, &e), "none");
	add(3, 1);
	ok(median() == 3 && e.spread == 0, "one");
	add(5, 1);
	ok(median() == 4, "between two");
	add(4, 1);
	ok(median() == 4 && e.spread == UTC_SECOND, "the middle of three");
	add(86400 * 365, 1);
	add(-86400 * 365, 1);
	ok(median() == 4, "a year this way and that moves nothing");
	ok(e.low == -86400 * 365 * UTC_SECOND &&
		e.high == 86400 * 365 * UTC_SECOND,
	    "but is told");
}

/* A clock that was seven minutes behind is set right. */
static void
test_change(void)
{
	memset(&s, 0, sizeof(s));
	add(420, 1000);
	ok(median() == 420 && s.count == 1000 && s.n == SKEW_KEEP,
	    "what is long ago is forgotten");
	add(0, SKEW_KEEP / 2);
	ok(median() == 420, "the half of them");
	add(0, 1);
	ok(median() == 0, "and one more");
	add(420, 100);
	ok(median() == 0, "a queue that empties late moves nothing");
}

static void
test_extremes(void)
{
	memset(&s, 0, sizeof(s));
	skew_add(&s, INT64_MAX / 2, INT64_MIN / 2 + 1);
	skew_add(&s, 0, 0);
	ok(skew_estimate(&s, &e) && e.low == 0, "the farthest there are");
}

static void
test_tells(void)
{
	struct event_source source = { .transport = SPAN("udp") };
	static struct event ev;

	ev = (struct event){ .received = 1, .clock = EVENT_CLOCK_SITE };
	ok(skew_tells(&ev), "of no known source");
	ev.source = &source;
	ok(skew_tells(&ev), "live");
	source.replay = true;
	ok(!skew_tells(&ev), "no replay");
	source.replay = false;
	source.transport = SPAN("import");
	ok(!skew_tells(&ev), "no import");
	source.transport = SPAN("tcp");
	ev.clock = EVENT_CLOCK_NONE;
	ok(!skew_tells(&ev), "no device time");
	ev.clock = EVENT_CLOCK_OFFSET;
	ev.received = 0;
	ok(!skew_tells(&ev), "no receive time");
}

int
main(void)
{
	test_median();
	test_change();
	test_extremes();
	test_tells();
	return done();
}
