/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/holiday.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/io.h"
#include "common/utc.h"
#include "tests/tap.h"

/* All holidays of a year as "1/1 1/12 ...". */
static const struct {
	int year, count;
	const char *days;
} years[] = {
	{ 2026, 18,
	    "1/1 1/12 2/11 2/23 3/20 4/29 5/3 5/4 5/5 5/6 7/20 8/11 9/21 9/22 "
	    "9/23 10/12 11/3 11/23" },
	{ 2027, 17,
	    "1/1 1/11 2/11 2/23 3/21 3/22 4/29 5/3 5/4 5/5 7/19 8/11 9/20 "
	    "9/23 10/11 11/3 11/23" },
	{ 2028, 16,
	    "1/1 1/10 2/11 2/23 3/20 4/29 5/3 5/4 5/5 7/17 8/11 9/18 9/22 "
	    "10/9 11/3 11/23" },
	{ 2019, 22,
	    "1/1 1/14 2/11 3/21 4/29 4/30 5/1 5/2 5/3 5/4 5/5 5/6 7/15 8/11 "
	    "8/12 9/16 9/23 10/14 10/22 11/3 11/4 11/23" },
	{ 2021, 17,
	    "1/1 1/11 2/11 2/23 3/20 4/29 5/3 5/4 5/5 7/22 7/23 8/8 8/9 9/20 "
	    "9/23 11/3 11/23" },
	{ 2006, 16,
	    "1/1 1/2 1/9 2/11 3/21 4/29 5/3 5/4 5/5 7/17 9/18 9/23 10/9 11/3 "
	    "11/23 12/23" },
};

static const char *
list(int year, const struct holidays *table, int *count)
{
	static char out[512];
	int64_t d;
	int y, m, k;
	char *o = out;

	*count = 0;
	*out = '\0';
	for (d = utc_days(year, 1, 1); d <= utc_days(year, 12, 31); d++) {
		if (holidays_get(table, d) == NULL)
			continue;
		utc_date(d, &y, &m, &k);
		o += sprintf(o, "%s%d/%d", o > out ? " " : "", m, k);
		(*count)++;
	}
	return out;
}

static const char *
name(int y, int m, int d)
{
	const struct holiday *h = holiday_by_rule(utc_days(y, m, d));

	return h == NULL ? "" : h->ja;
}

/* The dated table and the rules say the same of every day. */
static void
against_table(void)
{
	const char *srcdir = getenv("srcdir");
	struct problems ps;
	struct holidays *hs;
	struct buf b;
	char path[4096];
	int64_t d;
	int first = 0, last = 0, bad = 0;

	problems_init(&ps);
	buf_init(&b);
	snprintf(path, sizeof(path), "%s/rules/data/holidays.csv",
	    srcdir != NULL ? srcdir : ".");
	ok(io_read_file(path, 1 << 20, &b) == 0, "the table is there");
	hs = holidays_parse(buf_view(&b), "holidays.csv", &ps);
	ok(hs != NULL, "the table is read");
	if (hs != NULL) {
		holidays_years(hs, &first, &last);
		for (d = utc_days(first, 1, 1); d <= utc_days(last, 12, 31);
		     d++)
			bad += (holidays_get(hs, d) == NULL) !=
			    (holiday_by_rule(d) == NULL);
	}
	ok(first == 2000 && last >= 2027 && bad == 0,
	    "%d-%d: rules and table agree", first, last);
	holidays_free(hs);
	problems_fini(&ps);
	buf_fini(&b);
}

/*
 * A century of holidays made another way (holidays.py: the law's text, and the
 * sun for the equinoxes): day by day, and by name.
 */
static void
against_century(void)
{
	const char *srcdir = getenv("srcdir");
	const struct holiday *rule, *dated;
	struct problems ps;
	struct holidays *hs;
	struct buf b;
	char path[4096];
	int64_t d;
	int n = 0, bad = 0;

	problems_init(&ps);
	buf_init(&b);
	snprintf(path, sizeof(path), "%s/tests/unit/holidays.csv",
	    srcdir != NULL ? srcdir : ".");
	ok(io_read_file(path, 1 << 20, &b) == 0, "the century is there");
	hs = holidays_parse(buf_view(&b), "holidays.csv", &ps);
	for (d = utc_days(2000, 1, 1);
	     hs != NULL && d <= utc_days(2099, 12, 31); d++) {
		dated = holidays_get(hs, d);
		rule = holiday_by_rule(d);
		n += dated != NULL;
		bad += (dated == NULL) != (rule == NULL) ||
		    (dated != NULL && strcmp(dated->ja, rule->ja) != 0);
	}
	ok(n == 1773 && bad == 0,
	    "2000-2099: each day is by rule what it is by law and sun");
	ok(ps.n == 0, "and nothing is to be said of the table");
	holidays_free(hs);
	problems_fini(&ps);
	buf_fini(&b);
}

/* A special law: the table moves a day, and only in its years. */
static void
replaced(void)
{
	/* CP932: the header and "祝" as the Cabinet Office's file has them. */
	static const char cp932[] =
	    "\x8d\x91\x96\xaf,\x96\xbc\x8f\xcc\r\n2026/12/24,\x8f\x6a\r\n";
	static const char broken[] = "d,n\n2026/1/1,x\n2026/2/30,y\n";
	struct problems ps;
	struct holidays *hs;
	int count;

	problems_init(&ps);
	hs = holidays_parse(span_str(cp932), "h.csv", &ps);
	ok(hs != NULL && strcmp(list(2026, hs, &count), "12/24") == 0 &&
		strcmp(holidays_get(hs, utc_days(2026, 12, 24))->ja, "祝") == 0,
	    "a CP932 table rules its year");
	ok(ps.notices == 1 && ps.v[0].row == 0 &&
		strstr(ps.v[0].what, "19 days of 2026 differ") != NULL,
	    "that it differs from the rules is said");
	ok(hs != NULL && list(2028, hs, &count) != NULL && count == 16,
	    "other years go by rule");
	holidays_free(hs);
	ok(holidays_parse(span_str(broken), "h.csv", &ps) == NULL &&
		ps.errors == 1 && ps.v[1].row == 3,
	    "a bad date is named");
	problems_fini(&ps);
}

int
main(void)
{
	size_t i;
	int count;

	for (i = 0; i < sizeof(years) / sizeof(years[0]); i++)
		ok(strcmp(list(years[i].year, NULL, &count), years[i].days) ==
			    0 &&
			count == years[i].count,
		    "%d has %d holidays", years[i].year, years[i].count);
	ok(strcmp(name(2026, 5, 6), "振替休日") == 0, "2026-05-06");
	ok(strcmp(name(2026, 9, 22), "国民の休日") == 0, "2026-09-22");
	ok(strcmp(name(2027, 3, 22), "振替休日") == 0, "2027-03-22");
	ok(strcmp(name(2032, 9, 21), "国民の休日") == 0, "2032-09-21");
	ok(name(2027, 9, 21)[0] == '\0' && name(2027, 9, 22)[0] == '\0',
	    "2027-09-21 and 22 are none");
	ok(strcmp(name(2099, 9, 23), "秋分の日") == 0 ||
		strcmp(name(2099, 9, 22), "秋分の日") == 0,
	    "2099 has an equinox");
	ok(name(1999, 1, 1)[0] == '\0' && name(2100, 1, 1)[0] == '\0',
	    "nothing before 2000 and after 2099");
	against_table();
	against_century();
	replaced();
	return done();
}
