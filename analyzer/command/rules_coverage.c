/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/command/command.h"
#include "analyzer/command/rules_pack.h"
#include "analyzer/command/rules_sorts.h"
#include "analyzer/ledger/ledger.h"
#include "analyzer/rule/scope.h"
#include "analyzer/sigma/explain.h"
#include "common/log.h"
#include "common/text.h"

/* konseki rules coverage: which rules cannot fire here, and why. */

#define FAR 1000 /* for another log source: no event is less like it */

struct coverage {
	struct rules_pack pack;
	struct rules_sorts *sorts;
	struct arena *arena; /* of one question */
	struct view view;
	const struct rules_sort *sort; /* that is asked */
	bool understood; /* some record was, by a format */
};

/* What is missing.  If it is the kind, events have other fields, too. */
struct wants {
	struct buf kinds, route, fields, ledgers;
};

/* What a sort of event, or the nearest of all, does not have. */
struct lack {
	unsigned n; /* 0: nothing */
	bool ledger; /* that and no more */
	const struct rules_sort *sort;
	struct buf why;
};

/* One thing that is asked of events: by a rule, or by one that it counts. */
struct asked {
	const struct rule *rule;
	const struct rule_base *base; /* or NULL: of the rule itself */
};

/* Facts that nothing but a row of a ledger gives. */
static const struct {
	enum fact fact;
	enum ledger ledger;
} only_by[] = {
	{ FACT_ACCOUNT_KNOWN, LEDGER_ACCOUNTS },
	{ FACT_ACCOUNT_STATE, LEDGER_ACCOUNTS },
	{ FACT_ACCOUNT_ROLE, LEDGER_ACCOUNTS },
	{ FACT_ACCOUNT_KIND, LEDGER_ACCOUNTS },
	{ FACT_ACCOUNT_LEAVING, LEDGER_ACCOUNTS },
	{ FACT_ACCOUNT_DEPT, LEDGER_ACCOUNTS },
	{ FACT_ACCOUNT_NAME, LEDGER_ACCOUNTS },
	{ FACT_ACCOUNT_ROSTER, LEDGER_ACCOUNTS },
	{ FACT_ACCOUNT_WATCHED, LEDGER_ACCOUNTS },
	{ FACT_ACCOUNT_WRITTEN, LEDGER_ACCOUNTS },
	{ FACT_ACCOUNT_EXPIRES, LEDGER_ACCOUNTS },
	{ FACT_ACCOUNT_ISSUED, LEDGER_ACCOUNTS },
	{ FACT_TARGET_KNOWN, LEDGER_ACCOUNTS },
	{ FACT_SOURCE_ALLOWED, LEDGER_ACCOUNTS },
	{ FACT_ACCOUNT_EMPLOYED, LEDGER_PEOPLE },
	{ FACT_ACCOUNT_PASSWORD, LEDGER_EXPORTED },
	{ FACT_EXPORTED_ROLE, LEDGER_EXPORTED },
	{ FACT_EXPORTED_STATE, LEDGER_EXPORTED },
	{ FACT_SOURCE_MANAGER, LEDGER_DEVICES },
	{ FACT_SOURCE_STATE, LEDGER_DEVICES },
	{ FACT_SOURCE_DAY, LEDGER_DEVICES },
	{ FACT_DEVICE_STATE, LEDGER_DEVICES },
	{ FACT_DEVICE_EXTERNAL, LEDGER_DEVICES },
	{ FACT_DEVICE_REMOTE, LEDGER_DEVICES },
	{ FACT_DEVICE_ADMIN, LEDGER_DEVICES },
	{ FACT_DEVICE_DAY, LEDGER_DEVICES },
	{ FACT_DEVICE_VERSIONS, LEDGER_DEVICES },
	{ FACT_HOST_USER, LEDGER_DEVICES },
	{ FACT_PATIENT_CARE, LEDGER_PATIENTS },
	{ FACT_PATIENT_TREATED, LEDGER_PATIENTS },
	{ FACT_SOURCE_AS, LEDGER_NETWORKS },
	{ FACT_SOURCE_NETWORK, LEDGER_NETWORKS },
	{ FACT_DESTINATION_NETWORK, LEDGER_NETWORKS },
};

