/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/usual.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/utc.h"
#include "tests/tap.h"

/* Monday 2026-06-01 0:00 at the site. */
#define MONDAY (utc_days(2026, 6, 1) * UTC_DAY - 9 * UTC_HOUR)
#define KEY SPAN("user=a")

static struct ledgers *ledgers;
static struct settings settings;
static struct fact_site site;
static struct coverage *covered;
static struct arena *arena;

struct world {
	struct usual *u;
	struct rule rule;
	uint64_t index;
};

static void
begin(struct world *w, const struct rule_baseline *b)
{
	memset(w, 0, sizeof(*w));
	w->rule.id = "00000000-0000-0000-0000-000000000001";
	w->rule.baseline = *b;
	w->u = usual_new(&site);
}

/* One event; fields may be NULL. */
static void
note(struct world *w, int64_t time, const char *bytes, const char *nsec,
    const char *patient)
{
	static const struct event_source source = { .replay = true };
	static struct event e;
	struct facts fs;

	event_clear(&e);
	e.source = &source;
	e.origin = "o";
	e.index = w->index++;
	e.time = e.received = time;
	e.clock = EVENT_CLOCK_OFFSET;
	event_add(&e, ECS_USER_NAME, SPAN("a"));
	if (bytes != NULL)
		event_add(&e, ECS_DESTINATION_BYTES, span_str(bytes));
	if (nsec != NULL)
		event_add(&e, ECS_EVENT_DURATION, span_str(nsec));
	if (patient != NULL)
		event_add(&e, ECS_PATIENT_ID, span_str(patient));
	facts_init(&fs, &site, &e, time, arena);
	(void)usual_note(w->u, &w->rule, KEY, &e, "o", &fs);
}

static struct usual_verdict
ask(struct world *w, int64_t time, const char *nsec)
{
	static struct event e;

	event_clear(&e);
	if (nsec != NULL)
		event_add(&e, ECS_EVENT_DURATION, span_str(nsec));
	return usual_judge(w->u, &w->rule, KEY, &e, time, covered);
}

/* Laplace: (k + 0.5) / (n + 84), against the oracle by hand. */
static void
check_hours(void)
{
	static const struct rule_baseline b = { .measure = RULE_MEASURE_HOURS,
		.days = 182, .least = 30, .percent = 0.5, .prior = 0.5 };
	struct usual_verdict v;
	struct world w;
	int day;

	begin(&w, &b);
	for (day = 0; day < 29; day++)
		note(&w, MONDAY + day * UTC_DAY + 9 * UTC_HOUR, NULL, NULL,
		    NULL);
	v = ask(&w, MONDAY + 30 * UTC_DAY + 15 * UTC_HOUR, NULL);
	ok(!v.unusual && v.past == 29, "29 uses say nothing");
	note(&w, MONDAY + 29 * UTC_DAY + 9 * UTC_HOUR, NULL, NULL, NULL);
	v = ask(&w, MONDAY + 30 * UTC_DAY + 15 * UTC_HOUR, NULL);
	ok(v.unusual && v.past == 30 && v.same == 0 &&
		fabs(v.percent - 100 * 0.5 / 114) < 1e-9,
	    "an hour without any of 30 is rare: %.4f%%", v.percent);
	v = ask(&w, MONDAY + 35 * UTC_DAY + 9 * UTC_HOUR, NULL);
	ok(!v.unusual && v.same == 5 &&
		fabs(v.percent - 100 * 5.5 / 114) < 1e-9,
	    "the usual hour of a Monday is not: %.4f%%", v.percent);
	v = ask(&w, MONDAY + 29 * UTC_DAY + 9 * UTC_HOUR, NULL);
	ok(v.past == 29, "what is judged is not its own past");
	v = ask(&w, MONDAY + 182 * UTC_DAY + 15 * UTC_HOUR, NULL);
	ok(v.past == 29, "beyond 182 days it is forgotten: %llu",
	    (unsigned long long)v.past);
	/* Monday 2026-07-20 is a holiday: a Sunday. */
	v = ask(&w, MONDAY + 49 * UTC_DAY + 9 * UTC_HOUR, NULL);
	ok(v.same == 4, "a holiday is compared with Sundays");
	usual_free(w.u);
}

static const struct rule_baseline sums = { .measure = RULE_MEASURE_SUM,
	.field = ECS_DESTINATION_BYTES, .days = 56, .least = 12, .z = 6,
	.mad_floor = 0.15, .ratio = 5, .floor = 100000000 };

