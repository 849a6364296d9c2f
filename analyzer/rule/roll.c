/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/roll.h"

#include <string.h>

#include "analyzer/rule/draft.h"
#include "analyzer/rule/gather.h"
#include "analyzer/rule/scope.h"
#include "common/utc.h"

/* One rule at one ledger; the facts are of the row that is looked at. */
struct calling {
	const struct roll *r;
	int64_t first, today; /* days with records */
	struct facts fs;
	struct view view;
	const char *key;
	struct event nothing;  /* a row has no event */
	struct draft *unknown; /* gathers those of whom nothing can be said */
	uint64_t n_unknown;
};

static struct draft *
begin(const struct calling *c)
{
	struct draft *d = arena_alloc(c->r->arena, sizeof(*d));

	draft_begin(d, c->r->rule, c->r->site, c->r->arena);
	return d;
}

/* Complete a finding about days [since, until). */
static void
deliver(const struct calling *c, struct draft *d, int64_t since, int64_t until)
{
	const struct calendar *cal = c->r->site->calendar;

	d->f.from = d->f.first = calendar_midnight(cal, since);
	d->f.until = calendar_midnight(cal, until);
	draft_end(d);
	outbox_add(c->r->out, &d->f);
}

static void
put_coverage(struct draft *d, const struct coverage_share *share)
{
	finding_figure(&d->f, "", "coverage", "percent", share->percent, 1);
	finding_count(&d->f, "", "days", "days", (uint64_t)share->days);
	finding_count(&d->f, "", "missing_days", "days",
	    (uint64_t)(share->days - share->covered));
	sentence_set(&d->v, SENTENCE_COVERAGE,
	    arena_printf(d->arena, "%.1f%%", share->percent));
	sentence_set(&d->v, SENTENCE_MISSING,
	    arena_printf(d->arena, "%lld",
		(long long)(share->days - share->covered)));
}

/* Variables, entity and key of the row. */
static void
describe(struct calling *c, struct draft *d)
{
	const struct fact_actor *a = facts_actor(&c->fs);

	d->f.key = c->key;
	if (c->fs.exported != NULL)
		draft_device(d, "system", NULL, c->fs.exported->system);
	if (a->device != NULL)
		draft_device(d, "device", a->device, a->device_name);
	if (a->user.len > 0)
		draft_account(d, a->account, a->user);
	draft_firmware(d, &c->fs);
	draft_support(d, &c->fs);
}

static struct draft *
unknown(struct calling *c)
{
	static const char *const keys[] = { "", "ledger=accounts",
		"ledger=devices", "ledger=exported" };

	if (c->unknown != NULL)
		return c->unknown;
	c->unknown = begin(c);
	c->unknown->f.kind = FINDING_UNKNOWN;
	c->unknown->f.severity = FINDING_INFO;
	c->unknown->f.key = keys[c->r->rule->roll.each];
	return c->unknown;
}

static void
deliver_unknown(struct calling *c)
{
	unsigned long long n = c->n_unknown;
	struct draft *d = c->unknown;

	if (d == NULL || !c->r->finish)
		return;
	finding_count(&d->f, "", "rows", "", c->n_unknown);
	d->v.ja[SENTENCE_ACCOUNT] = arena_printf(d->arena, "%llu件のID", n);
	d->v.en[SENTENCE_ACCOUNT] = arena_printf(d->arena, "%llu accounts", n);
	d->v.ja[SENTENCE_DEVICE] = arena_printf(d->arena, "%llu台の機器", n);
	d->v.en[SENTENCE_DEVICE] = arena_printf(d->arena, "%llu devices", n);
	draft_day(d, SENTENCE_SINCE, c->first);
	deliver(c, d, c->first, c->today + 1);
}

/* The days of the month around today: one line for each month. */
static void
month_of(int64_t day, int64_t *from, int64_t *until)
{
	int year, month, dom;

	utc_date(day, &year, &month, &dom);
	*from = utc_days(year, month, 1);
	*until = month == 12 ? utc_days(year + 1, 1, 1)
			     : utc_days(year, month + 1, 1);
}

static void
call_state(struct calling *c)
{
	struct draft *d = begin(c);
	int64_t from, until;

	month_of(c->today, &from, &until);
	describe(c, d);
	deliver(c, d, from, until);
}

/* The latest of the days from which absence may be counted. */
static int64_t
counted_from(struct calling *c)
{
	const struct rule_roll *roll = &c->r->rule->roll;
	int64_t since = c->first, day;
	struct span s;
	size_t i;

	for (i = 0; i < roll->n_after; i++) {
		s = facts_get(&c->fs, roll->after[i]);
		if (s.len > 0 && fact_day(s, &day) == 0 && day > since)
			since = day;
	}
	return since;
}

