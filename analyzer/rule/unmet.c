/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/unmet.h"

#include <stdlib.h>

#include "analyzer/ledger/index.h"
#include "analyzer/rule/draft.h"
#include "analyzer/rule/fact_ledger.h"

struct unmet {
	const struct rule *rule;
	const struct fact_site *site;
	const struct plans *plans;
	struct index *work; /* kinds that it leaves behind */
	bool *met, *told; /* by plan */
	size_t n;
	int64_t grace;
	bool replay;
};

/* Kinds of event that somebody's work leaves behind. */
static struct index *
kinds_of_work(void)
{
	static const char *const kinds[] = { "login", "vpn-login",
		"vpn-logout", "vpn-session", "admin-login", "admin-logout",
		"admin-session", "admin-command", "session-start",
		"session-end", "config-change", "config-backup",
		"account-change", "sudo", "restart", "service-install",
		"emr-operation" };
	struct index *x = index_new();
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		*index_put(x, span_str(kinds[i])) = (uint32_t)i;
	return x;
}

struct unmet *
unmet_new(const struct ruleset *rules, const struct fact_site *site)
{
	const struct plans *plans = site->ledgers->maintenance;
	struct unmet *u;
	size_t i;

	for (i = 0; i < rules->n; i++)
		if (rules->rules[i]->detector == RULE_UNMET)
			break;
	if (i == rules->n || plans_count(plans) == 0)
		return NULL;
	if ((u = calloc(1, sizeof(*u))) == NULL)
		abort();
	u->rule = rules->rules[i];
	u->site = site;
	u->plans = plans;
	u->n = plans_count(plans);
	u->work = kinds_of_work();
	u->grace = settings_usec(site->settings, SETTING_ADM_GRACE);
	u->met = calloc(u->n, sizeof(*u->met));
	u->told = calloc(u->n, sizeof(*u->told));
	if (u->met == NULL || u->told == NULL)
		abort();
	return u;
}

void
unmet_free(struct unmet *u)
{
	if (u == NULL)
		return;
	index_free(u->work);
	free(u->met);
	free(u->told);
	free(u);
}

static bool
is_work(const struct unmet *u, const struct facts *fs)
{
	struct span kind = facts_field(fs, ECS_KIND);

	if (kind.len == 0 || kind.p[0] == 't') /* traffic: nearly all */
		return false;
	return index_get(u->work, kind) != INDEX_NONE &&
	    !span_is(facts_field(fs, ECS_EVENT_OUTCOME), "failure");
}

/* Whether there is a plan for that time at all: nearly never. */
static bool
is_planned(const struct unmet *u, int64_t time)
{
	const struct plan *p;
	size_t i;

	for (i = 0; i < u->n; i++) {
		p = plans_at(u->plans, i);
		if (p->from - u->grace > time)
			return false; /* they are in order */
		if (time < p->until + u->grace)
			return true;
	}
	return false;
}

void
unmet_feed(struct unmet *u, const struct event *e, struct facts *fs)
{
	const struct plan *p = NULL;
	struct plan_act act;

	u->replay |= e->source != NULL && e->source->replay;
	if (!is_work(u, fs) || !is_planned(u, fs->time))
		return;
	act = fact_act(fs, u->grace);
	act.nobody = act.user.len == 0;
	while ((p = plans_next_covering(u->plans, &act, p)) != NULL)
		u->met[p - plans_at(u->plans, 0)] = true;
}

static void
deliver(const struct unmet *u, const struct plan *p, struct outbox *out,
    struct arena *arena)
{
	struct draft *d = arena_alloc(arena, sizeof(*d));

	draft_begin(d, u->rule, u->site, arena);
	d->f.key = arena_printf(arena, "plan=%u", p->row);
	d->f.from = d->f.first = p->from;
	d->f.until = p->until;
	d->f.replay = u->replay;
	draft_time(d, SENTENCE_FROM, p->from);
	draft_time(d, SENTENCE_TO, p->until);
	draft_time(d, SENTENCE_TIME, p->from);
	if (p->vendor.len > 0)
		sentence_set(&d->v, SENTENCE_VENDOR, draft_text(d, p->vendor));
	if (p->devices.len > 0)
		sentence_set(&d->v, SENTENCE_DEVICE, draft_text(d, p->devices));
	if (p->work.len > 0)
		sentence_set(&d->v, SENTENCE_DETAIL, draft_text(d, p->work));
	finding_count(&d->f, "", "row", "", p->row);
	draft_end(d);
	outbox_add(out, &d->f);
}

/* Whether records of those days are here. */
static bool
is_covered(const struct unmet *u, const struct plan *p,
    const struct coverage *coverage)
{
	int64_t first, last, from, until;

	if (!coverage_days(coverage, &first, &last))
		return false;
	from = calendar_day(u->site->calendar, p->from);
	until = calendar_day(u->site->calendar, p->until - 1);
	return from >= first && until <= last &&
	    coverage_share(coverage, first, last).percent >=
	    settings_number(u->site->settings, SETTING_ACC_COVERAGE);
}

void
unmet_judge(struct unmet *u, int64_t now, const struct coverage *coverage,
    struct outbox *out, struct arena *arena)
{
	const struct plan *p;
	bool tell;
	size_t i;

	for (i = 0; i < u->n; i++) {
		p = plans_at(u->plans, i);
		tell = !u->met[i] && p->until + u->grace <= now &&
		    is_covered(u, p, coverage);
		if (!tell && !u->told[i])
			continue;
		u->told[i] = tell;
		outbox_scope(out,
		    span_str(arena_printf(arena, "%s %zu", u->rule->id, i)));
		if (tell)
			deliver(u, p, out, arena);
	}
}
