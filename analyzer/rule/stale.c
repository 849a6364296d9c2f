/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/stale.h"

#include <string.h>

#include "analyzer/rule/draft.h"
#include "analyzer/rule/near.h"
#include "common/utc.h"

/* What one account and one rule come to. */
struct judging {
	const struct stale *s;
	const struct rule *rule;
	const struct account *a;
	int64_t first, today;  /* days with records */
	struct draft *unknown; /* gathers those of whom nothing can be said */
};

/* A stretch of days, and the day by which it was long enough. */
struct stretch {
	int64_t since, until; /* day numbers, until is not part of it */
	int64_t days;	      /* that have passed without use */
	bool lasts;	      /* nobody has used it since */
};

static int64_t
limit(const struct judging *j, enum setting which)
{
	return (int64_t)settings_count(j->s->site->settings, which);
}

static struct draft *
begin(const struct judging *j)
{
	struct draft *d = arena_alloc(j->s->arena, sizeof(*d));

	draft_begin(d, j->rule, j->s->site, j->s->arena);
	return d;
}

/* Complete a finding about days [since, until). */
static void
deliver(const struct judging *j, struct draft *d, struct stretch days)
{
	const struct calendar *c = j->s->site->calendar;

	d->f.from = d->f.first = calendar_midnight(c, days.since);
	d->f.until = calendar_midnight(c, days.until);
	draft_end(d);
	outbox_add(j->s->out, &d->f);
}

