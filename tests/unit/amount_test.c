/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <string.h>

#include "analyzer/report/damage_priv.h"
#include "analyzer/report/facts.h"
#include "common/log.h"
#include "common/utc.h"
#include "tests/tap.h"
#include "tests/unit/report_fixture.h"

/*
 * How much may have been taken when two devices tell of the same traffic and
 * the weeks before are known; clocks and devices that contradict each other;
 * whose records were handled.
 */
static struct fixture f;
static struct damage *d;
static uint64_t number = 5000;

static const struct event_source live = { .transport = SPAN("udp"),
	.peer = SPAN("192.168.10.1") };

static void
send(const char *observer, const char *at, const char *bytes, int64_t off)
{
	static struct event e;
	int64_t t = fixture_time(at);

	memset(&e, 0, sizeof(e));
	e.origin = "mihon.example/evidence";
	e.index = number++;
	e.source = &live;
	e.time = t;
	e.received = t + off;
	e.clock = EVENT_CLOCK_SITE;
	e.format = "sample";
	event_add(&e, ECS_KIND, SPAN("traffic"));
	event_add(&e, ECS_SOURCE_IP, SPAN("192.168.20.10"));
	event_add(&e, ECS_DESTINATION_IP, SPAN("198.51.100.77"));
	event_add(&e, ECS_OBSERVER_NAME, span_str(observer));
	event_add(&e, ECS_SOURCE_BYTES, span_str(bytes));
	damage_event(d, &e, t);
}

static void
operation(const char *user, const char *patient, const char *at)
{
	static struct event e;
	int64_t t = fixture_time(at);

	memset(&e, 0, sizeof(e));
	e.origin = "mihon.example/evidence";
	e.index = number++;
	e.source = &live;
	e.time = e.received = t;
	e.clock = EVENT_CLOCK_SITE;
	e.format = "sample";
	event_add(&e, ECS_KIND, SPAN("emr-operation"));
	event_add(&e, ECS_USER_NAME, span_str(user));
	event_add(&e, ECS_PATIENT_ID, span_str(patient));
	damage_event(d, &e, t);
}

static void
told_of(const char *at)
{
	static struct event e;

	memset(&e, 0, sizeof(e));
	e.origin = "mihon.example/evidence";
	e.index = number++;
	e.source = &live;
	e.time = e.received = fixture_time(at);
	e.format = "staff-report";
	event_add(&e, ECS_KIND, SPAN("staff-report"));
	event_add(&e, ECS_EVENT_REASON, SPAN("encrypted"));
	event_add(&e, ECS_USER_NAME, SPAN("Suzuki"));
	event_add(&e, ECS_MESSAGE, SPAN("cannot open charts"));
	e.message = SPAN("cannot open charts");
	damage_event(d, &e, e.received);
}

static void
feed(void)
{
	static const struct {
		const char *at, *bytes;
	} before[] = { { "2026-09-27T03:30:00+09:00", "9000000" },
		{ "2026-10-04T03:30:00+09:00", "1000000" },
		{ "2026-10-11T03:30:00+09:00", "2000000" },
		{ "2026-10-25T03:30:00+09:00", "3000000" } };
	size_t i;

	for (i = 0; i < 4; i++)
		send("fw01", before[i].at, before[i].bytes, 0);
	send("fw01", "2026-11-22T03:40:00+09:00", "3000000000", 0);
	send("rtr01", "2026-11-22T03:41:00+09:00", "4000000000",
	    7 * UTC_MINUTE);
	send("fw01", "2026-11-22T12:40:00+09:00", "500", 0);
	told_of("2026-11-22T07:10:00+09:00");
	told_of("2026-09-22T07:10:00+09:00");
	operation("tanaka-t", "P-1", "2026-11-22T03:00:00+09:00");
	operation("tanaka-t", "P-1", "2026-11-22T03:01:00+09:00");
	operation("tanaka-t", "P-2", "2026-11-22T03:02:00+09:00");
	operation("sato-k", "P-3", "2026-11-22T03:03:00+09:00");
}

static bool
says(enum field field, const char *what)
{
	struct facts facts;
	size_t i;

	facts_of(d, field, &facts);
	for (i = 0; i < facts.n; i++)
		if (strstr(facts.v[i].text, what) != NULL)
			return true;
	for (i = 0; i < facts.n; i++)
		printf("# %s\n", facts.v[i].text);
	return false;
}

static void
test_amounts(void)
{
	struct damage_usual u = damage_usual(d, SPAN("192.168.20.10"),
	    fixture_time("2026-11-22T03:00:00+09:00"));

	ok(d->amount.told == 7000000500, "all that was told: %llu",
	    (unsigned long long)d->amount.told);
	ok(d->amount.once == 4000000500, "counted once: %llu",
	    (unsigned long long)d->amount.once);
	ok(u.n == 8 && u.least == 0 && u.most == 9000000,
	    "usual at that hour: %zu weeks, to %llu", u.n,
	    (unsigned long long)u.most);
	ok(d->amount.least == 4000000000 - 9000000,
	    "least: the hours of the finding without what is usual: %llu",
	    (unsigned long long)d->amount.least);
	ok(says(FIELD_OUTBOUND, "4.0 GB (3,991,000,000 bytes) ～ 7.0 GB"),
	    "the range");
	ok(says(FIELD_OUTBOUND, "(some are told by several devices)"),
	    "and where it comes from");
}

static void
test_contradictions(void)
{
	ok(says(FIELD_DISAGREE,
	       "3.0 GB by the records of 004 fw01 (サーバ室), 4.0 GB by those "
	       "of rtr01"),
	    "two devices tell different amounts");
	ok(says(FIELD_DISAGREE,
	       "The clock of rtr01 is up to 7 min behind the time of receipt"),
	    "a clock is off");
}

static void
test_people(void)
{
	ok(d->handled.operations == 3 && d->handled.patients == 2,
	    "records of patients: %zu by %llu operations",
	    d->handled.patients, (unsigned long long)d->handled.operations);
	ok(says(FIELD_PERSONS, "0 to 2 different ones"), "as a range");
}

static void
test_open(void)
{
	struct facts facts;

	facts_of(d, FIELD_CARE, &facts);
	ok(facts.n == 0 && field_lines(FIELD_CARE) > 0,
	    "the effect on care is for people");
	facts_of(d, FIELD_DATA_ITEMS, &facts);
	ok(facts.n == 0, "so is what data it was");
	ok(says(FIELD_HOW_FOUND,
	       "Sun 2026-11-22 07:10:00 Told by the staff (encrypted): "
	       "Suzuki: cannot open charts") &&
		d->n_staff == 1,
	    "what the staff told of in the period");
	ok(says(FIELD_AWARE, "No time of awareness is recorded"),
	    "what is not recorded is said");
}

int
main(void)
{
	log_set_lang("en");
	fixture_init(&f, false);
	/* So that the first record of all lies before the weeks. */
	d = damage_new(&f.r, &f.book.groups[0], 0, 0);
	send("fw01", "2026-09-01T00:00:00+09:00", "1", 0);
	feed();
	damage_finish(d, &f.losses, &(struct damage_version){ .number = 1 });
	test_amounts();
	test_contradictions();
	test_people();
	test_open();
	fixture_fini(&f);
	return done();
}
