/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/calendar.h"

#include <string.h>

#include "common/utc.h"
#include "tests/tap.h"

static const char site[] =
    "business:\n"
    "  mon: [\"8:30-17:15\"]\n"
    "  tue: [\"8:30-12:30\", \"14:00-17:15\"]\n"
    "  wed: [\"8:30-17:15\"]\n"
    "  fri: \"8:30-17:15\"\n"
    "  sat: [\"22:00-2:00\"]\n"
    "year_end: {from: 12-29, to: 01-03}\n"
    "founding_day: 06-01\n"
    "closed:\n"
    "  - {from: 2026-08-13, to: 2026-08-15, name: お盆}\n"
    "  - 2026-10-05\n"
    "  - {weekday: mon, nth: [2, 5], name: 第2・第5月曜}\n"
    "  - {from: 12-26, to: 12-27, name: 大掃除}\n"
    "  - 07-08\n"
    "open: [2026-11-03]\n"
    "shifts:\n"
    "  夜勤: \"16:30-9:15\"\n"
    "  日勤: \"8:30-17:15\"\n";

static const struct {
	const char *at; /* RFC 3339 */
	bool open;
} hours[] = {
	{ "2026-11-16T08:29:59+09:00", false },
	{ "2026-11-16T08:30:00+09:00", true },
	{ "2026-11-16T17:14:59+09:00", true },
	{ "2026-11-16T17:15:00+09:00", false },
	{ "2026-11-16T00:00:00Z", true },
	{ "2026-11-17T13:00:00+09:00", false }, /* lunch */
	{ "2026-11-17T14:00:00+09:00", true },
	{ "2026-11-19T10:00:00+09:00", false }, /* Thursday is closed */
	{ "2026-11-22T01:59:59+09:00", true },	/* Saturday's evening */
	{ "2026-11-22T02:00:00+09:00", false },
	{ "2026-11-22T22:00:00+09:00", false },
	{ "2026-11-23T10:00:00+09:00", false }, /* holiday */
	{ "2026-11-03T10:00:00+09:00", true },	/* holiday, but open */
	{ "2027-03-22T10:00:00+09:00", false }, /* substitute */
	{ "2026-12-29T10:00:00+09:00", false },
	{ "2026-12-28T10:00:00+09:00", true },
	{ "2027-01-04T10:00:00+09:00", true },
	{ "2026-08-14T10:00:00+09:00", false },
	{ "2026-10-05T10:00:00+09:00", false },
	{ "2027-06-01T10:00:00+09:00", false },
	{ "2026-12-07T10:00:00+09:00", true },	/* the first Monday */
	{ "2026-12-14T10:00:00+09:00", false }, /* the second */
	{ "2026-12-21T10:00:00+09:00", true },	/* the third */
	{ "2026-11-30T10:00:00+09:00", false }, /* the fifth */
	{ "2028-12-26T10:00:00+09:00", false }, /* each year */
	{ "2028-12-25T10:00:00+09:00", true },
	{ "2026-07-08T10:00:00+09:00", false },
	{ "2027-07-09T10:00:00+09:00", true },
};

static const struct {
	const char *at, *shifts;
	bool in, known;
} shifts[] = {
	{ "2026-10-31T16:29:59+09:00", "夜勤", false, true },
	{ "2026-10-31T16:30:00+09:00", "夜勤", true, true },
	{ "2026-11-01T09:14:59+09:00", "夜勤", true, true }, /* month end */
	{ "2026-11-01T09:15:00+09:00", "夜勤", false, true },
	{ "2026-11-01T10:00:00+09:00", "夜勤、日勤", true, true },
	{ "2028-02-29T03:00:00+09:00", "夜勤", true, true }, /* leap day */
	{ "2026-11-01T10:00:00+09:00", "早番", false, false },
	{ "2026-11-01T10:00:00+09:00", "", false, false },
};

static const struct {
	int y, m, d, week_class, run;
	enum calendar_why why;
	const char *ja;
} days[] = {
	{ 2026, 11, 16, 1, 0, CALENDAR_WORKDAY, "11/16(月)" },
	{ 2026, 11, 19, 4, 1, CALENDAR_WEEKLY, "11/19(木)" },
	{ 2026, 11, 22, 0, 2, CALENDAR_WEEKLY, "11/22(日)" },
	{ 2026, 11, 23, 0, 2, CALENDAR_HOLIDAY, "11/23(月・勤労感謝の日)" },
	{ 2026, 8, 13, 0, 4, CALENDAR_CLOSED, "8/13(木・4連休)" },
	{ 2026, 12, 31, 0, 6, CALENDAR_YEAR_END, "12/31(木・6連休)" },
	{ 2027, 1, 1, 0, 6, CALENDAR_HOLIDAY, "1/1(金・6連休)" },
	{ 2026, 6, 1, 0, 2, CALENDAR_FOUNDING, "6/1(月・創立記念日)" },
};