static const char *
key_of(const struct judging *j)
{
	return arena_printf(j->s->arena, "user=%.*s", (int)j->a->key.len,
	    (const char *)j->a->key.p);
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

static void
cannot_say(struct judging *j, const struct coverage_share *share)
{
	const char *key;

	if (!j->s->finish)
		return;
	if (j->unknown == NULL) {
		j->unknown = begin(j);
		j->unknown->f.kind = FINDING_UNKNOWN;
		j->unknown->f.severity = FINDING_INFO;
		j->unknown->f.key = "ledger=accounts";
		put_coverage(j->unknown, share);
	}
	key = draft_text(j->unknown, j->a->key);
	finding_entity(&j->unknown->f, "user", key,
	    arena_printf(j->s->arena, "accounts.csv:%u", j->a->row));
	j->unknown->f.n_evidence++; /* accounts, until it is delivered */
}

/* No use in a stretch: a finding if the records of it are complete. */
static void
unused(struct judging *j, struct stretch days, const struct usage_day *last)
{
	struct coverage_share share =
	    coverage_share(j->s->coverage, days.since, days.until - 1);
	struct finding_cite cite;
	struct draft *d;

	if (days.until > j->today + 1 ||
	    share.percent <
		settings_number(j->s->site->settings, SETTING_ACC_COVERAGE)) {
		if (days.lasts)
			cannot_say(j, &share);
		return;
	}
	d = begin(j);
	d->f.key = key_of(j);
	draft_account(d, j->a, j->a->id);
	draft_day(d, SENTENCE_SINCE, days.since);
	sentence_set(&d->v, SENTENCE_IDLE,
	    arena_printf(d->arena, "%lld", (long long)days.days));
	finding_count(&d->f, "", "unused_days", "days", (uint64_t)days.days);
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
	deliver(j, d, days);
}

/* For who asks how long it has been. */
static struct near
near_of(const struct judging *j)
{
	return (struct near){ .rule = j->rule,
		.layer = "",
		.key = key_of(j),
		.time = calendar_midnight(j->s->site->calendar, j->today) };
}

static void
near_unused(const struct judging *j, const struct stretch *s, int64_t next)
{
	const struct near_told *told = j->s->site->near;
	int64_t until = s->until <= j->today + 1 ? s->until : j->today + 1;
	struct coverage_share share;
	struct near n;

	if (told == NULL || until <= s->since)
		return;
	share = coverage_share(j->s->coverage, s->since, until - 1);
	n = near_of(j);
	(void)near_value(&n, "unused_days", (double)(next - s->since),
	    NEAR_GTE, (double)s->days);
	(void)near_value(&n, "coverage", share.percent, NEAR_GTE,
	    settings_number(j->s->site->settings, SETTING_ACC_COVERAGE));
	told->tell(told->arg, &n);
}

static void
near_expiry(const struct judging *j, int64_t last)
{
	const struct near_told *told = j->s->site->near;
	struct near n;

	if (told == NULL)
		return;
	n = near_of(j);
	(void)near_value(&n, "days_left", (double)(last - j->today), NEAR_LTE,
	    (double)limit(j, SETTING_ACC_NOTICE));
	told->tell(told->arg, &n);
}

/* Each pause between two uses, and the one that still lasts. */
static void
judge_dormant(struct judging *j)
{
	bool privileged = j->a->admin || j->a->kind == ACCOUNT_VENDOR;
	const struct usage_day *days;
	struct stretch pause;
	int64_t next;
	size_t i, n;

	days = usage_days(j->s->usage, j->a->key, &n);
	for (i = 0; i < n; i++) {
		privileged |= days[i].privileged;
		pause.days = limit(j,
		    privileged ? SETTING_ACC_DORMANT_PRIV
			       : SETTING_ACC_DORMANT);
		pause.since = days[i].day + 1;
		pause.until = days[i].day + pause.days;
		pause.lasts = i + 1 == n;
		next = i + 1 < n ? days[i + 1].day : j->today + 1;
		if (account_state_on(j->a, j->today) == EXPIRY_IS_USABLE)
			near_unused(j, &pause, next);
		if (next <= pause.until ||
		    account_state_on(j->a, pause.until) != EXPIRY_IS_USABLE)
			continue;
		unused(j, pause, &days[i]);
	}
}

static void
judge_unused(struct judging *j)
{
	const struct usage_day *days;
	struct stretch wait;
	size_t n;

	if (account_state_on(j->a, j->today) != EXPIRY_IS_USABLE)
		return;
	days = usage_days(j->s->usage, j->a->key, &n);
	wait.since = j->a->issued > j->first ? j->a->issued : j->first;
	if (j->a->expiry.from > wait.since)
		wait.since = j->a->expiry.from;
	wait.days = limit(j, SETTING_ACC_UNUSED);
	wait.until = wait.since + wait.days;
	wait.lasts = n == 0;
	if (n == 0)
		near_unused(j, &wait, j->today + 1);
	if (n > 0 && days[0].day < wait.until)
		return;
	unused(j, wait, NULL);
}

static void
judge_expiring(struct judging *j)
{
	int64_t last = account_until(j->a);
	struct stretch notice = { 0 };
	struct draft *d;

	if (last == EXPIRY_NEVER || j->a->left != INT64_MAX)
		return;
	notice.since = last - limit(j, SETTING_ACC_NOTICE);
	notice.until = last + 1;
	near_expiry(j, last);
	if (notice.since > j->today || last < j->first)
		return;
	d = begin(j);
	d->f.key = key_of(j);
	draft_account(d, j->a, j->a->id);
	finding_count(&d->f, "", "notice_days", "days",
	    (uint64_t)(last - notice.since));
	deliver(j, d, notice);
}

static void
deliver_unknown(struct judging *j)
{
	struct draft *d = j->unknown;
	struct stretch days = { j->first, j->today + 1, 0, true };
	uint64_t accounts;

	if (d == NULL)
		return;
	accounts = d->f.n_evidence;
	d->f.n_evidence = 0;
	finding_count(&d->f, "", "accounts", "", accounts);
	d->v.ja[SENTENCE_ACCOUNT] =
	    arena_printf(d->arena, "%llu件のID", (unsigned long long)accounts);
	d->v.en[SENTENCE_ACCOUNT] = arena_printf(d->arena, "%llu accounts",
	    (unsigned long long)accounts);
	draft_day(d, SENTENCE_SINCE, j->first);
	deliver(j, d, days);
}

static void
judge_rule(const struct stale *s, const struct rule *r)
{
	void (*judge)(struct judging *);
	struct judging j = { .s = s, .rule = r };
	size_t i;

	judge = r->detector == RULE_DORMANT ? judge_dormant
	    : r->detector == RULE_UNUSED    ? judge_unused
	    : r->detector == RULE_EXPIRING  ? judge_expiring
					    : NULL;
	if (judge == NULL || !coverage_days(s->coverage, &j.first, &j.today))
		return;
	outbox_scope(s->out, span_str(r->id));
	for (i = 0; i < accounts_count(s->site->ledgers->accounts); i++) {
		j.a = accounts_at(s->site->ledgers->accounts, i);
		judge(&j);
	}
	deliver_unknown(&j);
}

void
stale_judge(const struct stale *s)
{
	size_t i;

	for (i = 0; i < s->rules->n; i++)
		judge_rule(s, s->rules->rules[i]);
}
