/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/rule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/ruleset.h"
#include "tests/tap.h"

/* A good rule, line by line; a case replaces or drops one of its lines. */
static const char *const lines[] = {
	"title: T",
	"id: 5f0f4c0e-6b1c-4a39-9a53-0d8b7f5f6c01",
	"status: test",
	"tags: [attack.t1078, attack.persistence, cve.2024-1]",
	"logsource: {product: konseki, category: authentication}",
	"detection: {s: {konseki.kind: login}, condition: s}",
	"level: high",
	"x-konseki:",
	"  code: T-01",
	"  version: '1'",
	"  title: 題",
	"  first: operator",
	"  key: [user, device]",
	"  when: {d: {account.state: disabled}, condition: d}",
	"  history: {o: {account.idle_days|gte: 3}, condition: o}",
	"  raise: [{when: {source.side: wan}, ja: 外, en: out}]",
	"  what: {ja: '{user}', en: '{user}'}",
	"  why: {ja: w, en: w}",
	"  do: {ja: d, en: d}",
	"  examples: [{name: n, events: [], finds: none}]",
};
#define N_LINES (sizeof(lines) / sizeof(lines[0]))

static const struct {
	const char *name, *line; /* a replacement for the line it begins as */
	unsigned at, col;	 /* where it is refused; 0: by the map */
} bad[] = {
	{ "an unknown key", "status: test\ntimeframe: 5m", 4, 12 },
	{ "no title", "title: ''", 1, 8 },
	{ "an id that is none", "id: 1234", 2, 5 },
	{ "an id in capitals", "id: 5F0F4C0E-6b1c-4a39-9a53-0d8b7f5f6c01", 2,
	    5 },
	{ "a status that is none", "status: fine", 3, 9 },
	{ "a tag without a namespace", "tags: [t1078]", 4, 8 },
	{ "a logsource of something else", "logsource: {vendor: x}", 5, 21 },
	{ "a level that is none", "level: severe", 7, 8 },
	{ "new of nothing",
	    "  code: T-01\n  new: {of: [], days: network.new_days, learn: "
	    "network.new_learn_days}",
	    10, 13 },
	{ "new of a fact with history",
	    "  code: T-01\n  new: {of: [account.dormant], days: "
	    "network.new_days, learn: network.new_learn_days}",
	    10, 14 },
	{ "new without learning",
	    "  code: T-01\n  new: {of: [user.name], days: network.new_days}",
	    10, 8 },
	{ "more at once than a finding holds",
	    "  code: T-01\n  new: {of: [user.name], days: network.new_days, "
	    "learn: network.new_learn_days, least: vpn.session_minutes}",
	    10, 88 },
	{ "an unknown detector", "  code: T-01\n  detector: magic", 10, 13 },
	{ "weekly sums beside hours",
	    "  code: T-01\n  detector: outbound\n  layers:\n    weekly: "
	    "{code: A, level: low, ja: a, en: a}\n    daily: {code: B, "
	    "level: low, ja: b, en: b}",
	    12, 5 },
	{ "layers without outbound", "  code: T-01\n  layers: {}", 10, 11 },
	{ "unknown without absence", "  code: T-01\n  unknown: {ja: a, en: b}",
	    10, 12 },
	{ "nobody to tell", "  first: nobody", 12, 10 },
	{ "a key that is none", "  key: [patient]", 13, 9 },
	{ "no keys", "  key: []", 13, 8 },
	{ "an inhibitor that is no list",
	    "  key: [user]\n  inhibited_by: T-02", 14, 17 },
	{ "itself as its inhibitor",
	    "  key: [user]\n  inhibited_by: [T-02, T-01]", 14, 24 },
	{ "every rule as its inhibitor",
	    "  key: [user]\n  inhibited_by: ['*']", 14, 18 },
	{ "nine inhibitors",
	    "  key: [user]\n  inhibited_by: [a, b, c, d, e, f, g, h, i]", 14,
	    17 },
	{ "a ledger that is none", "  first: operator\n  needs: [weather]",
	    13, 11 },
	{ "needs without a way to say so",
	    "  first: operator\n  needs: [people]", 9, 3 },
	{ "coverage of a number that is no setting",
	    "  first: operator\n  coverage: {days: 30}", 13, 20 },
	{ "coverage without days",
	    "  first: operator\n  coverage: {percent: account.coverage}", 13,
	    13 },
	{ "coverage of another detector",
	    "  first: operator\n  detector: sequence\n  needs: [people]", 9,
	    3 },
	{ "rows of nothing", "  first: operator\n  detector: ledger", 9, 3 },
	{ "rows of patients",
	    "  first: operator\n  detector: ledger\n  each: patients", 14, 9 },
	{ "exported rows that nobody used",
	    "  first: operator\n  detector: unseen\n  each: exported", 14, 9 },
	{ "unseen without coverage",
	    "  first: operator\n  detector: unseen\n  each: accounts", 9, 3 },
	{ "after something that is no day",
	    "  first: operator\n  detector: unseen\n  each: accounts\n"
	    "  after: [account.role]",
	    15, 11 },
	{ "rows of a rule about events", "  first: operator\n  each: accounts",
	    9, 3 },
	{ "a baseline of nothing", "  first: operator\n  baseline: {of: moods}",
	    13, 18 },
	{ "a sum of no field",
	    "  first: operator\n  baseline: {of: sum, days: "
	    "account.leaver_days}",
	    13, 13 },
	{ "a baseline of other weeks",
	    "  first: operator\n  baseline: {of: records, per: week}", 13, 32 },
	{ "a share of a rule about events",
	    "  first: operator\n  share: {user.name: x}", 13, 10 },
	{ "a ratio without a share", "  first: operator\n  detector: ratio", 9,
	    3 },
	{ "a name that neither settings nor ledgers have",
	    "  when: {d: {user.name|expand: '%nobody%'}, condition: d}", 14,
	    32 },
	{ "history under when",
	    "  when: {d: {account.dormant: yes}, condition: d}", 14, 31 },
	{ "an unknown fact", "  when: {d: {account.mood: bad}, condition: d}",
	    14, 28 },
	{ "a reason without Japanese",
	    "  raise: [{when: {source.side: wan}, en: out}]", 16, 11 },
	{ "followed without within",
	    "  raise: [{followed: {user.name: x}, ja: a, en: a}]", 16, 11 },
	{ "within that is no setting",
	    "  raise: [{followed: {user.name: x}, within: 60m, same: [user], "
	    "ja: a, en: a}]",
	    16, 46 },
	{ "an unknown name in a sentence",
	    "  what: {ja: '{patient}', en: '{user}'}", 17, 14 },
	{ "a sentence in one language", "  why: {ja: w}", 18, 8 },
	{ "examples that are none", "  examples: none", 20, 13 },
	{ "an alias, which could grow", "  why: {ja: &a w, en: *a}", 18, 13 },
	{ "the same key twice", "level: high\nlevel: low", 8, 1 },
};