/* None for the days from since on: a finding if their records are complete. */
static void
absent(struct calling *c, int64_t since, const struct usage_day *last,
    bool lasts)
{
	const struct rule_coverage *need = &c->r->rule->coverage;
	int64_t until = since + need->days;
	struct coverage_share share =
	    coverage_share(c->r->coverage, since, until - 1);
	struct finding_cite cite;
	struct draft *d;

	if (until > c->today + 1 || share.percent < need->percent ||
	    !c->r->any) {
		if (!lasts)
			return;
		if (c->n_unknown++ == 0)
			put_coverage(unknown(c), &share);
		finding_entity(&unknown(c)->f, "row", c->key, "");
		return;
	}
	d = begin(c);
	describe(c, d);
	draft_day(d, SENTENCE_SINCE, since);
	sentence_set(&d->v, SENTENCE_IDLE,
	    arena_printf(d->arena, "%lld", (long long)need->days));
	finding_count(&d->f, "", "absent_days", "days", (uint64_t)need->days);
	put_coverage(d, &share);
	if (last != NULL) {
		draft_day(d, SENTENCE_LAST, last->day);
		cite = (struct finding_cite){ .origin = last->first.origin,
			.index = last->first.index,
			.time = last->first.time };
		memcpy(cite.leaf, last->first.leaf, sizeof(cite.leaf));
		d->f.replay = last->first.replay;
		draft_cite(d, &cite);
	}
	deliver(c, d, since, until);
}

/* Each pause between two events, and the one that still lasts. */
static void
call_absence(struct calling *c)
{
	const struct fact_actor *a = facts_actor(&c->fs);
	int64_t began = counted_from(c), next;
	const struct usage_day *days;
	size_t i, n;

	days = usage_days(c->r->seen,
	    c->r->rule->roll.each == RULE_ROWS_DEVICES ? a->device_key
						       : a->user_key,
	    &n);
	for (i = 0; i <= n; i++) {
		next = i < n ? days[i].day : INT64_MAX / 2;
		if (next >= began && next - began >= c->r->rule->coverage.days)
			absent(c, began, i == 0 ? NULL : &days[i - 1], i == n);
		if (i < n && next + 1 > began)
			began = next + 1;
	}
}

/* A row with its facts, as of the end of the last day. */
static void
call(struct calling *c, const char *key)
{
	c->key = key;
	if (!gather_has_ledgers(c->r->rule, c->r->site->ledgers)) {
		(void)unknown(c);
		c->n_unknown++;
		return;
	}
	scope_view(&c->view, &c->nothing, &c->fs);
	if (c->r->rule->when != NULL &&
	    !detection_match(c->r->rule->when, &c->view))
		return;
	if (c->r->rule->detector == RULE_LEDGER)
		call_state(c);
	else
		call_absence(c);
}

static void
init_facts(struct calling *c)
{
	facts_init(&c->fs, c->r->site, &c->nothing,
	    calendar_midnight(c->r->site->calendar, c->today + 1) - 1,
	    c->r->arena);
}

static const char *
key_of(struct calling *c, const char *kind, struct span a)
{
	return arena_printf(c->r->arena, "%s=%.*s", kind, (int)a.len,
	    a.len > 0 ? (const char *)a.p : "");
}

static void
call_rows(struct calling *c)
{
	const struct ledgers *l = c->r->site->ledgers;
	const struct account *a;
	const struct device *d;
	const struct exported *e;
	size_t i;

	for (i = 0; (a = accounts_at(l->accounts, i)) != NULL; i++) {
		if (c->r->rule->roll.each != RULE_ROWS_ACCOUNTS)
			break;
		init_facts(c);
		facts_init_account(&c->fs, a);
		call(c, key_of(c, "user", a->key));
	}
	for (i = 0; (d = devices_at(l->devices, i)) != NULL; i++) {
		if (c->r->rule->roll.each != RULE_ROWS_DEVICES)
			break;
		init_facts(c);
		facts_init_device(&c->fs, d);
		call(c, key_of(c, "device", d->id));
	}
	for (i = 0; (e = exports_at(l->exported, i)) != NULL; i++) {
		if (c->r->rule->roll.each != RULE_ROWS_EXPORTED)
			break;
		init_facts(c);
		facts_init_exported(&c->fs, e);
		call(c,
		    arena_printf(c->r->arena, "%s%s%.*s",
			key_of(c, "user", e->key),
			e->system.len > 0 ? " system=" : "",
			(int)e->system.len,
			e->system.len > 0 ? (const char *)e->system.p : ""));
	}
}

void
roll_judge(const struct roll *r)
{
	struct calling *c;

	c = arena_alloc(r->arena, sizeof(*c));
	c->r = r;
	if (!coverage_days(r->shared, &c->first, &c->today))
		return;
	outbox_scope(r->out, span_str(r->rule->id));
	event_clear(&c->nothing);
	scope_view_init(&c->view);
	/* A list that is not kept has no rows to say it of. */
	if (r->rule->roll.each == RULE_ROWS_EXPORTED &&
	    !gather_has_ledgers(r->rule, r->site->ledgers))
		(void)unknown(c);
	call_rows(c);
	deliver_unknown(c);
	view_fini(&c->view);
}