static const struct {
	const char *text;
	unsigned line, col;
} bad[] = {
	{ "businesss: {}\n", 1, 12 },
	{ "business:\n  mon: [\"8:30\"]\n", 2, 9 },
	{ "business:\n  mon: [\"8:30-25:00\"]\n", 2, 9 },
	{ "business:\n  monday: []\n", 2, 11 },
	{ "year_end: {from: 12-32, to: 01-03}\n", 1, 18 },
	{ "year_end: {from: 12-29}\n", 1, 11 },
	{ "closed: [2026-02-30]\n", 1, 10 },
	{ "closed:\n  - {from: 2026-08-15, to: 2026-08-13}\n", 2, 28 },
	{ "closed:\n  - {weekday: sam}\n", 2, 15 },
	{ "closed:\n  - {weekday: sat, nth: 6}\n", 2, 25 },
	{ "closed:\n  - {weekday: sat, from: 01-01}\n", 2, 26 },
	{ "closed:\n  - {from: 08-32}\n", 2, 12 },
	{ "holidays: france\n", 1, 11 },
	{ "zone: Tokyo\n", 1, 7 },
	{ "shifts: [a]\n", 1, 9 },
	{ "[]\n", 1, 1 },
};

static int64_t
instant(const char *at)
{
	int64_t usec = 0;
	int zone;

	(void)utc_parse(span_str(at), &usec, &zone);
	return usec;
}

static void
check_days(const struct calendar *c)
{
	char text[CALENDAR_TEXT];
	int64_t day;
	size_t i;

	for (i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		day = utc_days(days[i].y, days[i].m, days[i].d);
		ok(calendar_date(c, day).why == days[i].why &&
			calendar_week_class(c, day) == days[i].week_class &&
			calendar_closed_run(c, day) == days[i].run,
		    "%d-%d-%d", days[i].y, days[i].m, days[i].d);
		ok(strcmp(calendar_print_day(c, day, true, text), days[i].ja) ==
			0,
		    "%s", days[i].ja);
	}
	ok(strcmp(calendar_print_day(c, utc_days(2026, 8, 13), false, text),
	       "Thu 2026-08-13 (4 days off in a row)") == 0,
	    "%s", text);
	ok(calendar_day(c, instant("2026-11-15T23:59:59Z")) ==
		utc_days(2026, 11, 16),
	    "a day begins at 15:00 UTC");
	ok(calendar_day(c, -1 - 9 * UTC_HOUR) == -1, "days before 1970");
}

int
main(void)
{
	struct yaml_error err;
	struct calendar *c;
	bool known;
	size_t i;

	c = calendar_parse(span_str(site), "calendar.yml", NULL, &err);
	ok(c != NULL, "calendar.yml is read");
	if (c == NULL)
		return done();
	for (i = 0; i < sizeof(hours) / sizeof(hours[0]); i++)
		ok(calendar_open(c, instant(hours[i].at)) == hours[i].open,
		    "%s is %s", hours[i].at, hours[i].open ? "open" : "closed");
	for (i = 0; i < sizeof(shifts) / sizeof(shifts[0]); i++)
		ok(calendar_in_shifts(c, span_str(shifts[i].shifts),
		       instant(shifts[i].at), &known) == shifts[i].in &&
			known == shifts[i].known,
		    "%s %s", shifts[i].shifts, shifts[i].at);
	check_days(c);
	calendar_free(c);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		c = calendar_parse(span_str(bad[i].text), "c", NULL, &err);
		ok(c == NULL && err.line == bad[i].line &&
			err.col == bad[i].col && err.what[0] != '\0',
		    "refused at %u:%u: %s", err.line, err.col, err.what);
	}
	c = calendar_default(NULL);
	ok(calendar_open(c, instant("2026-11-19T17:14:59+09:00")) &&
		!calendar_open(c, instant("2026-11-21T10:00:00+09:00")),
	    "without calendar.yml: Monday to Friday 8:30-17:15");
	calendar_free(c);
	return done();
}
