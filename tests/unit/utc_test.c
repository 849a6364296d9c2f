/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/utc.h"

#include <string.h>

#include "tests/tap.h"

#define JST (9 * 3600)

static const struct {
	const char *in, *out; /* out NULL: refused */
	int64_t usec;
} cases[] = {
	{ "1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z", 0 },
	{ "1970-01-01t09:00:00+09:00", "1970-01-01T09:00:00+09:00", 0 },
	{ "1969-12-31T23:59:59.5z", "1969-12-31T23:59:59.500000Z", -500000 },
	{ "2026-11-20 14:03:05.123456789+09:00",
	    "2026-11-20T14:03:05.123456+09:00", INT64_C(1795150985123456) },
	{ "2000-02-29T12:00:00-03:30", "2000-02-29T12:00:00-03:30",
	    INT64_C(951838200000000) },
	{ "2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z",
	    INT64_C(1483228800000000) },
	{ "1985-04-12T23:20:50.52Z", "1985-04-12T23:20:50.520000Z",
	    INT64_C(482196050520000) },
	{ "0001-01-01T00:00:00+09:00", "0001-01-01T00:00:00+09:00",
	    INT64_C(-62135629200000000) },
	{ "9999-12-31T23:59:59.999999-23:59",
	    "9999-12-31T23:59:59.999999-23:59", INT64_C(253402387139999999) },
	{ "2026-11-20T14:03:05-00:00", "2026-11-20T14:03:05Z",
	    INT64_C(1795183385000000) },
	{ "0000-01-01T00:00:00Z", NULL, 0 },
	{ "1900-02-29T00:00:00Z", NULL, 0 },
	{ "2026-02-30T00:00:00Z", NULL, 0 },
	{ "2026-13-01T00:00:00Z", NULL, 0 },
	{ "2026-00-01T00:00:00Z", NULL, 0 },
	{ "2026-01-00T00:00:00Z", NULL, 0 },
	{ "2026-01-01T24:00:00Z", NULL, 0 },
	{ "2026-01-01T00:60:00Z", NULL, 0 },
	{ "2026-01-01T00:00:61Z", NULL, 0 },
	{ "9999-12-31T23:59:60Z", NULL, 0 },
	{ "2026-01-01T00:00:00", NULL, 0 },
	{ "2026-01-01T00:00:00.Z", NULL, 0 },
	{ "2026-01-01T00:00:00,5Z", NULL, 0 },
	{ "2026-01-01T00:00:00+0900", NULL, 0 },
	{ "2026-01-01T00:00:00+24:00", NULL, 0 },
	{ "2026-01-01T00:00:00+09:60", NULL, 0 },
	{ "2026-01-01T00:00:00Z ", NULL, 0 },
	{ "2026-1-01T00:00:00Z", NULL, 0 },
	{ "2026/01/01T00:00:00Z", NULL, 0 },
	{ "+026-01-01T00:00:00Z", NULL, 0 },
	{ "2026-01-01X00:00:00Z", NULL, 0 },
	{ "", NULL, 0 },
};

static const struct {
	const char *in;
	int rc, zone;
} zones[] = {
	{ "Z", 0, 0 },
	{ "z", 0, 0 },
	{ "+09:00", 0, JST },
	{ "-0330", 0, -12600 },
	{ "+0900", 0, JST },
	{ "+23:59", 0, 86340 },
	{ "+24:00", -1, 0 },
	{ "+09:60", -1, 0 },
	{ "+09", -1, 0 },
	{ "09:00", -1, 0 },
	{ "+09.00", -1, 0 },
	{ "+ 900", -1, 0 },
	{ "JST", -1, 0 },
	{ "", -1, 0 },
};

static void
check_text(void)
{
	char out[UTC_TEXT];
	int64_t usec;
	size_t i;
	int zone, rc;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		rc = utc_parse(span_str(cases[i].in), &usec, &zone);
		if (cases[i].out == NULL) {
			ok(rc == -1, "'%s' is refused", cases[i].in);
			continue;
		}
		ok(rc == 0 && usec == cases[i].usec, "'%s' is read",
		    cases[i].in);
		ok(strcmp(utc_print(usec, zone, out), cases[i].out) == 0,
		    "and printed as %s", out);
	}
	for (i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		zone = 0;
		rc = utc_parse_zone(span_str(zones[i].in), &zone);
		ok(rc == zones[i].rc && zone == zones[i].zone, "zone '%s'",
		    zones[i].in);
	}
	utc_print_local(INT64_C(1795150985999999), JST, out);
	ok(strcmp(out, "2026-11-20 14:03:05") == 0, "for people: %s", out);
	utc_print(INT64_MAX, JST, out);
	ok(strcmp(out, "9999-12-31T23:59:59.775807+09:00") == 0,
	    "an instant beyond the years comes as their end");
	utc_print(INT64_MIN, -JST, out);
	ok(strncmp(out, "0001-01-01T00:00:00.", 20) == 0, "or beginning");
}

/* Walk all days by the rules of the calendar, one after another. */
static void
check_days(void)
{
	int y, m, d, year, month, day, weekday = 1; /* 1 Jan 1 is a Monday */
	int64_t n = utc_days(1, 1, 1);
	bool same = true, week = true;

	for (y = 1; y <= 9999; y++)
		for (m = 1; m <= 12; m++)
			for (d = 1; d <= utc_month_days(y, m); d++, n++) {
				utc_date(n, &year, &month, &day);
				same &= utc_days(y, m, d) == n && year == y &&
				    month == m && day == d;
				week &= utc_weekday(n) == weekday;
				weekday = (weekday + 1) % 7;
			}
	ok(same, "each day of the years 1-9999, there and back");
	ok(week, "and its day of the week");
	ok(utc_days(1970, 1, 1) == 0, "1970-01-01 is day 0");
	ok(n == utc_days(9999, 12, 31) + 1, "there are that many days");
}

static void
check_civil(void)
{
	static const struct utc_civil good = { 2026, 11, 20, 23, 59, 60, 0 };
	struct utc_civil c, back;
	int64_t at;

	c = good;
	ok(utc_valid(&c), "a leap second is valid");
	c.usec = 1000000;
	ok(!utc_valid(&c), "a million microseconds are not");
	c = good;
	c.hour = -1;
	ok(!utc_valid(&c), "nor is an hour below 0");
	c = (struct utc_civil){ 2028, 2, 29, 1, 2, 3, 4 };
	at = utc_from_civil(&c, JST);
	utc_to_civil(at, JST, &back);
	ok(memcmp(&c, &back, sizeof(c)) == 0, "civil time, there and back");
	utc_to_civil(at, 0, &back);
	ok(back.day == 28 && back.hour == 16, "it is still the 28th in UTC");
	ok(utc_month_days(2026, 0) == 0 && utc_month_days(2026, 13) == 0,
	    "no month 0 or 13");
	ok(utc_month_days(2000, 2) == 29 && utc_month_days(1900, 2) == 28 &&
		utc_month_days(2024, 2) == 29,
	    "leap years");
	ok(utc_now() > INT64_C(1700000000) * UTC_SECOND, "now is after 2023");
}

int
main(void)
{
	check_text();
	check_days();
	check_civil();
	return done();
}
