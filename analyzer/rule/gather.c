/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/gather.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/beacon.h"
#include "analyzer/rule/grow.h"
#include "analyzer/rule/ratio.h"
#include "analyzer/rule/roll.h"
#include "analyzer/rule/usage.h"

enum what { ABSENCE, RATIO, RECORDS, BEACON };

struct entry {
	const struct rule *rule;
	const struct detection *detection;
	enum what what;
	size_t number; /* of the rule */
};

struct gather {
	const struct ruleset *rules;
	const struct fact_site *site;
	const struct coverage *shared;
	struct coverage **coverage; /* by rule; NULL: the shared one */
	struct usage **seen;	    /* by rule; of RULE_UNSEEN */
	uint64_t forgotten;	    /* by all of them */
	bool *any;		    /* by rule: somebody was seen */
	struct ratio *ratio;
	struct beacon *beacon; /* or NULL */
	struct entry *v;
	size_t n, cap;
	int64_t judged; /* the last day with records, as judged */
	bool dirty;
};

static void
add(struct gather *g, size_t number, enum what what, const struct detection *d)
{
	if (d == NULL)
		return;
	grow(&g->v, g->n, &g->cap, sizeof(*g->v));
	g->v[g->n++] =
	    (struct entry){ g->rules->rules[number], d, what, number };
}

struct gather *
gather_new(const struct ruleset *rules, const struct fact_site *site,
    const struct coverage *shared)
{
	struct gather *g = calloc(1, sizeof(*g));
	const struct rule *r;
	size_t i;

	if (g == NULL)
		abort();
	g->rules = rules;
	g->site = site;
	g->shared = shared;
	g->judged = INT64_MIN / 2;
	g->coverage = calloc(rules->n + 1, sizeof(struct coverage *));
	g->seen = calloc(rules->n + 1, sizeof(struct usage *));
	g->any = calloc(rules->n + 1, sizeof(*g->any));
	if (g->coverage == NULL || g->seen == NULL || g->any == NULL)
		abort();
	g->ratio = ratio_new(site);
	g->beacon = beacon_new(rules, site);
	for (i = 0; i < rules->n; i++) {
		r = rules->rules[i];
		if (r->coverage.records != NULL)
			g->coverage[i] = coverage_new(site->calendar);
		add(g, i, RECORDS, r->coverage.records);
		if (r->detector == RULE_UNSEEN) {
			g->seen[i] = usage_new();
			add(g, i, ABSENCE, r->detection);
		} else if (r->detector == RULE_RATIO)
			add(g, i, RATIO, r->detection);
		else if (r->detector == RULE_BEACON)
			add(g, i, BEACON, r->detection);
	}
	return g;
}

void
gather_free(struct gather *g)
{
	size_t i;

	if (g == NULL)
		return;
	for (i = 0; i < g->rules->n; i++) {
		coverage_free(g->coverage[i]);
		if (g->seen[i] != NULL)
			usage_free(g->seen[i]);
	}
	ratio_free(g->ratio);
	beacon_free(g->beacon);
	free(g->coverage);
	free(g->seen);
	free(g->any);
	free(g->v);
	free(g);
}

size_t
gather_count(const struct gather *g)
{
	return g->n;
}

const struct detection *
gather_detection(const struct gather *g, size_t i)
{
	return g->v[i].detection;
}

/* Of absences it is asked of the rows of the ledger, not of events. */
const struct detection *
gather_when(const struct gather *g, size_t i)
{
	return g->v[i].what == RATIO || g->v[i].what == BEACON
	    ? g->v[i].rule->when
	    : NULL;
}

/* Whom the event is about: the account that a field names, or who acted. */
static struct span
whom(const struct rule *r, const struct event *e, struct facts *fs)
{
	const struct account *a;
	struct span name;

	if (r->roll.each == RULE_ROWS_DEVICES)
		return facts_actor(fs)->device_key;
	name = r->roll.by == ECS_COUNT ? (struct span){ NULL, 0 }
				       : event_get(e, r->roll.by);
	if (name.len == 0)
		return facts_actor(fs)->user_key;
	(void)accounts_find(fs->site->ledgers->accounts, name, &a);
	return a != NULL ? a->key : account_key(name, fs->arena);
}

