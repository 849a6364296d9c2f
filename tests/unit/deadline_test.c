/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/deadline.h"

#include <string.h>

#include "common/log.h"
#include "common/utc.h"
#include "tests/tap.h"

#define HEAD                                                                   \
	"記号,期限,deadline,宛先,addressee,条件,applies,目安の日,日数,"        \
	"閉庁日,予告,根拠,適用開始,適用終了\n"
#define ROW(id, first, last, open, before, since)                              \
	id ",名,name,先,to,条,if," first "," last "," open "," before          \
	   ",法," since ",\n"

static const char table[] = HEAD
	ROW("quick", "3", "5", "そのまま", "2;0", "")
	ROW("full-30", "30", "30", "翌開庁日", "7;1;0", "")
	ROW("full-60", "60", "60", "翌開庁日", "14;0", "2026/11/10");

/* The day of awareness counts as the first. */
static const struct {
	const char *id;
	int year, month, day;
	int due_year, due_month, due_day;
	const char *name;
} days[] = {
	{ "quick", 2026, 11, 20, 2026, 11, 24, "five days" },
	{ "full-30", 2026, 11, 20, 2026, 12, 21, "30 days end on a Saturday" },
	{ "full-60", 2026, 11, 20, 2027, 1, 18, "60 days end on a Monday" },
	{ "full-30", 2026, 12, 1, 2027, 1, 4, "30 days end at the year's end" },
	{ "full-60", 2026, 11, 1, 2027, 1, 4, "60 days do" },
	{ "quick", 2026, 11, 17, 2026, 11, 21,
	    "what is kept on the day itself is kept on a Saturday" },
	{ "full-30", 2026, 8, 22, 2026, 9, 24,
	    "a Sunday, two holidays and the day between them" },
};

static const struct {
	const char *name, *rows, *what;
} bad[] = {
	{ "no days", ROW("a", "1", "", "そのまま", "0", ""), "number of days" },
	{ "a deadline before its first day",
	    ROW("a", "3", "2", "そのまま", "0", ""), "before its first day" },
	{ "an unknown word for closed days", ROW("a", "1", "1", "?", "0", ""),
	    "翌開庁日" },
	{ "reminders that rise", ROW("a", "1", "1", "そのまま", "1;2", ""),
	    "the largest first" },
	{ "no name", ROW("", "1", "1", "そのまま", "0", ""), "empty" },
	{ "a date that is none", ROW("a", "1", "1", "そのまま", "0", "soon"),
	    "date" },
};

static void
refused(void)
{
	struct problems ps;
	char text[1024];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		problems_init(&ps);
		snprintf(text, sizeof(text), "%s%s", HEAD, bad[i].rows);
		ok(deadlines_parse(span_str(text), "d.csv", &ps) == NULL &&
			ps.n > 0 && strstr(ps.v[0].what, bad[i].what) != NULL &&
			ps.v[0].row == 2,
		    "%s is refused: %s", bad[i].name,
		    ps.n > 0 ? ps.v[0].what : "");
		problems_fini(&ps);
	}
}

static void
reminders(const struct deadlines *ds)
{
	const struct deadline *d = deadlines_find(ds, "full-30");

	ok(deadline_reminder(d, 100, 92) == -1,
	    "no reminder eight days before");
	ok(deadline_reminder(d, 100, 93) == 7, "one a week before");
	ok(deadline_reminder(d, 100, 98) == 7, "which holds until the next");
	ok(deadline_reminder(d, 100, 99) == 1, "one the day before");
	ok(deadline_reminder(d, 100, 100) == 0, "one on the day");
	ok(deadline_reminder(d, 100, 130) == 0, "and none after it");
}

int
main(void)
{
	const struct deadline *d;
	struct deadlines *ds;
	struct problems ps;
	size_t i, at = 0, n = 0;
	int64_t aware;

	log_set_lang("en");
	problems_init(&ps);
	ds = deadlines_parse(span_str(table), "d.csv", &ps);
	ok(ds != NULL && ps.n == 0, "a table is read");
	if (ds == NULL)
		return done();
	for (i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		d = deadlines_find(ds, days[i].id);
		aware = utc_days(days[i].year, days[i].month, days[i].day);
		ok(deadline_day(d, aware, NULL) ==
			utc_days(days[i].due_year, days[i].due_month,
			    days[i].due_day),
		    "%s", days[i].name);
	}
	d = deadlines_find(ds, "quick");
	ok(deadline_first(d, utc_days(2026, 11, 20)) ==
		utc_days(2026, 11, 22),
	    "the third day is the first of three to five");
	while (deadlines_next(ds, utc_days(2026, 11, 9), &at) != NULL)
		n++;
	ok(n == 2, "a deadline begins with its day");
	for (at = n = 0;
	     deadlines_next(ds, utc_days(2026, 11, 10), &at) != NULL; n++)
		continue;
	ok(n == 3, "and holds from then on");
	ok(deadlines_find(ds, "none") == NULL, "there is no other");
	reminders(ds);
	deadlines_free(ds);
	problems_fini(&ps);
	refused();
	return done();
}
