/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/reminder.h"

#include <string.h>

#include "common/log.h"
#include "common/utc.h"
#include "tests/tap.h"

static const char table[] =
    "記号,期限,deadline,宛先,addressee,条件,applies,目安の日,日数,閉庁日,予告,"
    "根拠\n"
    "quick,速報,quick,先,to,条,if,3,5,そのまま,2;0,法\n";

static struct casebook_step aware = { .kind = CASEBOOK_AWARE };
static struct casebook_step steps[4];
static struct casebook_group group = { .id = "ab", .aware = &aware };
static struct casebook book = { .steps = steps };
static struct deadlines *deadlines;

static void
step(enum casebook_step_kind kind, int64_t at, bool ok)
{
	steps[book.n_steps++] = (struct casebook_step){ .kind = kind,
		.group = "ab",
		.about = "quick",
		.at = at,
		.ok = ok };
}

/* Whether somebody is to be reminded at that time; *left: the days. */
static bool
due(int64_t now, int64_t *left)
{
	const struct reminder_asked asked = { &book, deadlines, NULL, 0, now };
	struct reminder_due d = { .left = -99 };
	size_t at = 0;
	int rc = reminder_next(&asked, &group, &at, &d);

	*left = d.left;
	return rc == 1;
}

#define AT(day, hour) ((day) * UTC_DAY + (hour) * UTC_HOUR)

int
main(void)
{
	struct casebook_step normal = { .kind = CASEBOOK_JUDGE,
		.how = "normal" };
	struct problems ps;
	int64_t left;

	log_set_lang("en");
	problems_init(&ps);
	deadlines = deadlines_parse(span_str(table), "d.csv", &ps);
	ok(deadlines != NULL, "a table");
	if (deadlines == NULL)
		return done();
	aware.from = AT(100, 2); /* so the last day is 104 */
	ok(!due(AT(101, 12), &left), "three days before, nobody");
	ok(!due(AT(102, 7), &left), "two days before, not at night");
	ok(due(AT(102, 8), &left) && left == 2, "but in the morning");
	step(CASEBOOK_REMIND, AT(102, 8), true);
	ok(!due(AT(103, 12), &left), "and once");
	ok(due(AT(104, 8), &left) && left == 0, "again on the day itself");
	step(CASEBOOK_REMIND, AT(104, 8), false);
	ok(!due(AT(104, 8) + UTC_MINUTE, &left),
	    "what could not be told is not tried at once");
	ok(due(AT(104, 9) + UTC_MINUTE, &left), "but within the hour after");
	ok(due(AT(106, 9), &left) && left == -2,
	    "who was not reached hears of it when it is over, too");
	group.judged = &normal;
	ok(!due(AT(106, 9), &left), "of what was judged normal nobody does");
	group.judged = NULL;
	step(CASEBOOK_DONE, AT(106, 10), true);
	ok(!due(AT(106, 11), &left), "nor of what was reported");
	group.aware = NULL;
	book.n_steps = 0;
	ok(!due(AT(104, 9), &left), "nor where nobody says when it was known");
	deadlines_free(deadlines);
	problems_fini(&ps);
	return done();
}
