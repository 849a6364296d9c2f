/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/engine.h"
#include "common/utc.h"
#include "tests/tap.h"

/*
 * Off-hours administrator logins as a matrix: who, which day, what time, with
 * or without a plan, from where.  What must come out is worked out here by the
 * sentences of the rule and not by its file.
 */
static const struct {
	const char *user, *kind;
	bool in_scope;
} who[] = {
	{ "stranger", "admin-login", true }, /* any login to an appliance */
	{ "nurse1", "admin-login", true },
	{ "root1", "login", true }, /* administrator by the ledger */
	{ "vendor01", "login", true },
	{ "nurse1", "login", false }, /* night work is their job */
	{ "nurse1", "vpn-login", false },
};

static const struct {
	const char *date;
	bool closed, run; /* run: two or more days off in a row */
} days[] = {
	{ "2026-11-18", false, false }, /* Wednesday */
	{ "2026-04-29", true, false },	/* a holiday alone */
	{ "2026-11-15", true, true },	/* Sunday after Saturday */
	{ "2026-11-23", true, true },	/* Monday, 3 days off */
	{ "2026-12-29", true, true },	/* year end */
	{ "2027-03-22", true, true },	/* substitute holiday */
	{ "2028-02-29", false, false }, /* leap day, Tuesday */
};

static const struct {
	const char *time;
	bool off;
} times[] = {
	{ "00:00:00", true },
	{ "08:29:59", true },
	{ "08:30:00", false },
	{ "17:14:59", false },
	{ "17:15:00", true },
	{ "23:59:59", true },
};

static const struct {
	const char *address;
	bool outside;
} sources[] = { { "192.168.1.9", false }, { "203.0.113.9", true },
	{ "10.9.0.7", true } };

static struct ruleset *rules;
static struct calendar *calendar;
static struct prefixes internal, vpn;

/* Severity of ADM-01, or -1 if there is none. */
static void
deliver(void *arg, const struct finding *f)
{
	if (strcmp(f->rule, "ADM-01") == 0)
		*(int *)arg = (int)f->severity;
}

static struct ledgers *
make_ledgers(const char *date, bool planned)
{
	static const char accounts[] = "ユーザID,状態,権限,事業者\n"
				       "root1,使用可,Admin,\n"
				       "nurse1,使用可,User,\n"
				       "vendor01,使用可,User,X社\n";
	struct ledger_bytes in = { .accounts = span_str(accounts) };
	struct problems ps;
	struct ledgers *l;
	char plan[128];

	snprintf(plan, sizeof(plan), "開始,終了\n%s,%s\n", date, date);
	if (planned)
		in.maintenance = span_str(plan);
	problems_init(&ps);
	l = ledgers_parse(&in, utc_days(2026, 11, 20), 9 * 3600, &ps);
	problems_fini(&ps);
	return l;
}

static int
run(size_t w, size_t d, size_t t, size_t s, const struct ledgers *l)
{
	static const struct event_source replay = { .replay = true };
	struct engine_config c = { .rules = rules,
		.ledgers = l,
		.calendar = calendar,
		.internal = &internal,
		.vpn = &vpn,
		.deliver = deliver };
	static struct event ev;
	struct engine *e;
	char at[64];
	int severity = -1, zone;

	c.arg = &severity;
	e = engine_new(&c);
	event_clear(&ev);
	ev.source = &replay;
	ev.clock = EVENT_CLOCK_OFFSET;
	snprintf(at, sizeof(at), "%sT%s+09:00", days[d].date, times[t].time);
	(void)utc_parse(span_str(at), &ev.time, &zone);
	ev.received = ev.time;
	event_add(&ev, ECS_KIND, span_str(who[w].kind));
	event_add(&ev, ECS_EVENT_OUTCOME, SPAN("success"));
	event_add(&ev, ECS_USER_NAME, span_str(who[w].user));
	event_add(&ev, ECS_SOURCE_IP, span_str(sources[s].address));
	event_add(&ev, ECS_OBSERVER_NAME, SPAN("FW01"));
	engine_feed(e, &ev);
	engine_finish(e);
	engine_free(e);
	return severity;
}

static int
expected(size_t w, size_t d, size_t t, size_t s, bool planned)
{
	int up = sources[s].outside + days[d].run;

	if (!who[w].in_scope || planned || !(days[d].closed || times[t].off))
		return -1;
	return FINDING_WARNING + up;
}

int
main(void)
{
	const char *srcdir = getenv("srcdir");
	size_t w, d, t, s, cases = 0, wrong;
	struct yaml_error err;
	struct ledgers *l;
	struct prefix p;
	char dir[4096];
	int planned;

	snprintf(dir, sizeof(dir), "%s/rules", srcdir != NULL ? srcdir : ".");
	if ((rules = ruleset_load(dir, "hospital", &err)) == NULL) {
		ok(0, "rules: %s", err.what);
		return done();
	}
	calendar = calendar_default(rules->holidays);
	prefixes_add_private(&internal);
	if (prefix_parse(SPAN("10.9.0.0/16"), &p) == 0)
		prefixes_add(&vpn, p);
	for (d = 0; d < sizeof(days) / sizeof(days[0]); d++)
		for (planned = 0; planned < 2; planned++) {
			l = make_ledgers(days[d].date, planned);
			wrong = 0;
			for (w = 0; w < sizeof(who) / sizeof(who[0]); w++)
				for (t = 0; t < 6; t++)
					for (s = 0; s < 3; s++, cases++)
						wrong += run(w, d, t, s, l) !=
						    expected(w, d, t, s,
							planned);
			ok(wrong == 0, "%s %s a plan", days[d].date,
			    planned ? "with" : "without");
			ledgers_free(l);
		}
	ok(cases >= 1000, "%zu cases", cases);
	prefixes_fini(&internal);
	prefixes_fini(&vpn);
	calendar_free(calendar);
	ruleset_free(rules);
	return done();
}
