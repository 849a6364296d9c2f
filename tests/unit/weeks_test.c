/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/case/weeks.h"
#include "common/log.h"
#include "common/utc.h"
#include "evidence/record.h"
#include "tests/tap.h"

#define ZONE (9 * 3600)
#define GRACE (3 * UTC_DAY)

static struct casebook_step steps[16];
static struct casebook book = { .steps = steps };

static int64_t
at(const char *text)
{
	int64_t t = 0;
	int zone;

	ok(utc_parse(span_str(text), &t, &zone) == 0, "%s", text);
	return t;
}

static struct casebook_step *
step(const char *how, int64_t week, int64_t when)
{
	struct casebook_step *s = &steps[book.n_steps++];

	*s = (struct casebook_step){ .kind = CASEBOOK_REVIEW,
		.group = "",
		.who = how,
		.how = how,
		.text = "",
		.about = "",
		.ok = true,
		.from = week,
		.until = week + 7 * UTC_DAY,
		.at = when };
	return s;
}

/*
 * The casebook began on Wednesday 2026-10-28; four weeks are over on Monday
 * 2026-11-30.  The first was signed in time, the second late, the third not at
 * all, the fourth waits.
 */
static void
history(struct arena *arena)
{
	const int64_t w = at("2026-11-02T00:00:00+09:00"), day = UTC_DAY;
	struct weeks weeks;
	struct casebook_step *s;

	book.began = at("2026-10-28T10:00:00+09:00");
	step("made", w, w + 7 * day);
	step("reviewed", w, w + 10 * day); /* the last instant in time */
	step("reviewed", w, w + 11 * day);
	step("approved", w, w + 12 * day);
	step("made", w, w + 13 * day); /* printed once more */
	step("made", w + 7 * day, w + 20 * day);
	step("reviewed", w + 7 * day, w + 20 * day + WEEKS_QUICK - 1);
	s = step("", w + 14 * day, w + 24 * day);
	s->kind = CASEBOOK_REMIND;
	s->about = "WR-2026-11-16 remind";
	step("reviewed", w - 70 * day, w - 60 * day);
	weeks_build(&book, ZONE, w + 28 * day, GRACE, arena, &weeks);
	ok(weeks.n == 5 && weeks.owed == 4,
	    "weeks that it was kept for are owed; others that were signed are "
	    "listed");
	ok(weeks.v[0].from == w - 70 * day && !weeks.v[0].owed &&
		weeks.v[0].state == WEEKS_SIGNED,
	    "a week from before it began is neither late nor owed");
	ok(weeks.v[1].from == w && weeks.v[1].state == WEEKS_SIGNED &&
		weeks.v[1].reviewed == &steps[1] &&
		weeks.v[1].signatures == 2 && weeks.v[1].approved == &steps[3],
	    "the first who signed counts, in the last instant in time");
	ok(weeks.v[1].made == &steps[0] && !weeks.v[1].quick,
	    "the sheet is the one before the signature");
	ok(weeks.v[2].state == WEEKS_LATE && weeks.v[2].quick,
	    "late, and signed as soon as the sheet was there");
	ok(weeks.v[3].state == WEEKS_MISSING && weeks.v[3].reminders == 1 &&
		weeks.oldest_missing == &weeks.v[3],
	    "nobody signed it, though somebody was reminded");
	ok(weeks.v[4].state == WEEKS_WAITING, "there is still time");
	ok(weeks.in_time == 1 && weeks.late == 1 && weeks.missing == 1,
	    "and so they are counted");
	ok(weeks.reviewed == 3,
	    "whatever was signed counts, owed or not: as the month's page");
	ok(weeks_of(&weeks, w + 7 * day) == &weeks.v[2] &&
		weeks_of(&weeks, w + 1) == NULL,
	    "a week is found by its beginning");
	weeks_build(&book, ZONE, w + 6 * day, GRACE, arena, &weeks);
	ok(weeks.owed == 0, "a week that is not over is not owed");
	book = (struct casebook){ .steps = steps };
	weeks_build(&book, ZONE, w + 28 * day, GRACE, arena, &weeks);
	ok(weeks.n == 0, "an empty casebook owes nothing");
}

static const struct {
	const char *name, *text;
	bool good;
} numbers[] = {
	{ "a Monday", "WR-2026-11-16", true },
	{ "a Tuesday", "WR-2026-11-17", false },
	{ "no such day", "WR-2026-02-30", false },
	{ "month 0", "WR-2026-00-05", false },
	{ "letters", "WR-2026-xx-16", false },
	{ "other letters in front", "XX-2026-11-16", false },
	{ "longer", "WR-2026-11-160", false },
	{ "nothing", "", false },
};

static void
number(void)
{
	char text[WEEKS_NUMBER];
	int64_t from = 0;
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		ok(weeks_number_parse(span_str(numbers[i].text), ZONE, &from) ==
			numbers[i].good,
		    "%s", numbers[i].name);
	ok(weeks_number_parse(SPAN("WR-2026-11-16"), ZONE, &from) &&
		from == at("2026-11-16T00:00:00+09:00") &&
		strcmp(weeks_number(from, ZONE, text), "WR-2026-11-16") == 0,
	    "a number is the midnight at the site, and back");
}

static void
made(struct arena *arena)
{
	struct casebook_step s;
	struct buf b;

	buf_init(&b);
	record_word(&b, "action", SPAN("export"));
	record_word(&b, "what", SPAN("review"));
	record_word_u64(&b, "since", 1000);
	record_word_u64(&b, "until", 2000);
	record_word_u64(&b, "uid", 42);
	ok(weeks_made(buf_view(&b), arena, &s) && s.from == 1000 &&
		s.until == 2000 && s.uid == 42 &&
		strcmp(s.how, "made") == 0 && s.kind == CASEBOOK_REVIEW,
	    "that a sheet was made is read from the operator's record");
	buf_fini(&b);
	ok(!weeks_made(SPAN("action=export what=timeline since=1 until=2"),
	       arena, &s) &&
		!weeks_made(SPAN("action=export what=review since=2 until=2"),
		    arena, &s) &&
		!weeks_made(SPAN("action=export what=review"), arena, &s),
	    "and nothing else is taken for it");
}

int
main(void)
{
	struct arena *arena = arena_new();

	log_set_lang("en");
	history(arena);
	number();
	made(arena);
	arena_free(arena);
	return done();
}
