/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/case/escalation.h"
#include "common/log.h"
#include "common/utc.h"
#include "tests/tap.h"

static struct contacts_person people[] = {
	{ .id = "it",
	    .name = "山田",
	    .role = "担当",
	    .phone = "210",
	    .mail = "it@clinic.example" },
	{ .id = "boss",
	    .name = "院長",
	    .role = "",
	    .phone = "",
	    .mail = "",
	    .command = true },
};
static struct contacts contacts = { .people = people, .n_people = 2 };
static size_t which[] = { 0 };
static struct casebook_finding finding = {
	.id = "ab",
	.rule = "OUT",
	.title_ja = "外部送信",
	.title_en = "outbound \x1b[31m",
	.what_ja = "何",
	.what_en = "what",
	.why_ja = "",
	.why_en = "",
	.todo_ja = "す",
	.todo_en = "do",
	.severity = CASEBOOK_SERIOUS,
	.group = "ab",
};
static struct casebook_group group = { .id = "ab",
	.severity = CASEBOOK_SERIOUS,
	.findings = which,
	.n_findings = 1,
	.n_heard = 1 };
static struct casebook_step steps[8];
static struct casebook book = { .findings = &finding,
	.n_findings = 1,
	.steps = steps,
	.groups = &group,
	.n_groups = 1 };

static int64_t gather;
static struct calendar *calendar;

static void
sent(const char *who, const char *how, int64_t at)
{
	steps[book.n_steps++] = (struct casebook_step){
		.kind = CASEBOOK_SENT,
		.group = "ab",
		.who = who,
		.how = how,
		.text = "",
		.ok = true,
		.at = at,
		.code = "",
	};
}

/* Who is due at that minute: "it", "boss", or "" and the minute to ask. */
static const char *
due_at(int64_t minute, int64_t *again)
{
	struct escalation_due due;
	const struct escalation_asked asked = { &book, &contacts,
		minute * UTC_MINUTE, gather, calendar };
	int rc = escalation_next(&asked, &group, &due, again);

	*again /= UTC_MINUTE;
	return rc == 1 ? due.person->id : "";
}

static void
ladder(void)
{
	struct casebook_step ack = { .kind = CASEBOOK_ACK };
	int64_t again;

	ok(strcmp(due_at(100, &again), "it") == 0, "the first at once");
	sent("it", "mail", 100 * UTC_MINUTE);
	sent("it", "command", 100 * UTC_MINUTE);
	ok(strcmp(due_at(109, &again), "") == 0 && again == 110,
	    "ten minutes to answer");
	ok(strcmp(due_at(110, &again), "boss") == 0,
	    "then the next; two channels are one attempt");
	group.acked = group.answered = &ack;
	ok(strcmp(due_at(110, &again), "") == 0 && again == 0,
	    "who took it ends it");
	group.acked = group.answered = NULL;
	group.judged = group.answered = &ack;
	ok(strcmp(due_at(110, &again), "") == 0, "so does a judgement");
	group.judged = group.answered = NULL;
	sent("boss", "command", 110 * UTC_MINUTE);
	ok(strcmp(due_at(500, &again), "") == 0 && again == 0,
	    "nobody after the last");
	contacts.level[CASEBOOK_SERIOUS].repeat = true;
	ok(strcmp(due_at(500, &again), "it") == 0, "or the first again");
	contacts.level[CASEBOOK_SERIOUS].repeat = false;
	group.since = 200 * UTC_MINUTE;
	ok(strcmp(due_at(200, &again), "it") == 0,
	    "a case that became worse begins its ladder anew");
	ack.at = 199 * UTC_MINUTE;
	group.answered = &ack;
	ok(strcmp(due_at(200, &again), "it") == 0,
	    "also if somebody had taken it before");
	ack.at = 201 * UTC_MINUTE;
	ok(strcmp(due_at(202, &again), "") == 0, "until somebody takes it");
	group.news = 300 * UTC_MINUTE;
	ok(strcmp(due_at(300, &again), "it") == 0,
	    "and again for what came after that");
	group.answered = NULL;
	group.since = group.news = 0;
	group.n_heard = 0;
	ok(strcmp(due_at(500, &again), "") == 0,
	    "a case with nothing that is heard tells nobody");
	group.n_heard = 1;
	contacts.level[CASEBOOK_SERIOUS].ladder[CONTACTS_DAY].n = 0;
	ok(strcmp(due_at(500, &again), "") == 0, "a level without people");
	contacts.level[CASEBOOK_SERIOUS].ladder[CONTACTS_DAY].n = 2;
}

static void
unreached(void)
{
	int64_t again;

	book.n_steps = 0;
	contacts.level[CASEBOOK_SERIOUS].repeat = true;
	sent("it", "mail", 100 * UTC_MINUTE);
	steps[0].ok = false;
	ok(strcmp(due_at(100, &again), "boss") == 0,
	    "who could not be told is not waited for");
	sent("boss", "mail", 100 * UTC_MINUTE);
	steps[1].ok = false;
	ok(strcmp(due_at(101, &again), "") == 0 && again == 110,
	    "a whole round of failures is");
	contacts.level[CASEBOOK_SERIOUS].repeat = false;
	book.n_steps = 0;
}