static void
note_absence(struct gather *g, const struct entry *n, const struct event *e,
    const char *origin, struct facts *fs)
{
	struct usage_cite cite = { fs->time, origin, e->index, { 0 },
		e->source != NULL && e->source->replay };
	struct span key = whom(n->rule, e, fs);
	int64_t day = calendar_day(g->site->calendar, fs->time);
	struct usage *seen = g->seen[n->number];
	uint64_t before;

	if (key.len == 0)
		return;
	memcpy(cite.leaf, e->leaf, sizeof(cite.leaf));
	before = usage_forgotten(seen);
	usage_note(seen, key, day, false, &cite, NULL);
	g->forgotten += usage_forgotten(seen) - before;
	g->dirty |= day < g->judged || !g->any[n->number];
	g->any[n->number] = true;
}

bool
gather_routes(const struct gather *g, size_t i, const struct event *e)
{
	const struct entry *n = &g->v[i];

	return n->what == RECORDS || rule_routes(&n->rule->logsource, e);
}

bool
gather_share(const struct gather *g, size_t i, struct view *v)
{
	const struct entry *n = &g->v[i];

	return n->what == RATIO && detection_match(n->rule->share, v);
}

bool
gather_feed(struct gather *g, size_t i, const struct event *e,
    const char *origin, struct facts *fs, bool share)
{
	const struct entry *n = &g->v[i];

	if (n->what == RECORDS)
		return coverage_note(g->coverage[n->number], fs->time);
	if (n->what == ABSENCE)
		note_absence(g, n, e, origin, fs);
	else if (n->what == BEACON)
		beacon_note(g->beacon, e, origin, fs);
	else
		ratio_note(g->ratio, n->rule, e, origin, fs, share);
	return false;
}

void
gather_gap(struct gather *g, int64_t from, int64_t until)
{
	size_t i;

	for (i = 0; i < g->rules->n; i++)
		if (g->coverage[i] != NULL)
			coverage_gap(g->coverage[i], from, until);
	g->dirty = true;
}

const struct coverage *
gather_coverage(const struct gather *g, const struct rule *r)
{
	size_t i;

	for (i = 0; r->coverage.records != NULL && i < g->rules->n; i++)
		if (g->rules->rules[i] == r)
			return g->coverage[i];
	return g->shared;
}

bool
gather_covers(const struct gather *g, const struct rule *r, int64_t day,
    struct coverage_share *share)
{
	if (!r->coverage.on)
		return true;
	*share = coverage_share(gather_coverage(g, r), day - r->coverage.days,
	    day - 1);
	return share->percent >= r->coverage.percent;
}

bool
gather_has_ledgers(const struct rule *r, const struct ledgers *l)
{
	unsigned i;

	for (i = 0; i < LEDGER_COUNT; i++)
		if ((r->needs >> i & 1) != 0 && !l->kept[i])
			return false;
	return true;
}

void
gather_judge(struct gather *g, bool finish, struct outbox *out,
    struct arena *arena)
{
	struct roll roll = { .site = g->site,
		.shared = g->shared,
		.out = out,
		.arena = arena,
		.finish = finish };
	int64_t first, last;
	size_t i;

	if (g->beacon != NULL)
		beacon_judge(g->beacon, out, arena);
	if (!coverage_days(g->shared, &first, &last))
		return;
	ratio_judge(g->ratio, finish, out, arena);
	if (last == g->judged && !g->dirty && !finish)
		return;
	g->judged = last;
	g->dirty = false;
	for (i = 0; i < g->rules->n; i++) {
		roll.rule = g->rules->rules[i];
		roll.seen = g->seen[i];
		roll.any = g->any[i];
		roll.coverage = gather_coverage(g, roll.rule);
		if (roll.rule->detector == RULE_LEDGER ||
		    roll.rule->detector == RULE_UNSEEN)
			roll_judge(&roll);
	}
}

uint64_t
gather_dropped(const struct gather *g)
{
	uint64_t n = g->forgotten + ratio_dropped(g->ratio);

	return g->beacon == NULL ? n : n + beacon_dropped(g->beacon);
}
