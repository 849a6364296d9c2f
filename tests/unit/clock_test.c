/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/clock.h"

#include <string.h>

#include "tests/tap.h"

#define JST (9 * 3600)

static int64_t
at(const char *text)
{
	int64_t usec = 0;
	int zone;

	ok(utc_parse(span_str(text), &usec, &zone) == 0, "%s", text);
	return usec;
}

/* A stamp, the receive time, and the instant and rule that come of them. */
static const struct {
	const char *name, *stamp, *now, *want;
	enum event_clock rule;
	int device; /* zone from the ledger, 0: none */
} years[] = {
	{ "the same day", "Nov 20 14:03:05", "2026-11-20T14:03:06+09:00",
	    "2026-11-20T14:03:05+09:00", EVENT_CLOCK_SITE, 0 },
	{ "received after New Year", "Dec 31 23:59:59",
	    "2027-01-01T00:00:01+09:00", "2026-12-31T23:59:59+09:00",
	    EVENT_CLOCK_SITE, 0 },
	{ "a clock ahead at New Year", "Jan  1 00:00:05",
	    "2026-12-31T23:59:58+09:00", "2027-01-01T00:00:05+09:00",
	    EVENT_CLOCK_SITE, 0 },
	{ "a device on UTC at New Year", "Dec 31 15:00:00 UTC",
	    "2027-01-01T00:00:01+09:00", "2027-01-01T00:00:00+09:00",
	    EVENT_CLOCK_OFFSET, 0 },
	{ "imported months later", "Dec  1 00:00:00",
	    "2026-11-20T00:00:00+09:00", "2025-12-01T00:00:00+09:00",
	    EVENT_CLOCK_SITE, 0 },
	{ "two days ahead is a wrong clock", "Nov 21 23:00:00",
	    "2026-11-20T00:00:00+09:00", "2026-11-21T23:00:00+09:00",
	    EVENT_CLOCK_SITE, 0 },
	{ "29 February needs a leap year", "Feb 29 12:00:00",
	    "2027-03-01T00:00:00+09:00", "2024-02-29T12:00:00+09:00",
	    EVENT_CLOCK_SITE, 0 },
	{ "the site's zone", "2026/11/20 14:03:05", "2026-11-20T14:03:06+09:00",
	    "2026-11-20T14:03:05+09:00", EVENT_CLOCK_SITE, 0 },
	{ "the ledger's zone", "2026/11/20 05:03:05",
	    "2026-11-20T14:03:06+09:00", "2026-11-20T05:03:05-01:00",
	    EVENT_CLOCK_LEDGER, -3600 },
	{ "24:00 on the last day", "Dec 31 24:00:00",
	    "2027-01-01T00:00:01+09:00", "2027-01-01T00:00:00+09:00",
	    EVENT_CLOCK_SITE, 0 },
	{ "24:00 on a leap day", "Feb 29 24:00:00",
	    "2028-03-01T00:00:01+09:00", "2028-03-01T00:00:00+09:00",
	    EVENT_CLOCK_SITE, 0 },
	{ "summer time by name", "2026-06-07 18:54:52 CEST",
	    "2026-06-08T00:00:00+09:00", "2026-06-07T16:54:52Z",
	    EVENT_CLOCK_OFFSET, 0 },
	{ "the line's zone", "2026-11-20T05:03:05Z",
	    "2026-11-20T14:03:06+09:00", "2026-11-20T14:03:05+09:00",
	    EVENT_CLOCK_OFFSET, -3600 },
};

static void
test_resolve(void)
{
	size_t i;

	for (i = 0; i < sizeof(years) / sizeof(years[0]); i++) {
		struct clock_zones z = { JST, years[i].device != 0,
			years[i].device, at(years[i].now) };
		enum event_clock rule = EVENT_CLOCK_NONE;
		int64_t want = at(years[i].want);
		uint8_t mark = 0;
		struct stamp s;

		ok(stamp_parse(span_str(years[i].stamp), &s) &&
			clock_resolve(&s, &z, &rule, &mark) == want,
		    "%s", years[i].name);
		ok(rule == years[i].rule, "%s: the rule", years[i].name);
		ok(mark == (s.c.year == 0 ? EVENT_MARK_YEAR : 0),
		    "%s: whether its year is inferred", years[i].name);
	}
}

