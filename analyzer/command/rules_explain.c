/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/rules_explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/command/events.h"
#include "analyzer/command/rules_event.h"
#include "analyzer/command/rules_near.h"
#include "analyzer/command/rules_pack.h"
#include "analyzer/rule/fact.h"
#include "analyzer/rule/scope.h"
#include "common/log.h"
#include "common/utc.h"

/* konseki rules explain: why a rule fits one event, or does not. */

#define JAPAN (9 * 3600)

struct explained {
	struct rules_pack pack;
	const struct rule *rule;
	struct rules_event *reader;
	struct grounds grounds;
	struct fact_site site;
	int zone;
	struct arena *arena; /* of one event */
	struct view view;
	const struct event *event;
	struct facts facts;
	struct rules_part *parts, **tail;
	bool routed;
	struct rules_near *near; /* of a rule that judges many together */
	uint64_t n;		 /* events so far */
	bool lacks_site, lacks_history; /* something was asked in vain */
	struct buf out;
};

/* Without a site nothing is known but what the event itself says. */
static bool
is_known(void *arg, uint32_t field)
{
	struct explained *e = arg;
	enum fact fact = (enum fact)(field - ECS_COUNT);

	if (fact_needs_history(fact)) {
		e->lacks_history = true;
		return false;
	}
	if (e->pack.site != NULL || fact == FACT_SESSION_MINUTES ||
	    fact == FACT_ACCOUNT_KEY || fact == FACT_SOURCE_KEY ||
	    fact == FACT_DEVICE_KEY)
		return true;
	e->lacks_site = true;
	return false;
}

static enum explain_verdict
explain(struct explained *e, const char *name, const struct detection *d)
{
	struct rules_part *p;

	if (d == NULL)
		return EXPLAIN_YES;
	p = arena_alloc(e->arena, sizeof(*p));
	*p = (struct rules_part){ .name = name };
	explain_detection(d, &e->view, is_known, e, e->arena, &p->x);
	buf_printf(&e->out, "%s %s\n", rules_explain_verdict(p->x.verdict),
	    name);
	rules_explain_part(p, &e->out);
	*e->tail = p;
	e->tail = &p->next;
	return p->x.verdict;
}

static void
put_name(struct buf *out, const char *name, struct span value)
{
	if (value.len > 0)
		buf_printf(out, "  %s: %.*s", name, (int)value.len,
		    (const char *)value.p);
}

static enum explain_verdict
route(struct explained *e, const struct rule_logsource *l)
{
	enum explain_verdict v =
	    rule_routes(l, e->event) ? EXPLAIN_YES : EXPLAIN_NO;

	buf_printf(&e->out, "%s logsource", rules_explain_verdict(v));
	put_name(&e->out, "product", l->product);
	put_name(&e->out, "category", l->category);
	put_name(&e->out, "service", l->service);
	buf_byte(&e->out, '\n');
	e->routed |= v == EXPLAIN_YES;
	return v;
}

static enum explain_verdict
both(enum explain_verdict a, enum explain_verdict b)
{
	return a == EXPLAIN_NO || b == EXPLAIN_NO ? EXPLAIN_NO
	    : a == EXPLAIN_UNKNOWN		  ? a
						  : b;
}

/* What would make a finding of it more severe. */
static void
explain_raises(struct explained *e)
{
	const struct rule_raise *r;
	struct rules_part **parts = e->tail;

	for (r = e->rule->raises; r != NULL; r = r->next) {
		buf_printf(&e->out,
		    tr("  raised one level, if: %s\n",
			"  次のとき重大度が1段上がる: %s\n"),
		    tr(r->en, r->ja));
		(void)explain(e, "raise", r->when);
		if (r->followed != NULL)
			buf_str(&e->out,
			    tr("?   followed: a later event decides\n",
				"？  followed: 後の記録で決まります\n"));
	}
	e->tail = parts; /* they decide nothing of the match */
	*parts = NULL;
}

/* The sentence that it all comes to. */
static const char *
verdict_of(const struct rule *r, enum explain_verdict v)
{
	bool counts = r->correlation != NULL;

	if (v == EXPLAIN_UNKNOWN)
		return tr("cannot be told from what is known here:",
		    "ここで分かることだけでは決まりません:");
	if (v == EXPLAIN_YES)
		return counts ? tr("is counted:", "数える記録です:")
			      : tr("fits:", "一致します:");
	return counts ? tr("is not counted:", "数える記録ではありません:")
		      : tr("does not fit:", "一致しません:");
}

