/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdlib.h>
#include <string.h>

#include "analyzer/sigma/set_index.h"

struct set_work {
	uint64_t *met;
	uint64_t *maybe; /* rules that only words can still rule out */
	uint64_t found[FOUND]; /* zero between scans */
	uint64_t asked;
};

struct set_work *
set_work_new(const struct set *s)
{
	struct set_work *w = set_must(calloc(1, sizeof(*w)));

	w->met = set_must(calloc(SET_ROWS * set_words(s), sizeof(*w->met)));
	w->maybe = set_must(calloc(set_words(s), sizeof(*w->maybe)));
	return w;
}

void
set_work_free(struct set_work *w)
{
	if (w == NULL)
		return;
	free(w->met);
	free(w->maybe);
	free(w);
}

uint64_t
set_asked(const struct set_work *w)
{
	return w->asked;
}

static void
meet(struct set_work *w, const struct lists *l, uint32_t number)
{
	uint32_t i;

	for (i = l->start[number]; i < l->start[number + 1]; i++)
		set_put_bit(w->met, l->bit[i]);
}

static void
scan(struct set_work *w, const struct words *ws, struct span folded)
{
	size_t i, n;
	uint64_t bits;

	for (; ws != NULL; ws = ws->next) {
		if (!literals_scan(ws->t, folded, w->found))
			continue;
		n = ws->lists.n / 64 + 1;
		for (i = 0; i < n; i++)
			for (bits = w->found[i]; bits != 0; bits &= bits - 1)
				meet(w, &ws->lists,
				    (uint32_t)(i * 64 +
					(size_t)__builtin_ctzll(bits)));
		memset(w->found, 0, n * sizeof(*w->found));
	}
}

static void
look_up(const struct field_index *f, struct set_work *w, struct view *v,
    struct view_value *o)
{
	uint32_t number;
	size_t i;

	for (i = 0; i < f->n_present; i++)
		set_put_bit(w->met, f->present[i]);
	if (f->exact == NULL)
		return;
	number = exact_get(f->exact, view_folded(v, o));
	if (number != EXACT_NONE)
		meet(w, &f->by_exact, number);
}

/* Which rules may be asked yet, when words of that pace are not known. */
static void
find_maybe(const struct set_index *x, struct set_work *w,
    const uint64_t *routed, enum pace pace)
{
	const size_t *i, *end = x->used + x->n_used;
	const uint64_t *open = x->open[pace];
	uint64_t bits;
	size_t k;

	for (i = x->used; i < end; i++) {
		bits = ~w->met[SET_BAR * x->words + *i];
		if (routed != NULL)
			bits &= routed[*i];
		for (k = *i; k < WITNESS_MOST * x->words; k += x->words)
			bits &= w->met[k] | open[k];
		w->maybe[*i] = bits;
	}
}

/* Those without a thing of the lists that are closed. */
static void
rule_out(struct set_work *w, const struct field_index *f)
{
	const struct closing *c, *end = f->closes + f->n_closes;

	for (c = f->closes; c < end; c++)
		w->maybe[c->word] &= w->met[c->list] | ~c->bits;
}

static bool
is_awaited(const struct set_index *x, const struct set_work *w,
    const uint64_t *wanting)
{
	const size_t *i, *end = x->used + x->n_used;

	for (i = x->used; i < end; i++)
		if ((w->maybe[*i] & wanting[*i]) != 0)
			return true;
	return false;
}

static bool
is_wanted(const struct set_index *x, const struct set_work *w,
    const struct search *s)
{
	return s->words != NULL && is_awaited(x, w, s->wanting);
}

/* The text of an event is often the value of a field too. */
static bool
is_whole(struct view *v, struct view_value *o)
{
	if (o->text.p != v->whole.text.p || o->text.len != v->whole.text.len)
		return false;
	v->whole.folded = view_folded(v, o);
	return true;
}

