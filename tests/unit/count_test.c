/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/count.h"
#include "analyzer/rule/engine.h"
#include "common/utc.h"
#include "tests/tap.h"

/* What comes when, to rules that count. */
static struct ruleset *rules;
static struct ledgers *ledgers;
static struct calendar *calendar;
static struct prefixes internal, vpn;
static unsigned found; /* of VPN-01 */
static struct finding last;	/* of them */
static uint64_t late; /* that SYS-02 tells of */
static bool crowd; /* VPN-01 of the first record of all */
static uint64_t completed; /* that SYS-02 tells of */
static bool guessed; /* the password of the user "new": VPN-03 */
static bool missed;  /* a backup of bk1: BKP-01-missing */
static bool no_logoff; /* of the user "x": EMR-06 */

static void
deliver(void *arg, const struct finding *f)
{
	(void)arg;
	if (!f->withdrawn && strcmp(f->rule, "VPN-01") == 0) {
		found++;
		last = *f;
	}
	if (!f->withdrawn && strcmp(f->rule, "VPN-03") == 0)
		guessed |= strcmp(f->key, "user=new") == 0;
	if (strcmp(f->rule, "EMR-06") == 0 && strcmp(f->key, "user=x") == 0)
		no_logoff = !f->withdrawn && f->kind == FINDING_SHEET;
	if (strcmp(f->rule, "BKP-01-missing") == 0)
		missed = !f->withdrawn;
	if (!f->withdrawn && strcmp(f->rule, "VPN-01") == 0 &&
	    f->index_first == 0)
		crowd = true;
	if (strcmp(f->rule, "SYS-02") == 0 && strcmp(f->key, "limit=late") == 0)
		late = strtoull(f->numbers[0].text, NULL, 10);
	if (strcmp(f->rule, "SYS-02") == 0 &&
	    strcmp(f->key, "limit=completed") == 0)
		completed = strtoull(f->numbers[0].text, NULL, 10);
}

static struct engine *
new_engine(void)
{
	const struct engine_config c = { .rules = rules,
		.ledgers = ledgers,
		.calendar = calendar,
		.internal = &internal,
		.vpn = &vpn,
		.deliver = deliver };

	found = 0;
	late = 0;
	completed = 0;
	guessed = missed = crowd = no_logoff = false;
	return engine_new(&c);
}

/* n failed logins, or sessions, a second apart, of one imported file. */
static void
import(struct engine *e, uint32_t stream, bool login, int64_t at, size_t n)
{
	static const struct event_source source = {
		.transport = { (const uint8_t *)"import", 6 }
	};
	static struct event ev;
	static size_t index;

	for (; n > 0; n--, at += UTC_SECOND) {
		event_clear(&ev);
		ev.origin = "log";
		ev.source = &source;
		ev.stream = stream;
		ev.index = index++;
		ev.received = ev.time = at;
		ev.clock = EVENT_CLOCK_OFFSET;
		event_add(&ev, ECS_KIND,
		    login ? SPAN("vpn-login") : SPAN("traffic"));
		event_add(&ev, ECS_EVENT_OUTCOME, SPAN("failure"));
		event_add(&ev, ECS_USER_NAME, SPAN("x"));
		event_add(&ev, ECS_SOURCE_IP, SPAN("203.0.113.7"));
		engine_feed(e, &ev);
	}
}

static uint64_t
finish(struct engine *e)
{
	struct engine_stats s;

	engine_finish(e);
	engine_stats(e, &s);
	engine_free(e);
	return s.dropped;
}

/* The logs of one month are imported device by device, file by file. */
static void
check_files(int64_t at)
{
	struct engine *e = new_engine();

	import(e, 1, false, at + 20 * UTC_DAY, 3000);
	import(e, 1, true, at + 20 * UTC_DAY + UTC_HOUR, 12);
	import(e, 2, true, at, 2000);
	ok(finish(e) == 0 && found == 2,
	    "a second file of earlier time is counted too");
	e = new_engine();
	import(e, 1, true, at, 9);
	import(e, 1, false, at + UTC_HOUR, 3000);
	import(e, 2, true, at + 9 * UTC_SECOND, 9);
	ok(finish(e) == 0 && found == 0, "but not with what was before");
	e = new_engine();
	import(e, 1, true, at, 5);
	import(e, 2, true, at + 5 * UTC_SECOND, 5);
	ok(finish(e) == 0 && found == 1, "one that goes on is");
}

/* Two files at a time: the later one is counted as it would be alone. */
static void
check_beside(int64_t at)
{
	struct engine *e = new_engine();
	int i;

	for (i = 0; i < 12; i++) {
		import(e, 1, true, at + UTC_DAY + i * UTC_SECOND, 1);
		import(e, 2, false, at + i * UTC_SECOND, 1);
	}
	(void)finish(e);
	ok(found == 1, "a file beside another does not begin anew for ever");
}

