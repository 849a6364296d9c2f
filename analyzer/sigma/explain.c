/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/explain.h"

#include <string.h>

struct explainer {
	const struct detection *d;
	struct view *v; /* NULL: ask */
	enum explain_verdict (*ask)(void *arg, const struct item *it);
	bool (*known)(void *arg, uint32_t field);
	void *arg;
	struct arena *arena;
	struct explanation *out;
	size_t first[DETECTION_SELECTIONS]; /* 1 + row; 0: not met yet */
};

/* A row of that kind at the end; its number. */
static size_t
add(struct explainer *x, enum explain_kind kind, unsigned depth)
{
	struct explanation *out = x->out;
	struct explain_row *more;

	if (out->n == out->cap) {
		out->cap = out->cap == 0 ? 32 : out->cap * 2;
		more = arena_alloc(x->arena, out->cap * sizeof(*more));
		if (out->n > 0)
			memcpy(more, out->row, out->n * sizeof(*more));
		out->row = more;
	}
	out->row[out->n] = (struct explain_row){ .kind = kind, .depth = depth };
	return out->n++;
}

/* The next part of the same one, or the end. */
static size_t
after(const struct explanation *out, size_t i)
{
	unsigned depth = out->row[i].depth;

	do
		i++;
	while (i < out->n && out->row[i].depth > depth);
	return i;
}

static bool
is_below(const struct explanation *out, size_t at, size_t i)
{
	return i < out->n && out->row[i].depth > out->row[at].depth;
}

/* No part (any: not one) is no; then what is not known counts. */
static enum explain_verdict
combine(const struct explanation *out, size_t at, bool any)
{
	enum explain_verdict rest = any ? EXPLAIN_NO : EXPLAIN_YES;
	enum explain_verdict stop = any ? EXPLAIN_YES : EXPLAIN_NO;
	size_t i;

	for (i = at + 1; is_below(out, at, i); i = after(out, i)) {
		if (out->row[i].verdict == stop)
			return stop;
		if (out->row[i].verdict == EXPLAIN_UNKNOWN)
			rest = EXPLAIN_UNKNOWN;
	}
	return rest;
}

static enum explain_verdict
opposite(enum explain_verdict v)
{
	return v == EXPLAIN_UNKNOWN ? v
	    : v == EXPLAIN_YES	    ? EXPLAIN_NO
				    : EXPLAIN_YES;
}

/* ---- items ---- */

static struct span *
values_of(struct explainer *x, uint32_t field, size_t *n)
{
	const struct view_value *o;
	struct span *s, derived;

	*n = 0;
	if (field >= x->v->nfield) {
		derived = field == VIEW_OTHER ? span_make(NULL, 0)
					      : view_derive(x->v, field);
		s = arena_alloc(x->arena, sizeof(*s));
		*s = derived;
		*n = derived.len > 0;
		return s;
	}
	for (o = view_first(x->v, field); o != NULL; o = view_next(x->v, o))
		*n += !o->null;
	s = arena_alloc(x->arena, (*n + 1) * sizeof(*s));
	*n = 0;
	for (o = view_first(x->v, field); o != NULL; o = view_next(x->v, o))
		if (!o->null)
			s[(*n)++] = o->text;
	return s;
}

static void
explain_item(struct explainer *x, const struct item *it, unsigned depth)
{
	size_t i, at = add(x, EXPLAIN_ITEM, depth);
	struct explain_row *r = &x->out->row[at];
	const struct test *t = it->n > 0 ? &it->values[0].form[0] : NULL;

	r->item = it;
	r->name = it->key;
	if (x->v == NULL) {
		r->verdict = x->ask(x->arg, it);
		return;
	}
	if (!it->keyword && it->field >= x->v->nfield && x->known != NULL &&
	    !x->known(x->arg, it->field)) {
		r->verdict = EXPLAIN_UNKNOWN;
		return;
	}
	r->verdict = detection_tests(it, x->v) ? EXPLAIN_YES : EXPLAIN_NO;
	for (i = 0; i < it->n && r->fit == 0; i++)
		if (detection_fits(it, &it->values[i], x->v))
			r->fit = i + 1;
	if (!it->keyword)
		r->seen = values_of(x, it->field, &r->nseen);
	if (t != NULL && t->kind == TEST_FIELD)
		r->other = values_of(x, t->other, &r->nother);
}