static void
search_anywhere(const struct search *s, struct set_work *w, struct view *v)
{
	struct view_value *o;
	uint32_t i;

	for (i = 0; i < v->n; i++) {
		o = &v->v[i];
		if (!o->null && !is_whole(v, o))
			scan(w, s->words, view_folded(v, o));
	}
	if (v->whole.text.len > 0)
		scan(w, s->words, view_folded(v, &v->whole));
}

static void
search(const struct set_index *x, struct set_work *w, struct view *v,
    enum pace pace)
{
	const struct search *s;
	struct view_value *o;
	size_t i;

	if (!is_awaited(x, w, x->worded[pace]))
		return;
	for (i = 0; i < x->n_searched[pace]; i++) {
		o = view_first(v, x->searched[pace][i]);
		if (o == NULL)
			continue;
		s = &x->field[o->field]->search[pace];
		for (; o != NULL && is_awaited(x, w, s->wanting);
		     o = view_next(v, o))
			if (!o->null)
				scan(w, s->words, view_folded(v, o));
	}
	if (is_wanted(x, w, &x->anywhere[pace]))
		search_anywhere(&x->anywhere[pace], w, v);
}

/* What is derived, one after the other, while it still makes a difference. */
static void
look_up_derived(const struct set_index *x, struct set_work *w, struct view *v,
    const uint64_t *routed)
{
	struct view_value value = { .null = false };
	const struct field_index *f;
	size_t i;

	find_maybe(x, w, routed, PACE_DERIVED);
	for (i = 0; i < x->n_derived; i++) {
		f = x->field[x->derived[i]];
		if (!is_awaited(x, w, f->wanting))
			continue;
		value.text = view_derive(v, x->derived[i]);
		value.folded = span_make(NULL, 0);
		if (value.text.len > 0)
			look_up(f, w, v, &value);
		rule_out(w, f);
	}
}

static void
look(const struct set_index *x, struct set_work *w, struct view *v,
    const uint64_t *routed)
{
	struct view_value *o;
	enum pace pace;
	uint32_t i;

	memcpy(w->met, x->met, SET_ROWS * x->words * sizeof(*x->met));
	for (i = 0; i < v->n; i++) {
		o = &v->v[i];
		if (!o->null && o->field < x->set->nfield &&
		    x->field[o->field] != NULL)
			look_up(x->field[o->field], w, v, o);
	}
	if (x->n_derived > 0)
		look_up_derived(x, w, v, routed);
	for (pace = PACE_FAST; pace < PACES; pace++) {
		find_maybe(x, w, routed, pace);
		search(x, w, v, pace);
	}
}

/* Those of the rules of the 64 from number 64 * i on that need be asked. */
static inline uint64_t
candidates(const struct set_index *x, const struct set_work *w, size_t i)
{
	uint64_t bits = ~w->met[SET_BAR * x->words + i];
	size_t k;

	for (k = 0; k < WITNESS_MOST; k++)
		bits &= w->met[k * x->words + i];
	return bits;
}

static bool
fits(const struct set_member *d, struct view *v)
{
	return detection_match(d->first, v) &&
	    (d->also == NULL || detection_match(d->also, v));
}

size_t
set_match(const struct set_index *x, struct set_work *w, struct view *v,
    const uint64_t *routed, uint32_t *hit)
{
	const size_t *i, *end = x->used + x->n_used;
	size_t n = 0;
	uint64_t bits;
	uint32_t number;

	look(x, w, v, routed);
	for (i = x->used; i < end; i++) {
		bits = candidates(x, w, *i) &
		    (routed == NULL ? UINT64_MAX : routed[*i]);
		for (; bits != 0; bits &= bits - 1) {
			number = (uint32_t)(*i * 64 +
			    (size_t)__builtin_ctzll(bits));
			w->asked++;
			if (fits(&x->set->d[number], v))
				hit[n++] = number;
		}
	}
	return n;
}
