/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/usage.h"

#include "analyzer/rule/coverage.h"
#include "common/utc.h"
#include "tests/tap.h"

static void
note(struct usage *u, const char *who, int64_t day, int64_t time,
    const char *from)
{
	struct usage_cite c = { time, "log", (uint64_t)time, { 0 }, false };
	struct address a;

	(void)address_parse(span_str(from), &a);
	usage_note(u, span_str(who), day, false, &c, &a);
}

static void
check_usage(void)
{
	struct usage *u = usage_new();
	const struct usage_day *d;
	struct address a, b;
	int64_t last, first;
	size_t n;

	note(u, "abc", 20, 2005, "192.0.2.1");
	note(u, "abc", 10, 1005, "192.0.2.2");
	note(u, "abc", 20, 2001, "192.0.2.1");
	note(u, "abc", 15, 1505, "192.0.2.1");
	d = usage_days(u, SPAN("abc"), &n);
	ok(n == 3 && d[0].day == 10 && d[1].day == 15 && d[2].day == 20,
	    "days are in order whatever came first");
	ok(d[2].count == 2 && d[2].first.time == 2001, "the first of a day");
	ok(usage_last_before(u, SPAN("abc"), 20, &last) && last == 15,
	    "last used before the 20th");
	ok(usage_last_before(u, SPAN("abc"), 99, &last) && last == 20,
	    "and before the 99th");
	ok(!usage_last_before(u, SPAN("abc"), 10, &last) &&
		!usage_last_before(u, SPAN("x"), 99, &last),
	    "never before that");
	(void)address_parse(SPAN("192.0.2.1"), &a);
	(void)address_parse(SPAN("192.0.2.9"), &b);
	ok(usage_first_from(u, SPAN("abc"), &a, &first) && first == 1505,
	    "first from there");
	ok(!usage_first_from(u, SPAN("abc"), &b, &first) &&
		!usage_first_from(u, SPAN("x"), &a, &first),
	    "never from there");
	(void)address_parse(SPAN("192.0.77.1"), &a);
	(void)address_parse(SPAN("192.1.2.1"), &b);
	ok(usage_first_near(u, SPAN("abc"), &a, &first) && first == 1005 &&
		!usage_first_near(u, SPAN("abc"), &b, &first),
	    "from its network, which is a /16");
	usage_free(u);
}

static void
check_coverage(void)
{
	struct calendar *cal = calendar_default(NULL);
	struct coverage *c = coverage_new(cal);
	int64_t mon = utc_days(2026, 11, 16), first, last, d;
	struct coverage_share s;

	ok(!coverage_days(c, &first, &last), "nothing at first");
	for (d = mon; d < mon + 5; d++)
		coverage_note(c, calendar_midnight(cal, d) + 10 * UTC_HOUR);
	coverage_note(c, calendar_midnight(cal, mon + 8) + 1);
	ok(coverage_days(c, &first, &last) && first == mon && last == mon + 8,
	    "first and last day");
	s = coverage_share(c, mon, mon + 6);
	ok(s.days == 5 && s.covered == 5 && s.percent == 100,
	    "a closed weekend without records is not missing");
	s = coverage_share(c, mon, mon + 8);
	ok(s.days == 6 && s.covered == 6,
	    "nor is the holiday on Monday 2026-11-23");
	s = coverage_share(c, mon - 3, mon + 4);
	ok(s.days == 6 && s.covered == 5, "an open day without is");
	coverage_gap(c, calendar_midnight(cal, mon) - 30 * UTC_MINUTE,
	    calendar_midnight(cal, mon) + 59 * UTC_MINUTE);
	s = coverage_share(c, mon, mon + 4);
	ok(s.covered == 5, "59 minutes lost are not a day");
	coverage_gap(c, calendar_midnight(cal, mon) + 2 * UTC_HOUR,
	    calendar_midnight(cal, mon) + 2 * UTC_HOUR + UTC_MINUTE);
	s = coverage_share(c, mon, mon + 4);
	ok(s.covered == 4 && s.percent == 80, "an hour in all is");
	s = coverage_share(c, mon + 5, mon + 6);
	ok(s.days == 0 && s.percent == 0, "of no days nothing is known");
	coverage_free(c);
	calendar_free(cal);
}

int
main(void)
{
	check_usage();
	check_coverage();
	return done();
}
