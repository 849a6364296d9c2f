/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/rules_near.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/command/analysis.h"
#include "analyzer/ledger/index.h"
#include "analyzer/rule/engine.h"
#include "analyzer/rule/near.h"
#include "analyzer/sigma/correlation.h"
#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"

#define PLACES 100000 /* hosts, groups, accounts that are remembered */
#define SHOWN 20

struct place { /* the nearest that one of them came */
	const char *layer, *key;
	int64_t time;
	double share;
	struct near_value v[NEAR_VALUES];
	size_t n;
};

struct rules_near {
	const struct rule *rule;
	struct arena *arena;
	struct arena *pass; /* of one record */
	struct ruleset only;
	struct rule *one[1];
	struct near_told told;
	struct engine *engine;
	struct index *by_key;
	struct place *v;
	size_t n, cap;
	uint64_t judged, more; /* more: beyond PLACES */
	uint64_t found;
	struct buf key;
};

static struct place *
place_of(struct rules_near *n, const struct near *at)
{
	uint32_t *slot;

	n->key.len = 0;
	buf_printf(&n->key, "%s%c%s", at->layer, 0, at->key);
	if (index_get(n->by_key, buf_view(&n->key)) == INDEX_NONE &&
	    n->n == PLACES) {
		n->more++;
		return NULL;
	}
	slot = index_put(n->by_key, buf_view(&n->key));
	if (*slot != INDEX_NONE)
		return &n->v[*slot];
	if (n->n == n->cap) {
		n->cap = n->cap == 0 ? 64 : n->cap * 2;
		n->v = reallocarray(n->v, n->cap, sizeof(*n->v));
		if (n->v == NULL)
			abort();
	}
	*slot = (uint32_t)n->n;
	n->v[n->n] = (struct place){ .share = -1,
		.layer = arena_str(n->arena, span_str(at->layer)),
		.key = arena_str(n->arena, span_str(at->key)) };
	return &n->v[n->n++];
}

static void
take(void *arg, const struct near *at)
{
	struct rules_near *n = arg;
	double share = near_share(at);
	struct place *p;

	n->judged++;
	if ((p = place_of(n, at)) == NULL || share < p->share ||
	    (share <= p->share && at->time >= p->time))
		return;
	p->share = share;
	p->time = at->time;
	p->n = at->n;
	memcpy(p->v, at->v, sizeof(p->v));
}

static void
count(void *arg, const struct finding *f)
{
	struct rules_near *n = arg;

	n->found += !f->withdrawn && f->kind == FINDING_ALERT;
}

struct rules_near *
rules_near_new(const struct rules_pack *p, const struct rule *rule,
    const struct grounds *g)
{
	struct rules_near *n = calloc(1, sizeof(*n));
	struct engine_config c = { .ledgers = g->ledgers,
		.calendar = g->calendar,
		.internal = &g->internal,
		.vpn = &g->vpn,
		.deliver = count,
		.arg = n };

	if (n == NULL)
		abort();
	n->rule = rule;
	n->arena = arena_new();
	n->pass = arena_new();
	n->by_key = index_new();
	n->one[0] = (struct rule *)(uintptr_t)rule;
	n->only.settings = p->all->settings;
	n->only.rules = n->one;
	n->only.n = 1;
	n->only.firmware = p->all->firmware;
	n->told = (struct near_told){ take, n };
	c.rules = &n->only;
	c.near = &n->told;
	n->engine = engine_new(&c);
	return n;
}

void
rules_near_free(struct rules_near *n)
{
	if (n == NULL)
		return;
	engine_free(n->engine);
	index_free(n->by_key);
	buf_fini(&n->key);
	free(n->v);
	arena_free(n->arena);
	arena_free(n->pass);
	free(n);
}

void
rules_near_feed(struct rules_near *n, const struct event *e)
{
	engine_feed(n->engine, e);
}

void
rules_near_record(struct rules_near *n, const struct events_item *item)
{
	analysis_tell(n->engine, item, n->pass);
}

static int
by_share(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int rc;

	if (x->share < y->share || x->share > y->share)
		return x->share > y->share ? -1 : 1;
	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	rc = strcmp(x->layer, y->layer);
	return rc != 0 ? rc : strcmp(x->key, y->key);
}

static void
put_number(double value, struct buf *out)
{
	char text[64];
	size_t len;

	snprintf(text, sizeof(text), "%.2f", value);
	len = strlen(text);
	while (text[len - 1] == '0')
		text[--len] = '\0';
	if (text[len - 1] == '.')
		text[--len] = '\0';
	buf_str(out, text);
}

static void
put_place(const struct place *p, int zone, struct buf *out)
{
	char time[UTC_TEXT];
	size_t i;

	buf_printf(out, "%s  ", utc_print_local(p->time, zone, time));
	if (*p->layer != '\0')
		buf_printf(out, "%s  ", p->layer);
	if (*p->key != '\0')
		text_escape(span_str(p->key), out);
	else
		buf_str(out, tr("(one group)", "（全体で一組）"));
	buf_byte(out, '\n');
	for (i = 0; i < p->n; i++) {
		buf_printf(out, "    %s %s ",
		    p->v[i].holds ? tr("yes", "○ ") : tr("no ", "× "),
		    p->v[i].name);
		put_number(p->v[i].value, out);
		buf_printf(out, " %s ", near_how_text(p->v[i].how));
		put_number(p->v[i].limit, out);
		buf_byte(out, '\n');
	}
}

static bool
has_threshold(const struct rule *r)
{
	static const enum rule_detector with[] = { RULE_OUTBOUND, RULE_DORMANT,
		RULE_UNUSED, RULE_EXPIRING, RULE_SEQUENCE, RULE_RATIO,
		RULE_BEACON };
	size_t i;

	if (r->detector == RULE_EVENTS)
		return r->correlation->type != CORRELATION_ABSENCE;
	for (i = 0; i < sizeof(with) / sizeof(with[0]); i++)
		if (with[i] == r->detector)
			return true;
	return false;
}

void
rules_near_print(struct rules_near *n, int zone, struct buf *out)
{
	size_t i;

	engine_finish(n->engine);
	if (n->n > 0)
		qsort(n->v, n->n, sizeof(*n->v), by_share);
	buf_printf(out,
	    tr("%" PRIu64 " times something was judged, of %zu hosts, groups "
	       "or accounts; %" PRIu64 " findings\n",
		"判定 %" PRIu64 "回、対象 %zu（端末・組・ID）、検知 %" PRIu64
		"件\n"),
	    n->judged, n->n, n->found);
	if (n->n == 0 && !has_threshold(n->rule))
		buf_str(out,
		    tr("The rule has no threshold that could be near: what it "
		       "looks for is there or not.\n",
			"このルールにはしきい値がなく、条件に合うものが"
			"あるかないかだけを判定します。\n"));
	else if (n->n == 0)
		buf_str(out,
		    tr("Nothing came that the rule judges; 'konseki rules "
		       "coverage' says what is missing.\n",
			"このルールが判定する記録がありませんでした。"
			"不足は konseki rules coverage で確認できます。\n"));
	if (n->n > SHOWN)
		buf_printf(out, tr("the %d nearest:\n", "近いもの%d件:\n"),
		    SHOWN);
	for (i = 0; i < n->n && i < SHOWN; i++)
		put_place(&n->v[i], zone, out);
	if (n->more > 0)
		buf_printf(out,
		    tr("%" PRIu64 " judgements of others are not shown: there "
		       "were more than %d\n",
			"ほかの判定 %" PRIu64
			"回は示していません（対象が%dを超えたため）\n"),
		    n->more, PLACES);
}
