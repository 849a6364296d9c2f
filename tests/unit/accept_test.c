/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/engine.h"
#include "common/utc.h"
#include "tests/tap.h"

/*
 * A host sends a megabyte an hour for eleven weeks, and from the fourth week
 * on five gigabytes each night.  Each of these nights is unusual, as those
 * before it are no reference, until people have judged enough of them normal;
 * then the nights after them are what they always were.
 */
#define DAYS 63
#define QUIET 28
#define NIGHTS (DAYS - QUIET)
#define ENOUGH 30

static struct ruleset *rules;
static struct ledgers *ledgers;
static struct calendar *calendar;
static struct prefixes internal, vpn;
static int64_t monday;

/* A finding of a night has one id for each hour that its window begins in. */
static struct night {
	bool holds[24]; /* as delivered last */
	char key[64];
	int64_t from, until; /* of the one that holds */
} nights[DAYS];

static void
deliver(void *arg, const struct finding *f)
{
	size_t day = (size_t)((f->from - monday) / UTC_DAY);

	struct night *n;

	(void)arg;
	if (strcmp(f->rule, "OUT") != 0 || day >= DAYS)
		return;
	n = &nights[day];
	n->holds[(f->from - monday) / UTC_HOUR % 24] = !f->withdrawn;
	if (f->withdrawn)
		return;
	n->from = f->from;
	n->until = f->until;
	snprintf(n->key, sizeof(n->key), "%s", f->key);
}

static void
traffic(struct engine *e, int64_t at, const char *bytes, uint64_t index)
{
	static const struct event_source live = { .replay = false };
	struct event ev;

	memset(&ev, 0, sizeof(ev));
	ev.origin = "o";
	ev.index = index;
	ev.source = &live;
	ev.received = ev.time = at;
	ev.clock = EVENT_CLOCK_OFFSET;
	event_add(&ev, ECS_KIND, SPAN("traffic"));
	event_add(&ev, ECS_OBSERVER_NAME, SPAN("FW01"));
	event_add(&ev, ECS_SOURCE_IP, SPAN("192.168.30.7"));
	event_add(&ev, ECS_DESTINATION_IP, SPAN("198.51.100.5"));
	event_add(&ev, ECS_SOURCE_BYTES, span_str(bytes));
	engine_feed(e, &ev);
}

static struct engine *
start(void)
{
	struct engine_config config = { .rules = rules,
		.ledgers = ledgers,
		.calendar = calendar,
		.internal = &internal,
		.vpn = &vpn,
		.deliver = deliver };

	memset(nights, 0, sizeof(nights));
	return engine_new(&config);
}

static void
feed(struct engine *e)
{
	uint64_t index = 0;
	int64_t hour;

	for (hour = 0; hour < DAYS * 24; hour++) {
		traffic(e, monday + hour * UTC_HOUR, "1000000", index++);
		if (hour % 24 == 2 && hour / 24 >= QUIET)
			traffic(e, monday + hour * UTC_HOUR + UTC_MINUTE,
			    "5000000000", index++);
	}
}

static bool
holds(const struct night *n)
{
	static const bool none[24];

	return memcmp(n->holds, none, sizeof(none)) != 0;
}

static size_t
told(void)
{
	size_t i, n = 0;

	for (i = 0; i < DAYS; i++)
		n += holds(&nights[i]);
	return n;
}

/* The first n nights are judged normal, as findings of that host. */
static void
accept(struct engine *e, size_t n, const char *key, const char *rule)
{
	struct normal v[NIGHTS];
	size_t i;

	for (i = 0; i < n; i++)
		v[i] = (struct normal){ rule, key,
			nights[QUIET + i].from, nights[QUIET + i].until };
	engine_accept(e, v, n);
	engine_finish(e);
}

static void
check(void)
{
	struct engine *e = start();
	struct normal first[NIGHTS];
	struct night before[DAYS];
	const char *key;
	size_t i;

	feed(e);
	engine_finish(e);
	ok(told() == NIGHTS, "each night is unusual while nobody has judged");
	memcpy(before, nights, sizeof(before));
	key = before[QUIET].key;
	accept(e, 1, key, "OUT");
	ok(told() == NIGHTS, "one night that is normal makes no habit");
	accept(e, ENOUGH, "host=192.168.30.8", "OUT");
	ok(told() == NIGHTS, "what is normal of another host says nothing");
	accept(e, ENOUGH, key, "CFG-01");
	ok(told() == NIGHTS, "nor what another rule found");
	accept(e, ENOUGH, key, "OUT");
	ok(holds(&nights[QUIET]) && holds(&nights[QUIET + ENOUGH - 1]),
	    "what was judged stays found");
	/* Of one weekday there is one more quiet night than of the others. */
	ok(told() <= ENOUGH + 1,
	    "the nights after them are withdrawn, %zu hold", told());
	memcpy(before, nights, sizeof(before));
	accept(e, 0, key, "OUT");
	ok(told() == NIGHTS, "and found again if the judgement is taken back");
	engine_free(e);

	/* Known from the beginning: the same findings hold. */
	for (i = 0; i < ENOUGH; i++)
		first[i] = (struct normal){ "OUT", before[QUIET + i].key,
			before[QUIET + i].from, before[QUIET + i].until };
	e = start();
	engine_accept(e, first, ENOUGH);
	feed(e);
	engine_finish(e);
	for (i = 0; i < DAYS; i++)
		if (memcmp(before[i].holds, nights[i].holds,
			sizeof(before[i].holds)) != 0)
			break;
	ok(i == DAYS, "a replay with the same judgements finds the same");
	engine_free(e);
}

int
main(void)
{
	const char *srcdir = getenv("srcdir");
	struct ledger_bytes none = { .devices = { NULL, 0 } };
	struct yaml_error err;
	struct problems ps;
	char dir[4096];
	int zone;

	snprintf(dir, sizeof(dir), "%s/rules", srcdir != NULL ? srcdir : ".");
	rules = ruleset_load(dir, "hospital", &err);
	problems_init(&ps);
	ledgers = ledgers_parse(&none, utc_days(2026, 11, 20), 9 * 3600, &ps);
	problems_fini(&ps);
	if (rules == NULL || ledgers == NULL)
		return 1;
	calendar = calendar_default(rules->holidays);
	prefixes_add_private(&internal);
	(void)utc_parse(SPAN("2026-08-31T00:00:00+09:00"), &monday, &zone);
	check();
	calendar_free(calendar);
	ledgers_free(ledgers);
	ruleset_free(rules);
	prefixes_fini(&internal);
	return done();
}
