/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/case/overdue.h"
#include "common/log.h"
#include "common/utc.h"
#include "tests/tap.h"

#define ZONE (9 * 3600)

static struct contacts_person people[] = {
	{ .id = "it", .name = "山田", .role = "システム運用担当者" },
	{ .id = "planner", .name = "高橋", .role = "企画管理者" },
	{ .id = "safety",
	    .name = "佐々木",
	    .role = "医療情報システム安全管理責任者" },
};
static struct contacts contacts = { .people = people, .n_people = 3 };
static struct casebook_step steps[8];
static struct casebook book = { .steps = steps };
static struct arena *arena;
static int64_t monday; /* the end of the first whole week */

static struct casebook_step *
step(enum casebook_step_kind kind, const char *about, int64_t at)
{
	struct casebook_step *s = &steps[book.n_steps++];

	*s = (struct casebook_step){ .kind = kind,
		.group = "",
		.who = "planner",
		.how = kind == CASEBOOK_REVIEW ? "reviewed" : "mail",
		.text = "",
		.about = about,
		.ok = true,
		.at = at };
	return s;
}

/* Who is told of a stage so many hours after that Monday: an id, or "". */
static const char *
told(enum overdue_stage stage, int64_t hours, struct overdue_due *due)
{
	static struct weeks weeks;
	struct overdue_asked a = { .book = &book,
		.weeks = &weeks,
		.contacts = &contacts,
		.zone = ZONE,
		.now = monday + hours * UTC_HOUR,
		.days = { 3, 7 },
		.hour = 9 };

	weeks_build(&book, ZONE, a.now, 3 * UTC_DAY, arena, &weeks);
	return overdue_next(&a, stage, due) ? due->person->id : "";
}

static bool
is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static void
one_week(void)
{
	struct overdue_due due;
	struct casebook_step *s;

	ok(is(told(OVERDUE_REMIND, 3 * 24 + 8, &due), ""),
	    "nobody is reminded before nine in the morning of the third day");
	ok(is(told(OVERDUE_REMIND, 3 * 24 + 9, &due), "planner"),
	    "then the planning manager is");
	ok(is(due.about, "WR-2026-11-02 remind") && due.n == 1,
	    "of that week");
	ok(is(told(OVERDUE_ESCALATE, 3 * 24 + 9, &due), ""),
	    "the safety manager is not told yet");
	ok(is(told(OVERDUE_ESCALATE, 7 * 24 + 9, &due), "safety"),
	    "but on the seventh day");
	s = step(CASEBOOK_REMIND, "WR-2026-11-02 remind",
	    monday + (3 * 24 + 9) * UTC_HOUR);
	s->ok = false;
	ok(is(told(OVERDUE_REMIND, 3 * 24 + 9, &due), ""),
	    "what could not be sent is tried again");
	ok(is(told(OVERDUE_REMIND, 3 * 24 + 11, &due), "planner"),
	    "after an hour");
	s->ok = true;
	ok(is(told(OVERDUE_REMIND, 3 * 24 + 11, &due), ""),
	    "and once is enough");
	ok(is(told(OVERDUE_ESCALATE, 7 * 24 + 9, &due), "safety"),
	    "which says nothing to the next stage");
}

static void
more_weeks(void)
{
	struct overdue_due due;
	struct casebook_step *s;

	ok(is(told(OVERDUE_REMIND, 24 * 24 + 9, &due), "planner") &&
		due.n == 4 && is(due.about, "WR-2026-11-23 remind"),
	    "several weeks are one message");
	(void)step(CASEBOOK_REMIND, "WR-2026-11-23 remind",
	    monday + (24 * 24 + 9) * UTC_HOUR);
	ok(is(told(OVERDUE_REMIND, 24 * 24 + 10, &due), ""),
	    "which speaks of all before it");
	s = step(CASEBOOK_REVIEW, "", monday + (24 * 24 + 11) * UTC_HOUR);
	s->from = monday + 14 * UTC_DAY;
	s->until = monday + 21 * UTC_DAY;
	ok(is(told(OVERDUE_ESCALATE, 28 * 24 + 9, &due), "safety") &&
		due.n == 3 && is(due.about, "WR-2026-11-16 escalate"),
	    "a week that was signed is none of them");
}

static void
texts(void)
{
	const struct escalation_site site = { .name = "見本\x1b病院",
		.zone = ZONE,
		.option = "" };
	struct overdue_due due;
	struct buf b;

	(void)told(OVERDUE_ESCALATE, 28 * 24 + 9, &due);
	buf_init(&b);
	overdue_title(&due, &site, &b);
	ok(is(buf_cstr(&b), "nobody signed the weekly review WR-2026-11-16 and "
			    "2 more"),
	    "a title is one line");
	b.len = 0;
	overdue_text(&due, &site, &b);
	ok(strstr(buf_cstr(&b), "3 week(s), from WR-2026-11-02 to "
				"WR-2026-11-16") != NULL &&
		strstr(buf_cstr(&b), "--sign WR-2026-11-16") != NULL,
	    "a text says which weeks, and what to do");
	buf_fini(&b);
}

int
main(void)
{
	struct overdue_due due;
	int zone;

	log_set_lang("en");
	arena = arena_new();
	(void)utc_parse(SPAN("2026-11-09T00:00:00+09:00"), &monday, &zone);
	book.began = monday - 10 * UTC_DAY;
	one_week();
	more_weeks();
	texts();
	people[1].role = people[2].role = "";
	ok(is(told(OVERDUE_ESCALATE, 28 * 24 + 9, &due), ""),
	    "where nobody has the role nobody is told");
	contacts.level[CASEBOOK_WARNING].ladder[CONTACTS_DAY].n = 1;
	ok(is(told(OVERDUE_ESCALATE, 28 * 24 + 9, &due), "it"),
	    "but who is told of warnings first");
	arena_free(arena);
	return done();
}