static const struct {
	const char *pattern, *text, *want; /* want NULL: refused */
} patterns[] = {
	{ "%Y/%m/%d %H:%M:%S", "2023/5/16 8:30:00", "2023-05-16T08:30:00Z" },
	{ "%Y/%m/%d %H:%M:%S", "2023/05/16  08:30:00", "2023-05-16T08:30:00Z" },
	{ "%Y/%m/%d %H:%M:%S", "2023/05/16 08:30:00 x", NULL },
	{ "%Y/%m/%d %H:%M:%S", "2023/05/16 08:30", NULL },
	{ "%Y/%m/%d %H:%M:%S", "2023/02/29 08:30:00", NULL },
	{ "%d %b %y %H:%M:%S.%f", "6 feb 26 8:30:00.25",
	    "2026-02-06T08:30:00.250000Z" },
	{ "%m/%d/%Y %I:%M:%S %p", "2/6/2026 12:30:00 AM",
	    "2026-02-06T00:30:00Z" },
	{ "%m/%d/%Y %I:%M:%S %p", "2/6/2026 12:30:00 pm",
	    "2026-02-06T12:30:00Z" },
	{ "%m/%d/%Y %I:%M:%S %p", "2/6/2026 1:30:00 xm", NULL },
	{ "%m/%d/%Y %H:%M:%S", "08/04/26 04:10:02", NULL },
	{ "%y/%m/%d %H:%M:%S", "80/01/01 09:00:00", "1980-01-01T09:00:00Z" },
	{ "%y%m%d %H:%M:%S", "680101  9:00:00", "2068-01-01T09:00:00Z" },
	{ "%Y年%m月%d日%H時%M分", "２０２６年２月６日８時３０分",
	    "2026-02-06T08:30:00Z" },
	{ "%Y年%m月%d日 %H時%M分", "2026年 2月 6日  8時 5分",
	    "2026-02-06T08:05:00Z" },
	{ "%Y年%m月%d日%H時%M分", "２０２６年２月\xEF\xBC日８時３０分", NULL },
	{ "%Y/%m/%d %H:%M:%S", "2026/02/06 24:00:00", "2026-02-07T00:00:00Z" },
	{ "%Y/%m/%d %H:%M:%S", "2026/02/06 24:00:01", NULL },
	{ "%Y/%m/%d %H:%M:%S", "2026/12/31 23:59:60", "2027-01-01T00:00:00Z" },
	{ "%m/%d/%Y:%H:%M:%S %z", "06/07/2026:18:54:52 (GMT-5:00)",
	    "2026-06-07T23:54:52Z" },
	{ "%Y/%m/%d %p%I:%M:%S", "2026/2/6 午後0:30:00",
	    "2026-02-06T12:30:00Z" },
	{ "%Y/%m/%d %p%I:%M:%S", "2026/2/6 午前12:30:00",
	    "2026-02-06T00:30:00Z" },
	{ "%Y/%m/%d %p%I:%M:%S", "2026/2/6 午12:30:00", NULL },
	{ "%E年%m月%d日 %H:%M:%S", "令和7年1月5日 8:30:00",
	    "2025-01-05T08:30:00Z" },
	{ "%E年%m月%d日 %H:%M:%S", "令和元年5月1日 0:00:00",
	    "2019-05-01T00:00:00Z" },
	{ "%Y/%m/%d(%a) %H:%M", "2026/11/20(金) 14:03",
	    "2026-11-20T14:03:00Z" },
	{ "%a %b %d %H:%M:%S %Y", "Friday Nov 20 14:03:05 2026",
	    "2026-11-20T14:03:05Z" },
	{ "%Y年%m月%d日（%a） %H:%M", "2026年11月20日（金曜日） 14:03",
	    "2026-11-20T14:03:00Z" },
	{ "%Y/%m/%d(%a) %H:%M", "2026/11/20(X) 14:03", NULL },
	{ "%E.%m.%d %H:%M", "R8.11.20 14:03", "2026-11-20T14:03:00Z" },
	{ "%E.%m.%d %H:%M", "H31.4.30 23:59", "2019-04-30T23:59:00Z" },
	{ "%E.%m.%d %H:%M", "R0.11.20 14:03", NULL },
	{ "%E.%m.%d %H:%M", "X8.11.20 14:03", NULL },
	{ "%E.%m.%d %H:%M", "R", NULL },
	{ "%Y-%m-%dT%H:%M:%S%z", "2026-02-06T00:30:00+09:00",
	    "2026-02-05T15:30:00Z" },
	{ "%Y-%m-%d %H:%M:%S %Z", "2026-02-06 00:30:00 JST",
	    "2026-02-05T15:30:00Z" },
	{ "%Y-%m-%d %H:%M:%S %Z", "2026-02-06 00:30:00 CST", NULL },
	{ "100%%%Y-%m-%d %H:%M:%S", "100%2026-02-06 00:30:00",
	    "2026-02-06T00:30:00Z" },
};