static bool
has_ledger(const struct coverage *c, enum ledger l)
{
	return c->pack.grounds.ledgers == NULL ||
	    c->pack.grounds.ledgers->kept[l];
}

/* The ledger that a field is from, if the site does not keep it. */
static bool
lacks_ledger(const struct coverage *c, unsigned field, enum ledger *l)
{
	size_t i;

	for (i = 0; i < sizeof(only_by) / sizeof(only_by[0]); i++) {
		*l = only_by[i].ledger;
		if (field == ECS_COUNT + (unsigned)only_by[i].fact)
			return !has_ledger(c, *l);
	}
	return false;
}

static bool
asks_for_nothing(const struct item *it)
{
	const struct test *t;
	size_t i;

	for (i = 0; i < it->n; i++) {
		t = it->values[i].form;
		if (t->kind == TEST_NULL ||
		    (t->kind == TEST_EXISTS && !t->exists))
			return true;
	}
	return it->negate;
}

/* The kind is known; of other fields, whether they are filled at all. */
static enum explain_verdict
ask(void *arg, const struct item *it)
{
	struct coverage *c = arg;
	enum ledger l;

	if (it->keyword)
		return EXPLAIN_UNKNOWN;
	if (it->field >= ECS_COUNT) {
		if (!lacks_ledger(c, it->field, &l))
			return EXPLAIN_UNKNOWN;
		return asks_for_nothing(it) ? EXPLAIN_YES : EXPLAIN_NO;
	}
	if (it->field == ECS_KIND)
		return detection_tests(it, &c->view) ? EXPLAIN_YES : EXPLAIN_NO;
	if (c->sort->field[it->field])
		return EXPLAIN_UNKNOWN;
	return asks_for_nothing(it) ? EXPLAIN_YES : EXPLAIN_NO;
}

/* A name once, whatever is asked of it. */
static void
put_once(struct span name, const char *between, struct buf *out)
{
	size_t i, len = strlen(between);

	for (i = 0; i < name.len && name.p[i] != '|'; i++)
		;
	name = span_sub(name, 0, i);
	for (i = 0; i + name.len <= out->len; i++)
		if (memcmp(out->p + i, name.p, name.len) == 0 &&
		    (i == 0 ||
			(i >= len &&
			    memcmp(out->p + i - len, between, len) == 0)) &&
		    (i + name.len == out->len ||
			memcmp(out->p + i + name.len, between, 1) == 0))
			return;
	buf_str(out, out->len > 0 ? between : "");
	text_escape(name, out);
}

static void
put_ledger(enum ledger l, struct wants *w)
{
	put_once(span_str(ledger_name(l)), ", ", &w->ledgers);
}

static void
put_item(const struct coverage *c, const struct explain_row *r,
    struct wants *w)
{
	const struct item *it = r->item;
	enum ledger l;
	size_t i;

	if (lacks_ledger(c, it->field, &l)) {
		put_ledger(l, w);
		return;
	}
	if (it->field != ECS_KIND) {
		put_once(r->name, ", ", &w->fields);
		return;
	}
	for (i = 0; i < it->n; i++)
		put_once(it->values[i].text, " | ", &w->kinds);
}

/* Append what is missing for d to fit; how much that is. */
static unsigned
lack_of(struct coverage *c, const struct detection *d, struct wants *w)
{
	struct explanation x;
	unsigned n = 0;
	size_t i;

	if (d == NULL)
		return 0;
	explain_asked(d, ask, c, c->arena, &x);
	for (i = 0; x.verdict == EXPLAIN_NO && i < x.n; i++) {
		if (x.row[i].kind != EXPLAIN_ITEM || !x.row[i].decides)
			continue;
		put_item(c, &x.row[i], w);
		n += x.row[i].item->field == ECS_KIND ? 10 : 1;
	}
	return n + (x.verdict == EXPLAIN_NO && n == 0);
}

