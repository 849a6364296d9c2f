/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/limits.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/draft.h"

static const struct {
	const char *name, *ja, *en;
} table[] = {
#define LIMIT(id, name, ja, en) { name, ja, en },
#include "analyzer/rule/limit_tbl.h"
#undef LIMIT
};

/* One limit on one day. */
struct met {
	enum limit which;
	int64_t day, first;
	uint64_t n;
	const char *codes[LIMITS_RULES]; /* in order */
	size_t n_codes;
	bool dirty;
};

struct limits {
	const struct rule *rule; /* NULL: nobody asks */
	const struct fact_site *site;
	struct met *v;
	size_t n, cap;
};

int
limit_parse(struct span name, enum limit *which)
{
	size_t i;

	for (i = 0; i < LIMITS; i++) {
		if (!span_is(name, table[i].name))
			continue;
		*which = (enum limit)i;
		return 0;
	}
	return -1;
}

struct limits *
limits_new(const struct ruleset *rules, const struct fact_site *site)
{
	struct limits *l = calloc(1, sizeof(*l));
	size_t i;

	if (l == NULL)
		abort();
	l->site = site;
	for (i = 0; i < rules->n && l->rule == NULL; i++)
		if (rules->rules[i]->detector == RULE_LIMITS)
			l->rule = rules->rules[i];
	return l;
}

void
limits_free(struct limits *l)
{
	if (l == NULL)
		return;
	free(l->v);
	free(l);
}

/* Days are few, and the newest is asked for. */
static struct met *
find(struct limits *l, enum limit which, int64_t time)
{
	int64_t day = calendar_day(l->site->calendar, time);
	size_t i;

	for (i = l->n; i > 0; i--)
		if (l->v[i - 1].which == which && l->v[i - 1].day == day)
			return &l->v[i - 1];
	if (l->n == LIMITS_DAYS)
		return &l->v[l->n - 1];
	if (l->n == l->cap) {
		l->cap = l->cap * 2 + 8;
		l->v = reallocarray(l->v, l->cap, sizeof(*l->v));
		if (l->v == NULL)
			abort();
	}
	l->v[l->n] =
	    (struct met){ .which = which, .day = day, .first = time };
	return &l->v[l->n++];
}

static void
add_code(struct met *m, const char *code)
{
	size_t i;

	for (i = 0; i < m->n_codes; i++)
		if (strcmp(m->codes[i], code) >= 0)
			break;
	if (i < m->n_codes && strcmp(m->codes[i], code) == 0)
		return;
	if (i == LIMITS_RULES)
		return;
	if (m->n_codes == LIMITS_RULES)
		m->n_codes--;
	memmove(m->codes + i + 1, m->codes + i,
	    (m->n_codes - i) * sizeof(m->codes[0]));
	m->codes[i] = code;
	m->n_codes++;
}

void
limits_note(struct limits *l, enum limit which, int64_t time, const char *code)
{
	struct met *m;

	if (l->rule == NULL)
		return;
	m = find(l, which, time);
	if (time < m->first)
		m->first = time;
	m->n++;
	m->dirty = true;
	if (code != NULL)
		add_code(m, code);
}

void
limits_name(struct limits *l, enum limit which, int64_t time, const char *code)
{
	struct met *m;

	if (l->rule == NULL)
		return;
	m = find(l, which, time);
	m->dirty = true;
	add_code(m, code);
}

static void
deliver(const struct limits *l, const struct met *m, struct outbox *out,
    struct arena *arena)
{
	struct draft *d = arena_alloc(arena, sizeof(*d));
	size_t i;

	draft_begin(d, l->rule, l->site, arena);
	d->f.key = arena_printf(arena, "limit=%s", table[m->which].name);
	d->f.from = calendar_midnight(l->site->calendar, m->day);
	d->f.until = calendar_midnight(l->site->calendar, m->day + 1);
	d->f.first = m->first;
	draft_time(d, SENTENCE_TIME, m->first);
	d->v.ja[SENTENCE_DETAIL] = table[m->which].ja;
	d->v.en[SENTENCE_DETAIL] = table[m->which].en;
	sentence_set(&d->v, SENTENCE_LOST,
	    arena_printf(arena, "%llu", (unsigned long long)m->n));
	finding_count(&d->f, "", "lost", "", m->n);
	for (i = 0; i < m->n_codes; i++)
		finding_entity(&d->f, "rule", m->codes[i], "");
	draft_end(d);
	outbox_add(out, &d->f);
}

void
limits_judge(struct limits *l, struct outbox *out, struct arena *arena)
{
	struct met *m;
	size_t i;

	for (i = 0; i < l->n; i++) {
		m = &l->v[i];
		if (!m->dirty)
			continue;
		m->dirty = false;
		outbox_scope(out,
		    span_str(arena_printf(arena, "limit %s %lld",
			table[m->which].name, (long long)m->day)));
		deliver(l, m, out, arena);
	}
}
