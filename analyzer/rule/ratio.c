/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/ratio.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/index.h"
#include "analyzer/rule/draft.h"
#include "analyzer/rule/near.h"
#include "analyzer/rule/grow.h"
#include "analyzer/rule/keep.h"
#include "analyzer/rule/match_window.h"
#include "analyzer/rule/repeat.h"
#include "common/utc.h"

struct month {
	const struct rule *rule;
	char *key;
	int64_t from, until; /* day numbers */
	uint64_t all, fit;
	struct keep *kept[RATIO_CITES]; /* that do not fit, the first */
	size_t n;
	struct keep *any; /* the first of all: it says which device it is */
	bool dirty;
};

struct ratio {
	const struct fact_site *site;
	struct index *by_month;
	struct month *v;
	size_t n, cap;
	struct repeat *repeats;
	const char *origin; /* of the record that was last looked at */
	uint64_t index;
	bool repeated;
	int64_t newest; /* day with an event */
	struct buf key;
	uint64_t dropped;
};

struct ratio *
ratio_new(const struct fact_site *site)
{
	struct ratio *q = calloc(1, sizeof(*q));

	if (q == NULL)
		abort();
	q->site = site;
	q->by_month = index_new();
	q->repeats = repeat_new();
	q->newest = INT64_MIN;
	buf_init(&q->key);
	return q;
}

void
ratio_free(struct ratio *q)
{
	size_t i, k;

	if (q == NULL)
		return;
	for (i = 0; i < q->n; i++) {
		for (k = 0; k < q->v[i].n; k++)
			keep_free(q->v[i].kept[k]);
		keep_free(q->v[i].any);
		free(q->v[i].key);
	}
	free(q->v);
	index_free(q->by_month);
	repeat_free(q->repeats);
	buf_fini(&q->key);
	free(q);
}

static struct month *
month_of(struct ratio *q, const struct rule *r, struct facts *fs, int64_t day)
{
	int year, month, dom;
	struct month *m;
	size_t len;
	uint32_t i;

	utc_date(day, &year, &month, &dom);
	match_key(fs, r->keys, &q->key);
	len = q->key.len;
	buf_printf(&q->key, "%c%s%c%d-%d", 0, r->id, 0, year, month);
	i = index_get(q->by_month, buf_view(&q->key));
	if (i != INDEX_NONE)
		return &q->v[i];
	if (q->n == RATIO_MONTHS)
		return NULL;
	grow(&q->v, q->n, &q->cap, sizeof(*q->v));
	*index_put(q->by_month, buf_view(&q->key)) = (uint32_t)q->n;
	m = &q->v[q->n++];
	*m = (struct month){ .rule = r, .from = utc_days(year, month, 1) };
	m->until = month == 12 ? utc_days(year + 1, 1, 1)
			       : utc_days(year, month + 1, 1);
	if ((m->key = strndup((const char *)q->key.p, len)) == NULL)
		abort();
	return m;
}

/* The first RATIO_CITES by time stay. */
static void
keep_first(struct month *m, struct keep *k)
{
	size_t i;

	for (i = m->n; i > 0 && keep_compare(k, m->kept[i - 1]) < 0; i--)
		;
	if (i == RATIO_CITES) {
		keep_free(k);
		return;
	}
	if (m->n == RATIO_CITES)
		keep_free(m->kept[--m->n]);
	memmove(m->kept + i + 1, m->kept + i,
	    (m->n - i) * sizeof(struct keep *));
	m->kept[i] = k;
	m->n++;
}

static bool
is_repeated(struct ratio *q, const struct event *e, const char *origin)
{
	if (q->origin == NULL || q->index != e->index || q->origin != origin) {
		q->origin = origin;
		q->index = e->index;
		q->repeated = repeat_seen(q->repeats, e);
	}
	return q->repeated;
}