static void
put_verdict(struct explained *e, enum explain_verdict v)
{
	const struct rules_part *p;

	buf_printf(&e->out, "%s\n", verdict_of(e->rule, v));
	if (!e->routed)
		buf_str(&e->out,
		    tr("  the rule is for another log source\n",
			"  このルールの対象（logsource）ではありません\n"));
	for (p = e->parts; p != NULL; p = p->next)
		if (p->x.verdict == v)
			rules_explain_why(p, &e->out);
	if (v != EXPLAIN_UNKNOWN)
		return;
	if (e->lacks_site)
		buf_str(&e->out,
		    tr("  --site DIR tells what ledgers, calendar and plans "
		       "say\n",
			"  --site DIR を付けると台帳・暦・作業計画で判定"
			"します\n"));
	if (e->lacks_history)
		buf_str(&e->out,
		    tr("  what came before is known to 'konseki analyze' "
		       "alone\n",
			"  過去の記録による条件は konseki analyze だけが"
			"判定します\n"));
}

/* A rule that counts: whether the event is one of those. */
static enum explain_verdict
explain_bases(struct explained *e)
{
	enum explain_verdict v = EXPLAIN_NO, one;
	const struct rule_base *b;
	size_t i;

	for (i = 0; i < e->rule->nbase; i++) {
		b = &e->rule->base[i];
		if (b->detection == NULL) /* counts others of them */
			continue;
		buf_printf(&e->out, tr("counted: %s\n", "数える記録: %s\n"),
		    b->name);
		one = route(e, &b->logsource);
		one = both(one, explain(e, b->name, b->detection));
		if (one == EXPLAIN_YES || v == EXPLAIN_NO)
			v = one;
	}
	buf_str(&e->out,
	    tr("The rule counts events: one alone decides nothing.\n",
		"このルールは記録を数えるため、1件だけでは決まりません。\n"));
	return v;
}

/* Of the event that completes it, which need not be this one. */
static void
explain_completing(struct explained *e)
{
	struct rules_part **parts = e->tail;

	if (e->rule->when == NULL && e->rule->history == NULL)
		return;
	buf_str(&e->out,
	    tr("  asked of the event that completes it:\n",
		"  条件が成立した記録について:\n"));
	(void)explain(e, "when", e->rule->when);
	(void)explain(e, "history", e->rule->history);
	e->tail = parts; /* they do not decide whether it is counted */
	*parts = NULL;
}

static void
put_head(struct explained *e)
{
	const struct rule *r = e->rule;

	e->out.len = 0;
	buf_printf(&e->out, tr("%s  %s (%s)\n", "%s  %s（%s）\n"), r->code,
	    tr(r->title_en, r->title_ja), r->file);
	event_print_text(e->event, e->zone, &e->out);
}

static void
begin(struct explained *e)
{
	const struct settings *set = e->site.settings;

	arena_reset(e->arena);
	e->parts = NULL;
	e->tail = &e->parts;
	e->routed = e->lacks_site = e->lacks_history = false;
	facts_init(&e->facts, &e->site, e->event,
	    event_judged_time(e->event, settings_usec(set, SETTING_SKEW_MAX)),
	    e->arena);
	scope_view(&e->view, e->event, &e->facts);
	put_head(e);
}

/* One event has no past to be compared with. */
static enum explain_verdict
explain_baseline(struct explained *e)
{
	if (e->rule->baseline.measure == RULE_MEASURE_NONE)
		return EXPLAIN_YES;
	buf_str(&e->out,
	    tr("?   baseline: compared with the past of whom it is about\n",
		"?   baseline: 対象自身の過去と比べます\n"));
	e->lacks_history = true;
	return EXPLAIN_UNKNOWN;
}

static void
explain_event(struct explained *e)
{
	const struct rule *r = e->rule;
	enum explain_verdict v;
	bool site, history;

	begin(e);
	if (r->detector != RULE_EVENTS) {
		buf_str(&e->out,
		    tr("The rule does not look at single events: its detector "
		       "judges many together.\n",
			"このルールは記録を1件ずつではなく、まとめて判定"
			"します。\n"));
		return;
	}
	if (r->correlation != NULL)
		v = explain_bases(e);
	else {
		v = route(e, &r->logsource);
		v = both(v, explain(e, "detection", r->detection));
		v = both(v, explain(e, "when", r->when));
		v = both(v, explain(e, "history", r->history));
		v = both(v, explain_baseline(e));
	}
	site = e->lacks_site;
	history = e->lacks_history;
	if (r->correlation != NULL)
		explain_completing(e);
	explain_raises(e);
	e->lacks_site = site;
	e->lacks_history = history;
	put_verdict(e, v);
}

/* One after the other, as if they stood in a log. */
static void
feed_near(struct explained *e)
{
	struct event *copy;

	if (e->near == NULL)
		return;
	copy = arena_alloc(e->arena, sizeof(*copy));
	*copy = *e->event;
	copy->index = e->n++;
	rules_near_feed(e->near, copy);
}

