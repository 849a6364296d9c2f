/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/grow.h"
#include "analyzer/rule/outbound_tell.h"
#include "common/utc.h"

/*
 * What is unusual for one host may be what some host of the site does every
 * week: films, photographs, updates that hosts pass on.  So an incident of
 * hours and days is held against those of all hosts before it, and where as
 * much is common it is for the weekly sheet.
 *
 * Nothing large is ever common, nor what an isolated device or a server sent,
 * or what went to a new place; and what a host sent on several days, little
 * enough on each, is summed.  What was told is not compared with for weeks, or
 * many thefts would hide each other.
 */
#define SUMMED 7	 /* days */
#define LEAST 3		 /* what happened less often is never common */
#define LOOK_BACK 20000	 /* incidents; what is farther back is not there */
#define TIMED (1u << RULE_LAYER_HOUR | 1u << RULE_LAYER_DAY)

/* The site's incidents, by time; and thresholds. */
struct weighing {
	struct outbound *o;
	struct outbound_weight **v;
	size_t n, cap;
	int64_t learned; /* hours: what began before is compared with at once */
	int64_t first;	 /* from when on hosts are judged */
	int64_t back, after;
	double week, times;
	uint64_t large;
	size_t day;
	double *most; /* the largest to compare with, largest first */
	size_t n_most, cap_most;
};

/* Whether a host's hour is when few are at work. */
static bool
is_off(const struct outbound_judging *j, const struct outbound_incident *in)
{
	const struct settings *s = j->o->site->settings;
	uint64_t of_day = (uint64_t)(in->from % 24);

	if (calendar_closed(j->o->site->calendar, in->from / 24))
		return true;
	return in->n_hours > 0 &&
	    (of_day >= settings_count(s, SETTING_OUT_NIGHT_FROM) ||
		of_day < settings_count(s, SETTING_OUT_NIGHT_UNTIL));
}

/* Of its hours together, or of a day that it lies in: whichever is more. */
static uint64_t
excess_of(struct outbound_judging *j, const struct outbound_incident *in)
{
	uint64_t most, day;
	double sum = 0;
	int64_t d;
	size_t i;

	for (i = 0; i < in->n_hours; i++)
		if ((in->hours[i].layers >> RULE_LAYER_HOUR & 1) != 0)
			sum += (double)in->hours[i].bytes -
			    in->hours[i].base.median;
	most = sum > 0 ? (uint64_t)sum : 0;
	for (d = in->from / 24; d <= (in->until - 1) / 24; d++) {
		day = outbound_day_excess(j, d);
		most = day > most ? day : most;
	}
	return most;
}

static bool
is_always_told(const struct outbound_judging *j,
    const struct outbound_incident *in)
{
	size_t i;

	if (j->device != NULL && j->device->server)
		return true;
	for (i = 0; i < in->n_hours; i++)
		if ((in->hours[i].layers & ~TIMED) != 0 || in->hours[i].away)
			return true;
	return false;
}

static bool
is_same(const struct outbound_weight *a, const struct outbound_weight *b)
{
	return a->until == b->until && a->excess == b->excess &&
	    a->off == b->off && a->always == b->always &&
	    a->normal == b->normal;
}

const struct outbound_weight *
outbound_weight_of(const struct outbound_judging *j, const struct rule *rule,
    int64_t from)
{
	size_t i;

	for (i = 0; i < j->hits->n_weights; i++)
		if (j->hits->weights[i].from == from &&
		    j->hits->weights[i].rule == rule)
			return &j->hits->weights[i];
	return NULL;
}

static void
redo(struct outbound *o, int64_t from)
{
	if (from < o->weigh_from)
		o->weigh_from = from;
}

/* What is known of it stands if its days lie before what is judged anew. */
static bool
stands(const struct outbound_judging *j, const struct outbound_weight *old,
    const struct outbound_incident *in)
{
	return old != NULL && old->until == in->until &&
	    ((in->until - 1) / 24 + 1) * 24 <= j->from;
}