/* What belongs together is told together, but for what is critical. */
static void
gathering(void)
{
	int64_t again;

	gather = 2 * UTC_MINUTE;
	group.since = 100 * UTC_MINUTE;
	ok(strcmp(due_at(101, &again), "") == 0 && again == 102,
	    "the rest of a case is waited for");
	ok(strcmp(due_at(102, &again), "it") == 0, "but not longer");
	group.severity = CASEBOOK_CRITICAL;
	contacts.level[CASEBOOK_CRITICAL] = contacts.level[CASEBOOK_SERIOUS];
	ok(strcmp(due_at(100, &again), "it") == 0,
	    "what is critical is told at once");
	group.severity = CASEBOOK_SERIOUS;
	sent("it", "mail", 100 * UTC_MINUTE);
	ok(strcmp(due_at(111, &again), "boss") == 0,
	    "an answer is waited for as ever");
	book.n_steps = 0;
	group.since = gather = 0;
}

/* Who is told together is not waited for, and reached by any of them. */
static void
together(void)
{
	struct contacts_level *l = &contacts.level[CASEBOOK_SERIOUS];
	struct escalation_due due;
	const struct escalation_asked asked = { &book, &contacts,
		100 * UTC_MINUTE, 0, NULL };
	int64_t again;

	l->ladder[CONTACTS_DAY] =
	    (struct contacts_ladder){ .order = { 0, 1, 0 },
		    .with = { false, true, false },
		    .n = 3 };
	ok(escalation_next(&asked, &group, &due, &again) == 1 && due.more,
	    "the first of two has another with him");
	sent("it", "mail", 100 * UTC_MINUTE);
	ok(strcmp(due_at(100, &again), "boss") == 0, "who is told at once");
	sent("boss", "command", 100 * UTC_MINUTE);
	steps[1].ok = false;
	ok(strcmp(due_at(101, &again), "") == 0 && again == 110,
	    "one of both was reached: an answer is waited for");
	ok(strcmp(due_at(110, &again), "it") == 0, "then the next");
	steps[1].ok = true;
	sent("siem", "cef", 100 * UTC_MINUTE);
	ok(strcmp(due_at(109, &again), "") == 0 && again == 110,
	    "a copy for a machine is no attempt");
	book.n_steps = 0;
	l->ladder[CONTACTS_DAY] = (struct contacts_ladder){ .order = { 0 },
		.n = 1 };
	l->repeat = true;
	sent("it", "mail", 100 * UTC_MINUTE);
	sent("it", "mail", 110 * UTC_MINUTE);
	ok(strcmp(due_at(119, &again), "") == 0 && again == 120 &&
		escalation_next(
		    &(struct escalation_asked){ &book, &contacts,
			120 * UTC_MINUTE, 0, NULL },
		    &group, &due, &again) == 1 &&
		due.attempt == 3,
	    "one alone is told again and again, and it is counted");
	book.n_steps = 0;
	l->repeat = false;
}

/* Minutes of a week at UTC, whose hours are 8:30-17:15, Monday to Friday:
 * 1970-01-05 is a Monday. */
#define AT(day, hour) ((int64_t)((day) * 24 + (hour)) * 60)

static void
hours(void)
{
	struct contacts_level *l = &contacts.level[CASEBOOK_SERIOUS];
	struct yaml_error err;
	int64_t again;

	calendar = calendar_parse(SPAN("zone: '+00:00'\nbusiness: {mon: "
				       "['8:30-17:15'], tue: ['8:30-17:15']}\n"
				       "holidays: none\n"),
	    "c.yml", NULL, &err);
	ok(calendar != NULL, "a calendar");
	l->ladder[CONTACTS_DAY] =
	    (struct contacts_ladder){ .order = { 0 }, .n = 1 };
	l->ladder[CONTACTS_NIGHT] =
	    (struct contacts_ladder){ .order = { 1 }, .n = 1 };
	l->ladder[CONTACTS_CLOSED] =
	    (struct contacts_ladder){ .order = { 1, 0 }, .n = 2 };
	ok(strcmp(due_at(AT(4, 10), &again), "it") == 0, "those of the day");
	ok(strcmp(due_at(AT(4, 20), &again), "boss") == 0,
	    "those of the night");
	ok(strcmp(due_at(AT(6, 10), &again), "boss") == 0,
	    "those of a closed day");
	sent("boss", "mail", AT(6, 23) * UTC_MINUTE);
	ok(strcmp(due_at(AT(11, 9), &again), "it") == 0,
	    "a ladder goes on as it began");
	book.n_steps = 0;
	l->business = true;
	ok(strcmp(due_at(AT(4, 20), &again), "") == 0 &&
		again == AT(5, 8) + 30,
	    "what waits for business waits until it begins");
	ok(strcmp(due_at(AT(5, 9), &again), "it") == 0, "and no longer");
	l->business = false;
	calendar_free(calendar);
	calendar = NULL;
}