static unsigned
lack_route(struct coverage *c, const struct rule_logsource *l, struct wants *w)
{
	struct rule_logsource any = *l;

	any.service = span_make(NULL, 0); /* of single events, not of sorts */
	if (rule_routes(&any, &c->sort->sample))
		return 0;
	if (w->route.len == 0)
		buf_printf(&w->route, "logsource %.*s %.*s",
		    (int)l->product.len, (const char *)l->product.p,
		    (int)l->category.len, (const char *)l->category.p);
	return FAR;
}

/* The fields without which a detector has nothing to count. */
static unsigned
lack_fields(struct coverage *c, enum rule_detector detector, struct wants *w)
{
	static const struct {
		enum rule_detector of;
		enum ecs field;
	} needs[] = {
		{ RULE_OUTBOUND, ECS_SOURCE_IP },
		{ RULE_OUTBOUND, ECS_DESTINATION_IP },
		{ RULE_BEACON, ECS_SOURCE_IP },
		{ RULE_BEACON, ECS_DESTINATION_IP },
		{ RULE_SEQUENCE, ECS_EVENT_SEQUENCE },
		{ RULE_SEQUENCE, ECS_SEQUENCE_SCOPE },
		{ RULE_DOUBLES, ECS_EVENT_SEQUENCE },
		{ RULE_DOUBLES, ECS_SEQUENCE_KIND },
		{ RULE_DISORDER, ECS_EVENT_SEQUENCE },
		{ RULE_DISORDER, ECS_SEQUENCE_KIND },
	};
	unsigned n = 0;
	size_t i;

	for (i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		if (needs[i].of != detector || c->sort->field[needs[i].field])
			continue;
		put_once(span_str(ecs_name(needs[i].field)), ", ", &w->fields);
		n++;
	}
	return n;
}

/* Of what a rule compares, the fields that events must have. */
static unsigned
lack_compared(struct coverage *c, const struct rule *r, struct wants *w)
{
	const bool *has = c->sort->field;
	unsigned n = 0;
	size_t i;

	for (i = 0; i < r->novel.n; i++) {
		if (r->novel.of[i] >= ECS_COUNT || has[r->novel.of[i]])
			continue;
		put_once(span_str(ecs_name((enum ecs)r->novel.of[i])), ", ",
		    &w->fields);
		n++;
	}
	if ((r->baseline.measure != RULE_MEASURE_SUM &&
		r->baseline.measure != RULE_MEASURE_VALUES) ||
	    has[r->baseline.field])
		return n;
	put_once(span_str(ecs_name(r->baseline.field)), ", ", &w->fields);
	return n + 1;
}

/* The ledgers of whose rows a rule speaks, or without which it cannot say. */
static unsigned
lack_ledgers(struct coverage *c, const struct rule *r, struct wants *w)
{
	static const enum ledger rows[] = {
		[RULE_ROWS_ACCOUNTS] = LEDGER_ACCOUNTS,
		[RULE_ROWS_DEVICES] = LEDGER_DEVICES,
		[RULE_ROWS_EXPORTED] = LEDGER_EXPORTED,
	};
	unsigned needs = r->needs, n = 0;
	int l;

	if (r->roll.each != RULE_ROWS_NONE)
		needs |= 1u << rows[r->roll.each];
	if (r->detector == RULE_DORMANT || r->detector == RULE_UNUSED ||
	    r->detector == RULE_EXPIRING)
		needs |= 1u << LEDGER_ACCOUNTS;
	if (r->detector == RULE_UNMET)
		needs |= 1u << LEDGER_MAINTENANCE;
	for (l = 0; l < LEDGER_COUNT; l++) {
		if ((needs >> l & 1) == 0 || has_ledger(c, (enum ledger)l))
			continue;
		put_ledger((enum ledger)l, w);
		n++;
	}
	return n;
}