static void
test_patterns(void)
{
	struct clock_zones z = { 0 };
	enum event_clock rule;
	uint8_t mark;
	struct span piece[2];
	struct stamp s;
	size_t i, bad;

	for (i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		bool got;

		piece[0] = span_str(patterns[i].text);
		got = clock_check(span_str(patterns[i].pattern), &bad) &&
		    clock_parse(span_str(patterns[i].pattern), piece, 1, &s);
		ok(patterns[i].want == NULL ? !got
					    : got &&
			    clock_resolve(&s, &z, &rule, &mark) ==
				at(patterns[i].want),
		    "%s by %s", patterns[i].text, patterns[i].pattern);
	}
	piece[0] = SPAN("2026-11-20");
	piece[1] = SPAN("14:03:05");
	ok(clock_parse(SPAN("%Y-%m-%d %H:%M:%S"), piece, 2, &s) &&
		s.c.second == 5,
	    "date and time from two places");
	ok(!clock_parse(SPAN("%Y-%m-%d %H:%M:%S"), piece, 1, &s),
	    "one of them is not enough");
	ok(!clock_parse(SPAN("%Y-%m-%d"), piece, 2, &s), "two are too many");
	ok(!clock_check(SPAN("%Y %q"), &bad) && bad == 3, "no such item");
	ok(!clock_check(SPAN("%"), &bad), "an item that is missing");
	ok(!clock_check(SPAN(""), &bad), "an empty pattern");
}

static void
test_epoch(void)
{
	static const struct {
		const char *text;
		int64_t usec; /* -1: refused */
	} cases[] = {
		{ "1795150985", INT64_C(1795150985000000) },
		{ "1795150985.25", INT64_C(1795150985250000) },
		{ "1795150985123", INT64_C(1795150985123000) },
		{ "1795150985123456", INT64_C(1795150985123456) },
		{ "1795150985123456789", INT64_C(1795150985123456) },
		{ "999999999", INT64_C(999999999000000) },
		{ "999999999.5", INT64_C(999999999500000) },
		{ "17951509851", -1 },
		{ "17951509", -1 },
		{ "", -1 },
		{ "x", -1 },
		{ "1795150985x", -1 },
		{ "17951509851234", -1 },
		{ "9999999999999999999", -1 },
		{ "99999999999999999999", -1 },
	};
	int64_t usec;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		usec = -1;
		if (!clock_epoch(span_str(cases[i].text), &usec))
			usec = -1;
		ok(usec == cases[i].usec, "epoch '%s'", cases[i].text);
	}
}

