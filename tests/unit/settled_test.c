/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/settled.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/ruleset.h"
#include "common/utc.h"
#include "tests/tap.h"

static struct ruleset *rules;
static struct ledgers *ledgers;
static struct calendar *calendar;
static struct arena *arena;

static int
load(void)
{
	const char *srcdir = getenv("srcdir");
	struct ledger_bytes in = { .accounts =
				       SPAN("ユーザID,状態\nabc,使用可\n") };
	struct yaml_error err;
	struct problems ps;
	char dir[4096];

	snprintf(dir, sizeof(dir), "%s/rules", srcdir != NULL ? srcdir : ".");
	rules = ruleset_load(dir, "hospital", &err);
	problems_init(&ps);
	ledgers = ledgers_parse(&in, utc_days(2026, 11, 20), 9 * 3600, &ps);
	problems_fini(&ps);
	if (rules == NULL || ledgers == NULL)
		return -1;
	calendar = calendar_default(rules->holidays);
	return 0;
}

static const struct rule *
rule_of(const char *code)
{
	size_t i;

	for (i = 0; i < rules->n; i++)
		if (strcmp(rules->rules[i]->code, code) == 0)
			return rules->rules[i];
	return NULL;
}

static size_t
how_many(const struct fact_site *site, enum settled by)
{
	size_t i, n = 0;

	for (i = 0; i < rules->n; i++)
		n += settled_by(rules->rules[i], site) == by;
	return n;
}

/* Noon of a day, at the site. */
static int64_t
noon(int64_t day)
{
	return calendar_midnight(calendar, day) + 12 * UTC_HOUR;
}

static bool
is_settled(const struct fact_site *site, const struct usage *u,
    const char *user, int64_t time)
{
	struct event e = { 0 };
	struct facts fs;

	event_set(&e, ECS_USER_NAME, span_str(user));
	facts_init(&fs, site, &e, time, arena);
	return settled_is(SETTLED_USED, &fs, u);
}

static bool
is_settled_from(const struct fact_site *site, const struct usage *u,
    enum settled by, const char *address, int64_t time)
{
	struct event e = { 0 };
	struct facts fs;

	event_set(&e, ECS_USER_NAME, SPAN("abc"));
	event_set(&e, ECS_SOURCE_IP, span_str(address));
	facts_init(&fs, site, &e, time, arena);
	return settled_is(by, &fs, u);
}

static void
use(struct usage *u, const char *user, int64_t day)
{
	struct usage_cite cite = { noon(day), "log", (uint64_t)day, { 0 },
		false };

	usage_note(u, span_str(user), day, false, &cite, NULL);
}

static bool
is_never(const struct rule *r, const struct fact_site *site)
{
	return settled_by(r, site) == SETTLED_NEVER;
}

static void
check_rules(const struct fact_site *site)
{
	const struct rule *dormant = rule_of("ACC-03-reactivated");
	struct rule other;

	ok(dormant != NULL && settled_by(dormant, site) == SETTLED_USED &&
		how_many(site, SETTLED_USED) == 1,
	    "one about dormant accounts asks for nothing else");
	ok(settled_by(rule_of("BKP-02-client"), site) == SETTLED_SOURCE &&
		settled_by(rule_of("AUTH-07"), site) == SETTLED_SOURCE &&
		how_many(site, SETTLED_SOURCE) == 2,
	    "two about addresses that an account comes from");
	ok(settled_by(rule_of("VPN-02"), site) == SETTLED_NEVER &&
		how_many(site, SETTLED_NETWORK) == 0,
	    "one that asks for more than a network is not so");
	other = *dormant;
	other.keys = RULE_KEY_DEVICE;
	ok(is_never(&other, site), "not of a device, which many use");
	other = *dormant;
	other.window = 7 * UTC_DAY;
	ok(is_never(&other, site), "not of a week");
	other.history = rule_of("BKP-02-client")->history;
	ok(settled_by(&other, site) == SETTLED_SOURCE,
	    "but of addresses it is known in any window");
	other = *dormant;
	other.history = rule_of("ACC-04")->history;
	ok(is_never(&other, site), "not with another history");
	other = *dormant;
	other.needs = 1u << LEDGER_DEVICES;
	ok(is_never(&other, site), "not without a ledger that it needs");
}

static void
check_events(const struct fact_site *site)
{
	int64_t day = utc_days(2026, 3, 2);
	struct usage *u = usage_new();

	ok(!is_settled(site, u, "abc", noon(day)), "nothing is known");
	use(u, "abc", day);
	ok(!is_settled(site, u, "abc", noon(day) + UTC_HOUR),
	    "what came on the day itself says nothing");
	ok(is_settled(site, u, "abc", noon(day + 1)), "used the day before");
	ok(is_settled(site, u, "abc", noon(day + 44)),
	    "used 44 days before, of which no limit speaks");
	ok(!is_settled(site, u, "abc", noon(day + 45)),
	    "45 days, and a strong ID may be dormant");
	ok(!is_settled(site, u, "xyz", noon(day + 1)), "another account");
	ok(!is_settled(site, u, "", noon(day + 1)), "nobody by name");
	use(u, "abc", day + 45);
	ok(!is_settled(site, u, "abc", noon(day + 45)),
	    "the day itself is not before it");
	use(u, "abc", day + 40);
	ok(is_settled(site, u, "abc", noon(day + 45)),
	    "a record that came late");
	usage_free(u);
}

static void
came(struct usage *u, const char *from, int64_t time)
{
	struct usage_cite cite = { time, "log", 1, { 0 }, false };
	struct address a;

	(void)address_parse(span_str(from), &a);
	usage_note(u, SPAN("abc"), calendar_day(calendar, time), false, &cite,
	    &a);
}

static void
check_sources(const struct fact_site *site)
{
	int64_t t = noon(utc_days(2026, 3, 2));
	struct usage *u = usage_new();

	ok(!is_settled_from(site, u, SETTLED_SOURCE, "192.0.2.1", t),
	    "it never came from there");
	came(u, "192.0.2.1", t);
	ok(!is_settled_from(site, u, SETTLED_SOURCE, "192.0.2.1", t),
	    "the first time itself is the first");
	ok(is_settled_from(site, u, SETTLED_SOURCE, "192.0.2.1", t + 1),
	    "what is behind it is not");
	ok(!is_settled_from(site, u, SETTLED_SOURCE, "192.0.2.1", t - 1),
	    "nor known of what is before it");
	ok(!is_settled_from(site, u, SETTLED_SOURCE, "192.0.2.2", t + 1),
	    "another address");
	ok(is_settled_from(site, u, SETTLED_NETWORK, "192.0.77.2", t + 1) &&
		!is_settled_from(site, u, SETTLED_NETWORK, "198.51.100.2",
		    t + 1),
	    "of a network, any address of it");
	ok(!is_settled_from(site, u, SETTLED_SOURCE, "", t + 1),
	    "nowhere by address");
	came(u, "192.0.2.2", t - 1);
	ok(is_settled_from(site, u, SETTLED_SOURCE, "192.0.2.2", t),
	    "a record that came late");
	usage_free(u);
}

int
main(void)
{
	struct fact_site site = { 0 };
	struct prefixes none = { 0 };

	arena = arena_new();
	ok(load() == 0, "rules and a ledger");
	site.ledgers = ledgers;
	site.calendar = calendar;
	site.internal = site.vpn = &none;
	site.settings = &rules->settings;
	check_rules(&site);
	check_events(&site);
	check_sources(&site);
	calendar_free(calendar);
	ledgers_free(ledgers);
	ruleset_free(rules);
	arena_free(arena);
	return done();
}