static void
codes(void)
{
	const struct escalation_asked asked = { &book, &contacts,
		100 * UTC_MINUTE, 0, NULL };
	struct escalation_due one, two;
	int64_t again;

	(void)escalation_next(&asked, &group, &one, &again);
	ok(strlen(one.code) == ESCALATION_CODE - 1 && one.code[4] == '-',
	    "a message has a code: %s", one.code);
	sent("it", "mail", 100 * UTC_MINUTE);
	steps[0].code = one.code;
	(void)escalation_next(
	    &(struct escalation_asked){ &book, &contacts, 120 * UTC_MINUTE, 0,
		NULL },
	    &group, &two, &again);
	ok(strcmp(one.code, two.code) != 0, "each another");
	steps[0].code = "01AB-9QXD";
	ok(escalation_code(&book, SPAN("01AB-9QXD")) == &steps[0],
	    "by it the message is found");
	ok(escalation_code(&book, SPAN("oiab 9qxd")) == &steps[0],
	    "also as people type it");
	ok(escalation_code(&book, SPAN("01AB-9QX")) == NULL &&
		escalation_code(&book, SPAN("01AB-9QXDD")) == NULL &&
		escalation_code(&book, SPAN("")) == NULL,
	    "but not by a part of it");
	ok(!escalation_is_stale(&group, &steps[0]), "it answers the case");
	group.news = 101 * UTC_MINUTE;
	ok(escalation_is_stale(&group, &steps[0]),
	    "but not what came after it");
	group.news = 0;
	book.n_steps = 0;
}

static void
words(void)
{
	struct escalation_due due = { .group = &group,
		.person = &people[0],
		.attempt = 1,
		.code = "K7M2-9QXD" };
	struct escalation_site site = { .name = "Clinic",
		.zone = 32400,
		.option = "" };
	struct buf s, b;

	buf_init(&s);
	buf_init(&b);
	log_set_lang("en");
	escalation_subject(&book, &due, &site, &s);
	ok(strcmp(buf_cstr(&s),
	       "[konseki serious] Clinic: outbound \\x1b[31m") == 0,
	    "a subject on one line: %s", buf_cstr(&s));
	escalation_body(&book, &due, &site, &b);
	ok(strstr(buf_cstr(&b), "konseki case ack --code K7M2-9QXD\n") !=
		    NULL &&
		strstr(buf_cstr(&b), "reply") == NULL,
	    "the body says how to answer");
	ok(strstr(buf_cstr(&b), "sample") == NULL, "a real one is no sample");
	group.score = 507;
	group.phases[PHASE_ENTRY] = (struct casebook_phase){ 1, 0 };
	group.phases[PHASE_EXFILTRATION] = (struct casebook_phase){ 2, 0 };
	b.len = 0;
	escalation_body(&book, &due, &site, &b);
	ok(strstr(buf_cstr(&b),
	       "Score 50.7, phases: entry > exfiltration\n"
	       "  entry from 1970-01-01 09:00:00, 1 finding") != NULL,
	    "it tells the course of a case");
	finding.quiet = CASEBOOK_EXCEPTED;
	b.len = 0;
	escalation_body(&book, &due, &site, &b);
	ok(strstr(buf_cstr(&b), "[OUT]") == NULL, "not of what is quiet");
	finding.quiet = CASEBOOK_HEARD;
	finding.replay = true;
	s.len = b.len = 0;
	log_set_lang("ja");
	escalation_subject(&book, &due, &site, &s);
	escalation_body(&book, &due, &site, &b);
	ok(strncmp(buf_cstr(&s), "【見本】", 12) == 0 &&
		strstr(buf_cstr(&b), "訓練") != NULL,
	    "a sample says so twice");
	site.drill = site.replies = true;
	site.option = "/drill";
	s.len = b.len = 0;
	escalation_subject(&book, &due, &site, &s);
	escalation_body(&book, &due, &site, &b);
	ok(strncmp(buf_cstr(&s), "【訓練】", 12) == 0 &&
		strstr(buf_cstr(&b), "【訓練 訓練 訓練】") != NULL &&
		strstr(buf_cstr(&b), "--code K7M2-9QXD --site /drill\n") !=
		    NULL,
	    "so does a drill, which is answered at its own site");
	ok(strstr(buf_cstr(&b), "このメールに返信") != NULL,
	    "replies are offered where they are read");
	buf_fini(&s);
	buf_fini(&b);
}

int
main(void)
{
	contacts.level[CASEBOOK_SERIOUS] =
	    (struct contacts_level){ .ladder = { { .order = { 0, 1 },
						     .n = 2 } },
		    .answer_min = 10 };
	ladder();
	unreached();
	gathering();
	together();
	hours();
	codes();
	words();
	return done();
}