static char *
text_with(const char *line)
{
	static char out[4096];
	size_t i, len = line == NULL ? 0 : strcspn(line, ":");
	char *o = out;

	for (i = 0; i < N_LINES; i++)
		o += sprintf(o, "%s\n",
		    line != NULL && strncmp(lines[i], line, len + 1) == 0
			? line
			: lines[i]);
	return out;
}

static const char *
text_without(size_t skip)
{
	static char out[4096];
	char *o = out;
	size_t i;

	for (i = 0; i < N_LINES; i++)
		if (i != skip)
			o += sprintf(o, "%s\n", lines[i]);
	return out;
}

static void
check_good(const struct settings *set)
{
	struct rule_home home = { .arena = arena_new() };
	struct yaml_error err;
	struct rule *r;

	r = rule_parse(span_str(text_with(NULL)), "t.yml", set, &home, &err);
	ok(r != NULL, "a good rule is read");
	if (r != NULL) {
		ok(r->n_attack == 1 && strcmp(r->attack[0], "T1078") == 0,
		    "techniques come from the tags");
		ok(r->keys == (RULE_KEY_USER | RULE_KEY_DEVICE) &&
			r->level == FINDING_SERIOUS && r->when != NULL &&
			r->history != NULL && r->raises != NULL &&
			r->window > 0,
		    "with all that it says");
	}
	detection_pool_fini(&home.pool);
	arena_free(home.arena);
}

/* Lines that may be left out: status, tags, when, history, raise. */
static bool
is_optional(size_t i)
{
	return i == 2 || i == 3 || i == 13 || i == 14 || i == 15 || i == 7;
}