static void
fill_weeks(struct world *w, int weeks, bool backward)
{
	char bytes[32];
	int i, day;

	for (i = 0; i < weeks * 7; i++) {
		day = backward ? weeks * 7 - 1 - i : i;
		snprintf(bytes, sizeof(bytes), "%d", 2000000 + day * 1000);
		note(w, MONDAY + day * UTC_DAY + 9 * UTC_HOUR + UTC_MINUTE * 30,
		    bytes, NULL, NULL);
	}
}

static void
check_sums(bool backward)
{
	const char *how = backward ? "backward" : "in order";
	struct usual_verdict v;
	struct world w;
	int64_t at = MONDAY + 56 * UTC_DAY + 9 * UTC_HOUR + UTC_MINUTE * 30;

	begin(&w, &sums);
	if (backward)
		note(&w, at, "3000000000", NULL, NULL);
	fill_weeks(&w, 8, backward);
	if (!backward)
		note(&w, at, "3000000000", NULL, NULL);
	v = ask(&w, at, NULL);
	ok(v.unusual && v.amount == 3000000000 && v.base.n >= 12,
	    "%s: far more than in eight weeks (%zu references)", how,
	    v.base.n);
	v = ask(&w, at - 7 * UTC_DAY, NULL);
	ok(!v.unusual, "%s: a week before it was as ever", how);
	note(&w, at + 7 * UTC_DAY, "3000000000", NULL, NULL);
	v = ask(&w, at + 7 * UTC_DAY, NULL);
	ok(v.unusual && v.base.median < 1e8,
	    "%s: what was unusual is no reference a week later", how);
	usual_free(w.u);
	begin(&w, &sums);
	fill_weeks(&w, 2, backward);
	note(&w, MONDAY + 14 * UTC_DAY + 9 * UTC_HOUR, "3000000000", NULL,
	    NULL);
	v = ask(&w, MONDAY + 14 * UTC_DAY + 9 * UTC_HOUR, NULL);
	ok(!v.unusual && v.base.n < 12, "%s: two weeks are too few", how);
	usual_free(w.u);
}

/* 2 GB in one hour of each night, and nothing in those beside it. */
static void
check_job(void)
{
	const int64_t first = MONDAY + 2 * UTC_HOUR + 30 * UTC_MINUTE;
	struct usual_verdict v;
	struct world w;
	int day;

	begin(&w, &sums);
	for (day = 0; day < 56; day++)
		note(&w, first + day * UTC_DAY, "2000000000", NULL, NULL);
	v = ask(&w, first + 55 * UTC_DAY, NULL);
	ok(!v.unusual && v.base.n >= 12 && v.base.median < 1,
	    "a job of one hour is what it was every night (median %.0f)",
	    v.base.median);
	note(&w, first + 56 * UTC_DAY, "200000000000", NULL, NULL);
	v = ask(&w, first + 56 * UTC_DAY, NULL);
	ok(v.unusual, "a hundred times as much in its hour is not");
	note(&w, first + 56 * UTC_DAY + 5 * UTC_HOUR, "2000000000", NULL,
	    NULL);
	v = ask(&w, first + 56 * UTC_DAY + 5 * UTC_HOUR, NULL);
	ok(v.unusual, "nor is as much in an hour that never had any");
	usual_free(w.u);
}

/* What people judged normal is a reference for what comes after it. */
static void
check_normal(void)
{
	const int64_t first = MONDAY + 7 * UTC_DAY + 9 * UTC_HOUR;
	struct rule_baseline b = sums;
	struct world w;
	int day;

	b.daily = true;
	b.least = 3;
	begin(&w, &b);
	fill_weeks(&w, 1, false);
	for (day = 0; day < 20; day++)
		note(&w, first + day * UTC_DAY, "3000000000", NULL, NULL);
	ok(ask(&w, first + 12 * UTC_DAY, NULL).unusual,
	    "what was unusual stays so while nobody has judged");
	for (day = 0; day < 8; day++)
		usual_accept(w.u, &w.rule, KEY, first + day * UTC_DAY,
		    first + day * UTC_DAY + UTC_HOUR);
	ok(!ask(&w, first + 19 * UTC_DAY, NULL).unusual,
	    "after eight that were judged normal more of it is usual");
	ok(ask(&w, first + 7 * UTC_DAY, NULL).unusual,
	    "those that were judged stay as they were found");
	usual_accept_none(w.u);
	ok(ask(&w, first + 19 * UTC_DAY, NULL).unusual,
	    "and without the judgements all is as it was");
	usual_accept(w.u, &w.rule, SPAN("user=other"), first,
	    first + 28 * UTC_DAY);
	ok(ask(&w, first + 19 * UTC_DAY, NULL).unusual,
	    "what is normal of another says nothing");
	usual_free(w.u);
}