void
ratio_note(struct ratio *q, const struct rule *r, const struct event *e,
    const char *origin, struct facts *fs, bool fits)
{
	int64_t day = calendar_day(q->site->calendar, fs->time);
	struct keep *k;
	struct month *m;

	if (is_repeated(q, e, origin))
		return;
	if ((m = month_of(q, r, fs, day)) == NULL) {
		q->dropped++;
		return;
	}
	if (day > q->newest)
		q->newest = day;
	m->dirty = true;
	m->all++;
	m->fit += fits;
	k = keep_event(e, origin, fs->time);
	if (m->any == NULL || keep_compare(k, m->any) < 0) {
		keep_free(m->any);
		m->any = keep_event(e, origin, fs->time);
	}
	if (fits)
		keep_free(k);
	else
		keep_first(m, k);
}

/* Whose it is: as the first record of the month has it. */
static void
describe(struct ratio *q, struct draft *d, const struct month *m)
{
	struct event *e = arena_alloc(d->arena, sizeof(*e));
	const struct fact_actor *a;
	struct facts fs;

	keep_restore(m->any, e);
	facts_init(&fs, q->site, e, keep_time(m->any), d->arena);
	a = facts_actor(&fs);
	if (m->rule->keys & RULE_KEY_DEVICE)
		draft_device(d, "device", a->device, a->device_name);
	if (m->rule->keys & RULE_KEY_USER)
		draft_account(d, a->account, a->user);
	d->f.replay = e->source != NULL && e->source->replay;
}

static void
cite(struct draft *d, const struct keep *k)
{
	struct finding_cite c = { .origin = keep_origin(k),
		.index = keep_index(k),
		.time = keep_time(k) };
	struct event *e = arena_alloc(d->arena, sizeof(*e));

	keep_restore(k, e);
	memcpy(c.leaf, e->leaf, sizeof(c.leaf));
	draft_cite(d, &c);
}

static void
tell_near(const struct ratio *q, const struct month *m)
{
	struct near n = { .rule = m->rule, .layer = "", .key = m->key };

	n.time = calendar_midnight(q->site->calendar, m->from);
	(void)near_value(&n, "fit", (double)m->fit, NEAR_LT, (double)m->all);
	q->site->near->tell(q->site->near->arg, &n);
}

static void
judge_month(struct ratio *q, const struct month *m, struct outbox *out,
    struct arena *arena)
{
	struct draft *d = arena_alloc(arena, sizeof(*d));
	double share = 100.0 * (double)m->fit / (double)m->all;
	size_t i;

	if (q->site->near != NULL)
		tell_near(q, m);
	if (m->fit == m->all)
		return;
	draft_begin(d, m->rule, q->site, arena);
	if (m->fit == 0) {
		d->f.kind = FINDING_UNKNOWN;
		d->f.severity = FINDING_INFO;
	}
	describe(q, d, m);
	for (i = 0; i < m->n; i++)
		cite(d, m->kept[i]);
	d->f.n_evidence = m->all - m->fit;
	d->f.key = m->key;
	d->f.from = calendar_midnight(q->site->calendar, m->from);
	d->f.until = calendar_midnight(q->site->calendar, m->until);
	d->f.first = keep_time(m->kept[0]);
	finding_count(&d->f, "", "all", "", m->all);
	finding_count(&d->f, "", "fit", "", m->fit);
	finding_figure(&d->f, "", "share", "percent", share, 1);
	draft_day(d, SENTENCE_SINCE, m->from);
	sentence_set(&d->v, SENTENCE_SHARE,
	    arena_printf(arena, "%.1f%%", share));
	sentence_set(&d->v, SENTENCE_PAST,
	    arena_printf(arena, "%llu", (unsigned long long)m->all));
	draft_end(d);
	outbox_add(out, &d->f);
}

void
ratio_judge(struct ratio *q, bool finish, struct outbox *out,
    struct arena *arena)
{
	char scope[32];
	size_t i;

	for (i = 0; i < q->n; i++) {
		if (!q->v[i].dirty || (!finish && q->v[i].until > q->newest))
			continue;
		q->v[i].dirty = false;
		snprintf(scope, sizeof(scope), "month %zu", i);
		outbox_scope(out, span_str(scope));
		judge_month(q, &q->v[i], out, arena);
	}
}

uint64_t
ratio_dropped(const struct ratio *q)
{
	return q->dropped;
}