/* A record of the day before in the same file is an error of its clock. */
static void
check_late(int64_t at)
{
	struct engine *e = new_engine();

	import(e, 1, false, at, 3000);
	import(e, 1, true, at - UTC_DAY, 12);
	ok(finish(e) > 0 && found == 0 && late == 12,
	    "too late within a file is a finding (%u)", (unsigned)late);
}

/* The records that were counted, and not only what completed them. */
static void
check_cited(int64_t at)
{
	struct engine *e = new_engine();
	bool rise = true;
	size_t i;

	import(e, 1, true, at, 12);
	(void)finish(e);
	for (i = 1; i < last.n_cites; i++)
		rise &= last.cites[i].index == last.cites[i - 1].index + 1;
	ok(found == 1 && last.n_evidence == 12 && last.n_cites == 12 && rise &&
		last.cites[0].time == at &&
		last.index_last == last.index_first + 11,
	    "all that was counted is cited, each once, in order");
	e = new_engine();
	import(e, 1, true, at, 70);
	(void)finish(e);
	ok(last.n_evidence == 70 && last.n_cites == FINDING_CITES &&
		last.cites[0].time == at &&
		last.index_last == last.index_first + 69,
	    "of many the first, and how many there are");
}

/* Two that come late, to nine and to twelve. */
static void
check_revised(int64_t at)
{
	struct engine *e = new_engine();

	import(e, 1, true, at, 9);
	import(e, 1, false, at + 6 * UTC_MINUTE, 2);
	engine_advance(e, 0);
	ok(found == 0, "nine are none");
	import(e, 1, true, at + 30 * UTC_SECOND, 1);
	engine_advance(e, 0);
	ok(found == 1 && last.n_evidence == 10 && last.revision == 0,
	    "a late one makes it ten");
	import(e, 1, true, at + 40 * UTC_SECOND, 1);
	engine_advance(e, 0);
	ok(found == 2 && last.n_evidence == 11 && last.revision == 1,
	    "and the next revises what was found");
	ok(finish(e) == 0 && late == 0, "nothing was lost");
}

/* A login as it comes, late or not; a long name stands for the address. */
static void
receive_late(struct engine *e, int64_t at, int64_t received, const char *user,
    bool failure)
{
	static struct event ev;
	static char name[500];

	memset(name, 'x', sizeof(name));
	event_clear(&ev);
	ev.origin = "log";
	ev.index++;
	ev.time = at;
	ev.received = received;
	ev.clock = EVENT_CLOCK_OFFSET;
	event_add(&ev, ECS_KIND, SPAN("vpn-login"));
	event_add(&ev, ECS_EVENT_OUTCOME,
	    failure ? SPAN("failure") : SPAN("success"));
	event_add(&ev, ECS_USER_NAME, span_str(user));
	event_add(&ev, ECS_SOURCE_DOMAIN, span_make(name, sizeof(name)));
	engine_feed(e, &ev);
}

static void
receive(struct engine *e, int64_t at, const char *user, bool failure)
{
	receive_late(e, at, at, user, failure);
}

/*
 * When no more events can be held back for late ones, the oldest complete what
 * one rule counts while a new one is being looked at.  The rules that are asked
 * about it next must still see the new one.
 */
static void
check_completed(int64_t at)
{
	struct engine *e = new_engine();
	char user[32];
	int i;

	for (i = 0; i < 30100; i++) {
		snprintf(user, sizeof(user), "u%d", i);
		receive(e, at + i * 1000, i < 30000 ? user : "new", true);
	}
	receive(e, at + i * 1000, "new", false);
	(void)finish(e);
	ok(guessed, "what completes a correlation hides no event");
}

/*
 * A login, half a minute without a record, then the failures before it, which
 * came late.  Live all was judged in that silence; who reads it later must come
 * to the same.
 */
static bool
is_guessed(int64_t at, bool settled, bool live)
{
	struct engine *e = new_engine();
	int i;

	receive(e, at, "new", false);
	if (settled)
		engine_settle(e);
	if (live)
		engine_finish(e);
	for (i = 0; i < 12; i++)
		receive_late(e, at + (i - 60) * UTC_SECOND,
		    at + (40 + i) * UTC_SECOND, "new", true);
	(void)finish(e);
	return guessed;
}

static void
check_settled(int64_t at)
{
	ok(is_guessed(at, false, false), "what comes late is put in order");
	ok(is_guessed(at, true, false) == is_guessed(at, true, true),
	    "behind a silence live and later agree on what comes late");
}

/* A file that ends two days after the last backup, then an older one. */
static bool
is_missed(int64_t at, bool live)
{
	static const struct event_source source = { .replay = true };
	static struct event ev;
	struct engine *e = new_engine();
	int i;

	for (i = 0; i < 5; i++) {
		event_clear(&ev);
		ev.origin = "log";
		ev.source = &source;
		ev.stream = 1;
		ev.index = (uint64_t)i;
		ev.received = ev.time = at + i * UTC_DAY;
		ev.clock = EVENT_CLOCK_OFFSET;
		event_add(&ev, ECS_KIND, SPAN("scheduled-task"));
		event_add(&ev, ECS_OBSERVER_TYPE, SPAN("backup"));
		event_add(&ev, ECS_EVENT_OUTCOME, SPAN("success"));
		event_add(&ev, ECS_HOST_NAME, SPAN("bk1"));
		engine_feed(e, &ev);
	}
	import(e, 1, false, at + 7 * UTC_DAY, 1);
	if (live)
		engine_advance(e, 0);
	import(e, 2, false, at - 30 * UTC_DAY, 1);
	(void)finish(e);
	return missed;
}