static void
check_spread(void)
{
	struct usual_verdict v;
	struct world w;
	int64_t end = MONDAY + 60 * UTC_DAY + 12 * UTC_HOUR;

	begin(&w, &sums);
	w.rule.baseline.floor = 1;
	note(&w, end, "300000001", "10800000000000", NULL);
	v = ask(&w, end - 150 * UTC_MINUTE, NULL);
	ok(v.amount == 100000000, "three hours: a third in the first: %llu",
	    (unsigned long long)v.amount);
	v = ask(&w, end, "10800000000000");
	ok(v.amount >= 100000000, "and the record finds the largest of them");
	note(&w, end, "300000001", "10800000000000", NULL);
	v = ask(&w, end - 150 * UTC_MINUTE, NULL);
	ok(v.amount == 100000000, "a second copy counts no more");
	usual_free(w.u);
}

static void
check_values(void)
{
	static const struct rule_baseline b = { .measure = RULE_MEASURE_VALUES,
		.field = ECS_PATIENT_ID, .daily = true, .days = 56, .least = 10,
		.ratio = 3, .floor = 20 };
	struct usual_verdict v;
	char patient[16];
	struct world w;
	int i;

	begin(&w, &b);
	for (i = 0; i < 10; i++)
		note(&w, MONDAY + i * UTC_DAY + 9 * UTC_HOUR, NULL, NULL, "p");
	for (i = 0; i < 38; i++) {
		snprintf(patient, sizeof(patient), "%d", i / 2);
		note(&w, MONDAY + 20 * UTC_DAY + 9 * UTC_HOUR, NULL, NULL,
		    patient);
	}
	v = ask(&w, MONDAY + 20 * UTC_DAY + 9 * UTC_HOUR, NULL);
	ok(!v.unusual && v.amount == 19, "19 values are below the floor");
	note(&w, MONDAY + 20 * UTC_DAY + 23 * UTC_HOUR, NULL, NULL, "x");
	v = ask(&w, MONDAY + 20 * UTC_DAY + 9 * UTC_HOUR, NULL);
	ok(v.unusual && v.amount == 20 && v.base.n == 10 &&
		fabs(v.base.median - 1) < 1e-9,
	    "20 on a day are unusual after ten days of one");
	usual_free(w.u);
}

/* Days with records on which there was nothing. */
static void
check_zero(void)
{
	static const char *const who[] = { "1", "2", "3", "4", "5", "6" };
	struct rule_baseline b = { .measure = RULE_MEASURE_VALUES,
		.field = ECS_PATIENT_ID, .daily = true, .zero = true,
		.days = 56, .least = 14, .z = 6, .mad_floor = 0.0004,
		.ratio = 3, .floor = 5 };
	struct usual_verdict v;
	struct world w;
	int i;

	begin(&w, &b);
	for (i = 0; i < 5; i++)
		note(&w, MONDAY + 13 * UTC_DAY + 9 * UTC_HOUR, NULL, NULL,
		    who[i]);
	for (i = 0; i < 6; i++)
		note(&w, MONDAY + 20 * UTC_DAY + 9 * UTC_HOUR, NULL, NULL,
		    who[i]);
	v = ask(&w, MONDAY + 13 * UTC_DAY + 9 * UTC_HOUR, NULL);
	ok(!v.unusual && v.past == 13, "13 days say nothing: %llu",
	    (unsigned long long)v.past);
	v = ask(&w, MONDAY + 20 * UTC_DAY + 9 * UTC_HOUR, NULL);
	ok(v.unusual && v.past == 20 && v.base.median < 0.5,
	    "of 20 days with one use the others count as none: z %.2f",
	    v.base.z);
	w.rule.baseline.zero = false;
	v = ask(&w, MONDAY + 20 * UTC_DAY + 9 * UTC_HOUR, NULL);
	ok(!v.unusual && v.past == 1, "unless a rule wants days of use alone");
	usual_free(w.u);
}

int
main(void)
{
	struct ledger_bytes none = { .devices = { NULL, 0 } };
	struct problems ps;
	int day;

	problems_init(&ps);
	arena = arena_new();
	ledgers = ledgers_parse(&none, 20000, 9 * 3600, &ps);
	site.ledgers = ledgers;
	site.calendar = calendar_default(NULL);
	site.settings = &settings;
	covered = coverage_new(site.calendar);
	for (day = 0; day < 90; day++)
		coverage_note(covered, MONDAY + day * UTC_DAY + UTC_HOUR);
	check_hours();
	check_sums(false);
	check_sums(true);
	check_job();
	check_normal();
	check_spread();
	check_values();
	check_zero();
	coverage_free(covered);
	calendar_free((struct calendar *)(uintptr_t)site.calendar);
	ledgers_free(ledgers);
	problems_fini(&ps);
	arena_free(arena);
	return done();
}