static unsigned
lack_in(struct coverage *c, const struct asked *a, const struct rules_sort *s,
    struct wants *w)
{
	const struct rule *r = a->rule;
	unsigned n;

	arena_reset(c->arena);
	c->sort = s;
	scope_view(&c->view, &s->sample, NULL);
	w->kinds.len = w->route.len = w->fields.len = w->ledgers.len = 0;
	if (a->base != NULL)
		return lack_route(c, &a->base->logsource, w) +
		    lack_of(c, a->base->detection, w);
	n = lack_route(c, &r->logsource, w);
	n += lack_fields(c, r->detector, w);
	n += lack_compared(c, r, w);
	n += lack_ledgers(c, r, w);
	n += lack_of(c, r->detection, w);
	n += lack_of(c, r->when, w);
	return n + lack_of(c, r->history, w);
}

static void
put_wants(const struct wants *w, struct lack *l)
{
	struct buf *out = &l->why;

	out->len = 0;
	l->ledger = w->kinds.len == 0 && w->route.len == 0 &&
	    w->fields.len == 0 && w->ledgers.len > 0;
	buf_str(out, w->kinds.len > 0 ? "konseki.kind: " : "");
	buf_span(out,
	    buf_view(w->kinds.len > 0  ? &w->kinds
		    : w->route.len > 0 ? &w->route
		    : l->ledger	       ? &w->ledgers
				       : &w->fields));
}

/* Whether a rule asks for that kind of our own, and not for just any. */
static bool
is_meant(struct coverage *c, const struct asked *a,
    const struct rules_sort *own, struct wants *w)
{
	struct rules_sort *other = calloc(1, sizeof(*other));
	bool meant;

	if (other == NULL)
		abort();
	*other = *own;
	event_set(&other->sample, ECS_KIND, SPAN("other"));
	meant = lack_in(c, a, other, w) > 0;
	free(other);
	return meant;
}

/* The sort that lacks the least. */
static void
nearest(struct coverage *c, const struct asked *a, const struct rules_sort *s,
    size_t n, struct lack *l)
{
	struct wants w;
	unsigned lacks;
	size_t i;

	memset(&w, 0, sizeof(w));
	l->n = UINT32_MAX;
	for (i = 0; i < n && l->n > 0; i++) {
		lacks = lack_in(c, a, &s[i], &w);
		if (lacks >= l->n ||
		    (s[i].own && (lacks > 0 || !is_meant(c, a, &s[i], &w))))
			continue;
		l->n = lacks;
		l->sort = &s[i];
		put_wants(&w, l);
	}
	buf_fini(&w.kinds);
	buf_fini(&w.route);
	buf_fini(&w.fields);
	buf_fini(&w.ledgers);
}

/*
 * A rule that counts needs all of what a sequence is made of, which different
 * sources may tell, and of what is counted together one.
 */
struct counting {
	struct coverage *c;
	const struct rule *rule;
	const struct correlation_linked *linked;
};

static struct lack
lack_counted(const struct counting *k, uint32_t number,
    const struct rules_sort *s, size_t n)
{
	const struct correlation *of = k->linked[number].c;
	bool all = (of->type == CORRELATION_TEMPORAL ||
		       of->type == CORRELATION_TEMPORAL_ORDERED) &&
	    of->condition == NULL;
	size_t i, nrules = of->type == CORRELATION_ABSENCE ? 1 : of->nrules;
	struct lack one, best = { .n = 0 };

	for (i = 0; i < nrules; i++) {
		const struct correlation_source *from =
		    &k->linked[number].sources[i];
		struct asked a = { k->rule, &k->rule->base[from->number] };

		memset(&one, 0, sizeof(one));
		if (from->chained)
			one = lack_counted(k, from->number, s, n);
		else
			nearest(k->c, &a, s, n, &one);
		if (i > 0 && (all ? one.n <= best.n : one.n >= best.n)) {
			buf_fini(&one.why);
			continue;
		}
		buf_fini(&best.why);
		best = one;
	}
	return best;
}