static void
check_routes(const struct settings *set)
{
	static const struct {
		const char *logsource, *kind, *product, *provider;
		bool want;
	} cases[] = {
		{ "{product: konseki}", "traffic", "", "", true },
		{ "{category: firewall}", "traffic-denied", "", "", true },
		{ "{category: firewall}", "login", "", "", false },
		{ "{product: fortigate}", "login", "Fortigate", "", true },
		{ "{product: cisco}", "login", "Fortigate", "", false },
		{ "{product: fort}", "login", "Fortigate", "", false },
		{ "{service: sshd}", "login", "", "sshd", true },
		{ "{service: sshd, product: linux}", "login", "", "sshd",
		    false },
	};
	struct rule_home home = { .arena = arena_new() };
	struct yaml_error err;
	struct event e;
	struct rule *r;
	char line[128];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(line, sizeof(line), "logsource: %s",
		    cases[i].logsource);
		r = rule_parse(span_str(text_with(line)), "t.yml", set, &home,
		    &err);
		memset(&e, 0, sizeof(e));
		event_add(&e, ECS_KIND, span_str(cases[i].kind));
		event_add(&e, ECS_OBSERVER_PRODUCT, span_str(cases[i].product));
		event_add(&e, ECS_EVENT_PROVIDER, span_str(cases[i].provider));
		ok(r != NULL &&
			rule_routes(&r->logsource, &e) == cases[i].want,
		    "%s %s %s",
		    cases[i].logsource, cases[i].want ? "takes" : "leaves",
		    cases[i].kind);
	}
	detection_pool_fini(&home.pool);
	arena_free(home.arena);
}

#define FAILED                                                                 \
	"name: failed\nlogsource: {product: konseki}\n"                        \
	"detection: {s: {konseki.kind: login}, condition: s}\n"
#define COUNT(of)                                                              \
	"correlation: {type: event_count, rules: [" of "], group-by: "         \
	"[user.name], timespan: 1h, condition: {gte: 3}}\n"

/* What stands beside a correlation that counts "many" and "failed". */
static const struct {
	const char *name, *bases;
	bool good;
} beside[] = {
	{ "a count of records",
	    FAILED "---\nname: many\n" COUNT("failed") "---\n", true },
	{ "a count of a count",
	    FAILED "---\nname: more\n" COUNT(
		"failed") "---\nname: many\n" COUNT("more") "---\n",
	    true },
	{ "a count of itself",
	    FAILED "---\nname: many\n" COUNT("many") "---\n", false },
	{ "a count of nobody",
	    FAILED "---\nname: many\n" COUNT("nobody") "---\n", false },
	{ "a count of nothing that is there", FAILED "---\n", false },
	{ "a base that is both",
	    FAILED COUNT("failed") "---\nname: many\n" COUNT(
		"failed") "---\n",
	    false },
	{ "a base that is neither", FAILED "---\nname: many\n---\n", false },
	{ "a count without a name", FAILED "---\n" COUNT("failed") "---\n",
	    false },
};

static void
check_bases(const struct settings *set)
{
	struct rule_home home;
	struct yaml_error err;
	struct rule *r;
	size_t i, k;
	struct buf b;

	buf_init(&b);
	for (i = 0; i < sizeof(beside) / sizeof(beside[0]); i++) {
		b.len = 0;
		buf_str(&b, beside[i].bases);
		for (k = 0; k < N_LINES; k++)
			if (strncmp(lines[k], "logsource", 9) != 0)
				buf_printf(&b, "%s\n",
				    strncmp(lines[k], "detection", 9) != 0
					? lines[k]
					: "correlation: {type: "
					  "temporal_ordered, rules: [many, "
					  "failed], group-by: [user.name], "
					  "timespan: 1h}");
		home = (struct rule_home){ .arena = arena_new() };
		err.what[0] = '\0';
		r = rule_parse(buf_view(&b), "t.yml", set, &home, &err);
		ok((r != NULL) == beside[i].good &&
			(r != NULL || err.what[0] != '\0'),
		    "%s: %s", beside[i].name, err.what);
		detection_pool_fini(&home.pool);
		arena_free(home.arena);
	}
	buf_fini(&b);
}

int
main(void)
{
	const char *srcdir = getenv("srcdir");
	struct rule_home home = { .arena = arena_new() };
	struct yaml_error err;
	struct settings set;
	struct rule *r;
	char dir[4096];
	size_t i;

	snprintf(dir, sizeof(dir), "%s/rules", srcdir != NULL ? srcdir : ".");
	ok(ruleset_settings(dir, "default", home.arena, &set, &err) == 0,
	    "settings");
	check_good(&set);
	for (i = 0; i < N_LINES; i++) {
		r = rule_parse(span_str(text_without(i)), "t.yml", &set, &home,
		    &err);
		if (i != 7)
			ok((r != NULL) == is_optional(i), "without '%s'",
			    lines[i]);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		err = (struct yaml_error){ .line = 0 };
		r = rule_parse(span_str(text_with(bad[i].line)), "t.yml", &set,
		    &home, &err);
		ok(r == NULL && strcmp(err.file, "t.yml") == 0 &&
			err.line == bad[i].at && err.col == bad[i].col &&
			err.what[0] != '\0',
		    "%s is refused at %u:%u: %s", bad[i].name, err.line,
		    err.col, err.what);
	}
	check_bases(&set);
	check_routes(&set);
	detection_pool_fini(&home.pool);
	arena_free(home.arena);
	return done();
}