static void
test_zone_of(void)
{
	struct stamp s;
	int64_t epoch = at("2026-11-20T14:03:05+09:00");
	int zone = 1;

	ok(stamp_parse(SPAN("2026-11-20 14:03:04"), &s) &&
		clock_zone_of(&s, epoch, &zone) && zone == JST,
	    "local time and epoch make the zone");
	ok(stamp_parse(SPAN("2026-11-20 05:04:00"), &s) &&
		clock_zone_of(&s, epoch, &zone) && zone == 0,
	    "of UTC");
	ok(stamp_parse(SPAN("2026-11-19 19:33:05"), &s) &&
		clock_zone_of(&s, epoch, &zone) && zone == -34200,
	    "west, and half an hour");
	ok(stamp_parse(SPAN("2026-11-20 14:08:05"), &s) &&
		!clock_zone_of(&s, epoch, &zone),
	    "five minutes are no zone");
	ok(stamp_parse(SPAN("2026-11-20 13:58:05"), &s) &&
		!clock_zone_of(&s, epoch, &zone),
	    "five the other way neither");
	ok(stamp_parse(SPAN("2026-11-18 14:03:05"), &s) &&
		!clock_zone_of(&s, epoch, &zone),
	    "days are none");
	ok(stamp_parse(SPAN("Nov 20 14:03:05"), &s) &&
		clock_zone_of(&s, epoch, &zone) && zone == JST &&
		s.c.year == 2026,
	    "the year comes from there too");
	ok(stamp_parse(SPAN("Jan  1 08:59:59"), &s) &&
		clock_zone_of(&s, at("2026-12-31T23:59:59+00:00"), &zone) &&
		zone == JST && s.c.year == 2027,
	    "at New Year the next one");
	ok(stamp_parse(SPAN("Dec 31 19:30:00"), &s) &&
		clock_zone_of(&s, at("2027-01-01T00:30:00+00:00"), &zone) &&
		zone == -18000 && s.c.year == 2026,
	    "or the one before");
	ok(stamp_parse(SPAN("Nov 18 14:03:05"), &s) &&
		!clock_zone_of(&s, epoch, &zone) && s.c.year == 0,
	    "days are none without a year either");
}

/* The same moment, and that many bytes longer. */
static bool
same_stamp(struct span one, struct span other)
{
	struct stamp x, y;
	bool is = stamp_parse(one, &x), also = stamp_parse(other, &y);

	if (!is || !also)
		return is == also;
	return memcmp(&x.c, &y.c, sizeof(x.c)) == 0 &&
	    x.has_zone == y.has_zone && x.odd_zone == y.odd_zone &&
	    (!x.has_zone || x.zone == y.zone) &&
	    x.len + other.len - one.len == y.len;
}

/*
 * A common stamp with any byte in it or behind it another, beside one that is
 * no longer common: with `more` before the place where it is put in.
 */
static unsigned
differ(const char *text, size_t from, size_t to, const char *more, size_t put)
{
	static const char bytes[] = "0123459:;/-. ,TZJx+\x7f\x80\xB0\xFA";
	size_t len = strlen(text), n = strlen(more), at, i;
	char one[64], other[64];
	unsigned wrong = 0;

	for (at = from; at < to; at++)
		for (i = 0; i < sizeof(bytes); i++) {
			memcpy(one, text, len);
			one[at] = bytes[i];
			memcpy(other, one, put);
			memcpy(other + put, more, n);
			memcpy(other + put + n, one + put, len - put);
			wrong += !same_stamp(span_make(one, len),
			    span_make(other, len + n));
		}
	return wrong;
}

static void
test_common(void)
{
	unsigned wrong;

	wrong = differ("Jun 27 18:54:52 2026 JST x", 3, 26, "Sun ", 0) +
	    differ("Jun  7 18:54:52.123 fw1", 3, 23, "Sun ", 0) +
	    differ("Dec 31 24:00:00 x", 3, 17, "Sun ", 0) +
	    differ("Dec 31 23:59:60", 3, 15, "Sun ", 0);
	ok(wrong == 0, "RFC 3164 at a glance, as with a weekday: %u", wrong);
	wrong = differ("2026-06-07 18:54:52.123+09:00 x", 0, 10, " ", 10) +
	    differ("2026-06-07 18:54:52.123+09:00 x", 11, 31, " ", 10) +
	    differ("2026/12/31 08:00:09 x", 0, 10, " ", 10) +
	    differ("2026/12/31 08:00:09 x", 11, 21, " ", 10);
	ok(wrong == 0, "the year first, as with two blanks: %u", wrong);
}

int
main(void)
{
	test_resolve();
	test_patterns();
	test_epoch();
	test_zone_of();
	test_common();
	return done();
}