static struct lack
lack_of_rule(struct coverage *c, const struct rule *r,
    const struct rules_sort *s, size_t n)
{
	struct arena *arena = arena_new();
	struct counting k = { c, r, NULL };
	struct asked a = { r, NULL };
	struct lack l = { .n = 0 };
	size_t nlinked;

	if (r->correlation == NULL)
		nearest(c, &a, s, n, &l);
	else {
		k.linked = rule_link(r, &nlinked, NULL, arena);
		l = lack_counted(&k, 0, s, n);
	}
	arena_free(arena);
	return l;
}

static void
put_rule(const struct coverage *c, const struct rule *r,
    const struct lack *came, const struct lack *can)
{
	const struct lack *ledger = came->ledger ? came : can;

	printf("%s  %s\n    ", r->code, tr(r->title_en, r->title_ja));
	if (ledger->ledger)
		printf(tr("ledgers that are not kept: %.*s\n",
			   "台帳がありません: %.*s\n"),
		    (int)ledger->why.len, (const char *)ledger->why.p);
	else if (came->sort == NULL || !c->understood)
		printf("%s",
		    tr("no record was understood yet\n",
			"読み取れた記録がまだありません\n"));
	else if (can->n == 0)
		printf(tr("did not come so far: %.*s (%s could tell it)\n",
			   "まだ届いていません: %.*s（書式%sで読み取れます）"
			   "\n"),
		    (int)came->why.len, (const char *)came->why.p,
		    can->sort->format);
	else
		printf(tr("no format of the sources here gives: %.*s\n",
			   "ここの送信元の書式では得られません: %.*s\n"),
		    (int)can->why.len, (const char *)can->why.p);
}

/* Whether a rule can fire; what it lacks is printed. */
static bool
judge(struct coverage *c, const struct rule *r)
{
	struct lack came, can;
	bool fires;

	came = lack_of_rule(c, r, c->sorts->came, c->sorts->ncame);
	fires = came.sort != NULL && came.n == 0;
	memset(&can, 0, sizeof(can));
	if (!fires) {
		can = lack_of_rule(c, r, c->sorts->can, c->sorts->ncan);
		put_rule(c, r, &came, &can);
	}
	buf_fini(&came.why);
	buf_fini(&can.why);
	return fires;
}

static int
run(struct coverage *c)
{
	size_t i, n = 0, fires = 0;

	c->sorts = rules_sorts_of(c->pack.site, c->pack.dir);
	if (c->sorts == NULL)
		return 1;
	for (i = 0; i < c->sorts->ncame; i++)
		c->understood |= *c->sorts->came[i].format != '\0' &&
		    !c->sorts->came[i].own;
	for (i = 0; i < c->pack.n; i++) {
		if (!rules_pack_on(&c->pack, c->pack.rule[i]))
			continue;
		n++;
		fires += judge(c, c->pack.rule[i]);
	}
	printf("%zu rules: %zu can fire, %zu cannot\n", n, fires, n - fires);
	return fflush(stdout) != 0 || c->pack.wrong > 0;
}

int
rules_coverage(struct rules_call *call)
{
	struct coverage c = { .sort = NULL };
	int status = 1;

	if (call->narg > 1 || (call->narg == 1 && call->site != NULL))
		return RULES_USAGE;
	if (call->narg == 1)
		call->site = call->arg[0];
	call->site = command_site_dir(call->site);
	c.arena = arena_new();
	scope_view_init(&c.view);
	if (rules_pack_open(&c.pack, call, NULL, 0) == 0)
		status = run(&c);
	rules_sorts_free(c.sorts);
	view_fini(&c.view);
	arena_free(c.arena);
	rules_pack_close(&c.pack);
	return status;
}
