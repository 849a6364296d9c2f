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
how_many(const struct fact_site *site)
{
	size_t i, n = 0;

	for (i = 0; i < rules->n; i++)
		n += settled_may(rules->rules[i], site);
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
	return settled_is(&fs, u);
}

static void
use(struct usage *u, const char *user, int64_t day)
{
	struct usage_cite cite = { noon(day), "log", (uint64_t)day, { 0 },
		false };

	usage_note(u, span_str(user), day, false, &cite, NULL);
}

static void
check_rules(const struct fact_site *site)
{
	const struct rule *dormant = rule_of("ACC-03-reactivated");
	struct rule other;

	ok(dormant != NULL && settled_may(dormant, site),
	    "one about dormant accounts asks for nothing else");
	ok(how_many(site) == 1, "no other rule is so");
	other = *dormant;
	other.keys = RULE_KEY_DEVICE;
	ok(!settled_may(&other, site), "not of a device, which many use");
	other = *dormant;
	other.window = 7 * UTC_DAY;
	ok(!settled_may(&other, site), "not of a week");
	other = *dormant;
	other.history = rule_of("ACC-04")->history;
	ok(!settled_may(&other, site), "not with another history");
	other = *dormant;
	other.needs = 1u << LEDGER_DEVICES;
	ok(!settled_may(&other, site), "not without a ledger that it needs");
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
	calendar_free(calendar);
	ledgers_free(ledgers);
	ruleset_free(rules);
	arena_free(arena);
	return done();
}