static void
check_restarted(int64_t at)
{
	ok(is_missed(at, true), "what a file lacks is told while it is judged");
	ok(is_missed(at, false), "and if an older file comes before that");
}

/* A failed login with a long line, of a device that sends it at once. */
static void
fail(struct engine *e, const char *user, uint64_t index, int64_t at)
{
	static const struct event_source source = { .transport = SPAN("udp") };
	static uint8_t line[3000];
	static struct event ev;

	event_clear(&ev);
	ev.origin = "log";
	ev.source = &source;
	ev.message = span_make(line, sizeof(line));
	ev.index = index;
	ev.received = ev.time = at;
	ev.clock = EVENT_CLOCK_OFFSET;
	event_add(&ev, ECS_KIND, SPAN("vpn-login"));
	event_add(&ev, ECS_EVENT_OUTCOME, SPAN("failure"));
	event_add(&ev, ECS_USER_NAME, span_str(user));
	event_add(&ev, ECS_SOURCE_IP, SPAN("203.0.113.9"));
	engine_feed(e, &ev);
}

/* More come within the lateness than copies have room for. */
static void
check_crowd(int64_t at)
{
	struct engine *e = new_engine();
	char user[32];
	uint64_t i;

	for (i = 0; i < 12; i++)
		fail(e, "x", i, at + (int64_t)i * UTC_SECOND);
	for (; i < 2 * COUNT_BYTES / 3000; i++) {
		snprintf(user, sizeof(user), "u%u", (unsigned)i);
		fail(e, user, i, at + UTC_MINUTE + (int64_t)i * 1000);
	}
	(void)finish(e);
	ok(crowd && completed == 0,
	    "what there is no room to wait for is judged early, not lost");
}

/* A line of the EMR's access log. */
static void
access(struct engine *e, struct span kind, const char *user, int64_t at)
{
	static const struct event_source source = { .replay = true };
	static struct event ev;
	static uint64_t index;

	event_clear(&ev);
	ev.origin = "log";
	ev.source = &source;
	ev.index = index++;
	ev.received = ev.time = at;
	ev.clock = EVENT_CLOCK_OFFSET;
	event_add(&ev, ECS_KIND, kind);
	event_add(&ev, ECS_OBSERVER_PRODUCT, SPAN("access log"));
	event_add(&ev, ECS_USER_NAME, span_str(user));
	event_add(&ev, ECS_SOURCE_IP, SPAN("192.168.33.7"));
	engine_feed(e, &ev);
}

/* Behind one login more logoffs than copies are kept of what is waited for. */
static void
check_answers(int64_t at)
{
	struct engine *e = new_engine();
	char user[32];
	unsigned i;

	for (i = 7; i > 0; i--)
		access(e, SPAN("logout"), "y", at - i * UTC_DAY);
	access(e, SPAN("login"), "x", at);
	for (i = 0; i < COUNT_KEPT + 10; i++) {
		snprintf(user, sizeof(user), "u%u", i % 100);
		access(e, SPAN("logout"), user, at + i * (UTC_SECOND / 10));
	}
	access(e, SPAN("logout"), "y", at + UTC_DAY);
	(void)finish(e);
	ok(no_logoff && completed == 0,
	    "what others wait for takes none of the room of those who wait");
}

int
main(void)
{
	static const struct ledger_bytes none;
	const char *srcdir = getenv("srcdir");
	int64_t at = INT64_C(1790000000000000);
	struct problems ps;
	struct yaml_error err;
	char dir[4096];

	snprintf(dir, sizeof(dir), "%s/rules", srcdir != NULL ? srcdir : ".");
	problems_init(&ps);
	calendar = calendar_default(NULL);
	rules = ruleset_load(dir, "default", &err);
	ledgers = ledgers_parse(&none, utc_days(2026, 1, 1), 9 * 3600, &ps);
	ok(rules != NULL && ledgers != NULL, "rules and ledgers");
	if (rules == NULL || ledgers == NULL)
		return done();
	prefixes_add_private(&internal);
	check_files(at);
	check_late(at);
	check_completed(at);
	check_beside(at);
	check_cited(at);
	check_revised(at);
	check_settled(at);
	check_restarted(at);
	check_crowd(at);
	check_answers(at);
	ruleset_free(rules);
	ledgers_free(ledgers);
	calendar_free(calendar);
	problems_fini(&ps);
	prefixes_fini(&internal);
	prefixes_fini(&vpn);
	return done();
}
