/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <string.h>

#include "analyzer/report/hourly.h"
#include "common/log.h"
#include "common/utc.h"
#include "tests/tap.h"
#include "tests/unit/report_fixture.h"

#define WEEK (7 * UTC_DAY)

static struct fixture f;
static struct casebook book;
static struct casebook_finding finding;
static int64_t monday;
static unsigned session;

/* A session of so many bytes to the outside, told at its end. */
static void
sent(struct hourly *h, int64_t at, const char *bytes)
{
	char number[16];
	struct event e;

	memset(&e, 0, sizeof(e));
	snprintf(number, sizeof(number), "%u", ++session);
	event_set(&e, ECS_KIND, SPAN("traffic"));
	event_set(&e, ECS_SOURCE_IP, SPAN("192.168.20.10"));
	event_set(&e, ECS_DESTINATION_IP, SPAN("203.0.113.9"));
	event_set(&e, ECS_NETWORK_SESSION, span_str(number));
	event_set(&e, ECS_EVENT_DURATION, SPAN("1000000000"));
	event_set(&e, ECS_SOURCE_BYTES, span_str(bytes));
	hourly_event(h, &e, at);
}

/* The same hour in so many weeks before: 100, 200, 300 ... */
static const struct hourly_hour *
weeks(unsigned n, size_t *hours)
{
	struct hourly *h = hourly_new(&f.r, monday, monday + WEEK);
	char bytes[16];
	unsigned i;

	for (i = n; i > 0; i--) {
		snprintf(bytes, sizeof(bytes), "%u", i * 100);
		sent(h, monday + UTC_HOUR - i * WEEK, bytes);
	}
	sent(h, monday + UTC_HOUR, "7000");
	sent(h, monday + UTC_HOUR + UTC_MINUTE, "50");
	return hourly_finish(h, hours);
}

int
main(void)
{
	const struct hourly_hour *v;
	size_t n;

	log_set_lang("en");
	fixture_init(&f, false);
	book = (struct casebook){ 0 };
	f.r.book = &book;
	monday = fixture_time("2026-11-16T00:00:00+09:00");
	v = weeks(2, &n);
	ok(n == 7 * 24, "a week has its hours");
	ok(v[1].heard && v[1].sent == 7050,
	    "what went out in an hour is added");
	ok(!v[0].heard && v[0].sent == 0, "an hour without records is told");
	ok(!v[1].usual, "two weeks make nothing usual");
	v = weeks(5, &n);
	ok(v[1].usual && v[1].low == 100 && v[1].median == 300 &&
		v[1].high == 500,
	    "five do: lowest, median, highest");
	ok(!v[0].usual, "hours without records are no reference");
	finding = (struct casebook_finding){ .rule = "OUT",
		.kind = "alert",
		.from = monday - 5 * WEEK,
		.until = monday - 5 * WEEK + 2 * UTC_HOUR };
	book.findings = &finding;
	book.n_findings = 1;
	v = weeks(5, &n);
	ok(v[1].high == 400, "nor is what a finding flagged");
	finding.normal = true;
	v = weeks(5, &n);
	ok(v[1].high == 500, "until somebody says that it was normal");
	finding.normal = false;
	finding.rule = "ACC-01";
	v = weeks(5, &n);
	ok(v[1].high == 500, "other rules flag no traffic");
	f.r.book = &f.book;
	fixture_fini(&f);
	return done();
}