static struct outbound_weight
weigh(struct outbound_judging *j, const struct rule *rule, uint32_t host,
    const struct outbound_incident *in)
{
	return (struct outbound_weight){ .rule = rule,
		.host = host,
		.key = j->h->key,
		.from = in->from,
		.until = in->until,
		.excess = excess_of(j, in),
		.off = is_off(j, in),
		.always = is_always_told(j, in),
		.normal = outbound_is_normal(j, in->from, in->until) };
}

static void
weigh_rule(struct outbound_judging *j, const struct rule *rule, uint32_t host,
    struct outbound_hits *now)
{
	const struct outbound_weight *old;
	struct outbound_incident *v;
	struct outbound_weight w;
	size_t i, n;

	v = outbound_incidents_of(j, rule, &n);
	for (i = 0; i < n; i++) {
		if (v[i].n_slow > 0)
			continue;
		old = outbound_weight_of(j, rule, v[i].from);
		w = stands(j, old, &v[i]) ? *old
					  : weigh(j, rule, host, &v[i]);
		if (old != NULL && is_same(old, &w))
			w = *old;
		else
			redo(j->o, w.from);
		grow(&now->weights, now->n_weights, &now->cap_weights,
		    sizeof(*now->weights));
		now->weights[now->n_weights++] = w;
	}
	free(v);
}

/* Whether one rule judges hours or days, and is the first to be met by it. */
static bool
is_weighed(const struct outbound *o, enum rule_layer_kind layer)
{
	return o->of[layer] != NULL &&
	    (layer == RULE_LAYER_HOUR ||
		o->of[layer] != o->of[RULE_LAYER_HOUR]);
}

void
outbound_weigh(struct outbound_judging *j, uint32_t host)
{
	static const enum rule_layer_kind layers[] = { RULE_LAYER_HOUR,
		RULE_LAYER_DAY };
	struct outbound_hits now = { 0 }, *hits = j->hits;
	size_t i, k;

	if (j->h->total)
		return;
	for (i = 0; i < sizeof(layers) / sizeof(layers[0]); i++)
		if (is_weighed(j->o, layers[i]))
			weigh_rule(j, j->o->of[layers[i]], host, &now);
	for (i = 0; i < hits->n_weights; i++) {
		for (k = 0; k < now.n_weights; k++)
			if (now.weights[k].from == hits->weights[i].from &&
			    now.weights[k].rule == hits->weights[i].rule)
				break;
		if (k == now.n_weights)
			redo(j->o, hits->weights[i].from);
	}
	free(hits->weights);
	hits->weights = now.weights;
	hits->n_weights = now.n_weights;
	hits->cap_weights = now.cap_weights;
}