static void
explain_items(struct explainer *x, const struct alternative *a, unsigned depth)
{
	const struct item *it;

	for (it = a->first; it != NULL; it = it->next)
		explain_item(x, it, depth);
}

static void
explain_selection(struct explainer *x, size_t number, unsigned depth)
{
	const struct selection *s = &x->d->selections[number];
	size_t at = add(x, EXPLAIN_SELECTION, depth), map;
	const struct alternative *a;
	bool several = s->first->next != NULL;
	struct explain_row *r = &x->out->row[at];

	r->name = s->name;
	r->before = x->first[number];
	if (r->before > 0) {
		r->verdict = x->out->row[r->before - 1].verdict;
		return;
	}
	x->first[number] = at + 1;
	for (a = s->first; a != NULL; a = a->next) {
		if (!several || a->first->next == NULL) {
			explain_items(x, a, depth + 1);
			continue;
		}
		map = add(x, EXPLAIN_MAP, depth + 1);
		explain_items(x, a, depth + 2);
		x->out->row[map].verdict = combine(x->out, map, false);
	}
	x->out->row[at].verdict = combine(x->out, at, several);
}

/* ---- the condition ---- */

static void explain_condition(struct explainer *x, const struct condition *c,
    unsigned depth);

/* a and b and c is one part of three. */
static void
explain_chain(struct explainer *x, const struct condition *c,
    enum condition_op op, unsigned depth)
{
	if (c->op != op) {
		explain_condition(x, c, depth);
		return;
	}
	explain_chain(x, c->left, op, depth);
	explain_chain(x, c->right, op, depth);
}

static void
explain_condition(struct explainer *x, const struct condition *c,
    unsigned depth)
{
	bool any = c->op == CONDITION_OR;
	size_t at;

	if (c->op == CONDITION_ITEM) {
		explain_selection(x, c->item, depth);
		return;
	}
	if (c->op == CONDITION_NOT) {
		at = add(x, EXPLAIN_NOT, depth);
		explain_condition(x, c->left, depth + 1);
		x->out->row[at].verdict = opposite(x->out->row[at + 1].verdict);
		return;
	}
	at = add(x, any ? EXPLAIN_ANY : EXPLAIN_ALL, depth);
	explain_chain(x, c, c->op, depth + 1);
	x->out->row[at].verdict = combine(x->out, at, any);
}

/* What came out the same as the whole made it so; below a not, the other. */
static void
mark(struct explanation *out, size_t at)
{
	struct explain_row *r = &out->row[at];
	enum explain_verdict want =
	    r->kind == EXPLAIN_NOT ? opposite(r->verdict) : r->verdict;
	size_t i;

	r->decides = true;
	if (r->before > 0 && !out->row[r->before - 1].decides)
		mark(out, r->before - 1);
	for (i = at + 1; is_below(out, at, i); i = after(out, i))
		if (out->row[i].verdict == want)
			mark(out, i);
}

static void
run(struct explainer *x)
{
	*x->out = (struct explanation){ .row = NULL };
	explain_condition(x, x->d->condition, 0);
	x->out->verdict = x->out->row[0].verdict;
	mark(x->out, 0);
}

void
explain_detection(const struct detection *d, struct view *v,
    bool (*known)(void *arg, uint32_t field), void *arg, struct arena *arena,
    struct explanation *out)
{
	struct explainer x = { .d = d,
		.v = v,
		.known = known,
		.arg = arg,
		.arena = arena,
		.out = out };

	run(&x);
}

void
explain_asked(const struct detection *d,
    enum explain_verdict (*ask)(void *arg, const struct item *it), void *arg,
    struct arena *arena, struct explanation *out)
{
	struct explainer x = { .d = d,
		.ask = ask,
		.arg = arg,
		.arena = arena,
		.out = out };

	run(&x);
}