static int
explain_text(void *arg, struct span text)
{
	struct explained *e = arg;

	e->event = rules_event_read(e->reader, text);
	if (e->event == NULL)
		return -1;
	explain_event(e);
	feed_near(e);
	return fwrite(e->out.p, 1, e->out.len, stdout) == e->out.len ? 0 : -1;
}

int
rules_explain_events(const struct rules_call *c,
    int (*one)(void *arg, struct span text), void *arg)
{
	char *line = NULL;
	size_t cap = 0, n;
	ssize_t len;
	int rc = 0;

	if (strcmp(c->event, "-") != 0)
		rc = one(arg, span_str(c->event));
	else
		while ((len = getline(&line, &cap, stdin)) != -1) {
			for (n = (size_t)len; n > 0 &&
			     (line[n - 1] == '\n' || line[n - 1] == '\r');)
				n--;
			if (n > 0 && one(arg, span_make(line, n)) == -1)
				rc = -1;
		}
	free(line);
	return rc == -1 || ferror(stdin) || fflush(stdout) != 0;
}

/* What facts go by: the site's, or nothing. */
static int
load_site(struct explained *e)
{
	struct grounds *g = &e->grounds;
	struct problems ps;

	e->zone = e->pack.site != NULL ? e->pack.site->zone : JAPAN;
	if (e->pack.site != NULL) {
		if (rules_pack_take(&e->pack, g) == -1)
			return -1;
	} else {
		problems_init(&ps);
		g->ledgers =
		    ledgers_parse(&(struct ledger_bytes){ .duty = { NULL, 0 } },
			utc_now() / UTC_DAY, e->zone, &ps);
		g->calendar = calendar_default(e->pack.all->holidays);
		problems_fini(&ps);
	}
	e->site = (struct fact_site){ .ledgers = g->ledgers,
		.calendar = g->calendar,
		.internal = &g->internal,
		.vpn = &g->vpn,
		.settings = &e->pack.all->settings,
		.firmware = e->pack.all->firmware,
		.support = e->pack.all->support };
	return 0;
}

/* All the evidence, by the rule alone. */
static int
feed_evidence(struct explained *e)
{
	struct events *events =
	    events_open_jobs(e->pack.site, e->pack.dir, events_jobs());
	struct events_item item;
	int rc;

	if (events == NULL)
		return 1;
	while ((rc = events_next(events, tr("reading", "読込中"), &item)) == 1)
		rules_near_record(e->near, &item);
	events_close(events);
	return rc < 0;
}

static int
put_near(struct explained *e)
{
	e->out.len = 0;
	rules_near_print(e->near, e->zone, &e->out);
	return fwrite(e->out.p, 1, e->out.len, stdout) != e->out.len ||
	    fflush(stdout) != 0;
}

static int
explain_all(struct explained *e, const struct rules_call *c)
{
	int status;

	if (e->rule->detector != RULE_EVENTS || e->rule->correlation != NULL)
		e->near = rules_near_new(&e->pack, e->rule, &e->grounds);
	if (c->event != NULL)
		status = rules_explain_events(c, explain_text, e);
	else if (e->near != NULL && e->pack.site != NULL)
		status = feed_evidence(e);
	else {
		log_error("%s",
		    e->near == NULL
			? tr("the rule looks at single events: --event says "
			     "which",
				"1件ずつ判定するルールです。--event で記録を"
				"指定してください")
			: tr("--site says whose evidence, or --event which "
			     "events",
				"--site で施設を、または --event で記録を指定"
				"してください"));
		return 1;
	}
	if (e->near != NULL && status == 0)
		status = put_near(e);
	return status;
}

static int
run(struct explained *e, const struct rules_call *c)
{
	int status;

	if (rules_pack_open(&e->pack, c, c->arg, 1) == -1 || e->pack.n == 0 ||
	    load_site(e) == -1)
		return 1;
	e->rule = e->pack.rule[0];
	e->reader = rules_event_new(e->pack.dir, e->zone);
	e->arena = arena_new();
	scope_view_init(&e->view);
	status = explain_all(e, c);
	rules_near_free(e->near);
	view_fini(&e->view);
	arena_free(e->arena);
	rules_event_free(e->reader);
	return status;
}

int
rules_explain(struct rules_call *c)
{
	struct explained e = { .rule = NULL };
	int status;

	if (c->narg != 1)
		return RULES_USAGE;
	if (c->event != NULL && rules_explain_is_sigma(c->arg[0]))
		return rules_explain_sigma(c);
	status = run(&e, c);
	buf_fini(&e.out);
	grounds_free(&e.grounds);
	rules_pack_close(&e.pack);
	return status;
}