static int
by_key(struct span a, struct span b)
{
	int order = memcmp(a.p, b.p, a.len < b.len ? a.len : b.len);

	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

/* Of one hour the largest first; never by how the records came. */
static int
by_time(const void *a, const void *b)
{
	const struct outbound_weight *p = *(struct outbound_weight *const *)a;
	const struct outbound_weight *q = *(struct outbound_weight *const *)b;

	if (p->from != q->from)
		return p->from < q->from ? -1 : 1;
	if (p->excess != q->excess)
		return p->excess > q->excess ? -1 : 1;
	return by_key(p->key, q->key);
}

static void
gather(struct weighing *g)
{
	struct outbound_hits *h;
	size_t i, k;

	for (i = 0; i < g->o->n_hits; i++)
		for (k = 0, h = &g->o->hits[i]; k < h->n_weights; k++) {
			if (g->o->weigh_from != INT64_MIN &&
			    h->weights[k].from < g->o->weigh_from - g->back)
				continue;
			grow(&g->v, g->n, &g->cap,
			    sizeof(struct outbound_weight *));
			g->v[g->n++] = &h->weights[k];
		}
	if (g->n > 0)
		qsort(g->v, g->n, sizeof(struct outbound_weight *), by_time);
}

/* Whether w is compared with y, of an earlier day. */
static bool
is_compared(const struct weighing *g, const struct outbound_weight *w,
    const struct outbound_weight *y)
{
	if (y->off != w->off || y->until > w->from / 24 * 24)
		return false;
	return (y->sheet && y->common) || y->normal || y->from < g->learned ||
	    w->from - y->from >= g->after;
}

/* Keep the largest, as many as are needed. */
static void
keep(struct weighing *g, double excess, size_t need)
{
	size_t i;

	if (g->n_most == need && excess <= g->most[need - 1])
		return;
	if (g->n_most < need) {
		grow(&g->most, g->n_most, &g->cap_most, sizeof(*g->most));
		g->n_most++;
	}
	for (i = g->n_most - 1; i > 0 && g->most[i - 1] < excess; i--)
		g->most[i] = g->most[i - 1];
	g->most[i] = excess;
}

/* How many must have been as large that it is common by then. */
static size_t
needed(const struct weighing *g, const struct outbound_weight *w)
{
	int64_t from = w->from - g->back > g->first ? w->from - g->back
						    : g->first;
	double n = ceil(g->week * (double)(w->from - from) / 168);

	return n > LEAST ? (n < LOOK_BACK ? (size_t)n : LOOK_BACK) : LEAST;
}

static void
decide(struct weighing *g, size_t at)
{
	struct outbound_weight *w = g->v[at];
	size_t need = needed(g, w), k;
	const struct outbound_weight *y;

	w->before = w->told = g->n_most = 0;
	for (k = 1; k <= at && k <= LOOK_BACK; k++) {
		y = g->v[at - k];
		if (y->from < w->from - g->back)
			break;
		if (y->rule != w->rule)
			continue;
		if (y->host == w->host && y->sheet &&
		    y->from >= w->from - SUMMED * 24)
			w->before += y->excess;
		if (y->off == w->off && y->from / 24 == w->from / 24 &&
		    !y->sheet && !y->always && y->excess < g->large)
			w->told++;
		if (is_compared(g, w, y))
			keep(g, (double)y->excess, need);
	}
	w->limit = g->n_most == need ? g->times * g->most[need - 1] : 0;
	w->common = (double)w->excess <= w->limit;
	w->sheet = !w->always && w->excess + w->before < g->large &&
	    (w->common || w->told >= g->day);
}

static void
weighing_init(struct weighing *g, struct outbound *o)
{
	const struct settings *s = o->site->settings;
	int64_t began = volume_hour_of(o->volume, volume_began(o->volume));
	int64_t after = (int64_t)settings_count(s, SETTING_COMMON_AFTER) * 24;

	*g = (struct weighing){ .o = o,
		.learned = began + after,
		.first = began +
		    (int64_t)settings_count(s, SETTING_OUT_LEARN) * 24,
		.back = after +
		    (int64_t)settings_count(s, SETTING_OUT_HISTORY) * 24,
		.after = after,
		.week = settings_number(s, SETTING_COMMON_WEEK),
		.times = settings_number(s, SETTING_COMMON_TIMES),
		.large = settings_count(s, SETTING_COMMON_BYTES),
		.day = settings_count(s, SETTING_COMMON_DAY) };
	/* What is known from earlier changes what is common everywhere. */
	if (began != o->weigh_began)
		o->weigh_from = INT64_MIN;
	o->weigh_began = began;
}

static bool
is_told_alike(const struct outbound_weight *a, const struct outbound_weight *b)
{
	return a->sheet == b->sheet && a->common == b->common &&
	    a->limit == b->limit && a->before == b->before &&
	    a->told == b->told;
}

void
outbound_common(struct outbound *o)
{
	struct outbound_weight old;
	struct weighing g;
	size_t i;

	if (o->n_hits == 0)
		return;
	weighing_init(&g, o);
	if (o->weigh_from == INT64_MAX)
		return;
	gather(&g);
	for (i = 0; i < g.n; i++) {
		if (g.v[i]->from < o->weigh_from)
			continue;
		old = *g.v[i];
		decide(&g, i);
		if (!is_told_alike(&old, g.v[i]))
			o->hits[g.v[i]->host].tell = true;
		outbound_near_weight(o, g.v[i]);
	}
	o->weigh_from = INT64_MAX;
	free(g.v);
	free(g.most);
}
