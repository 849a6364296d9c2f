/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdlib.h>
#include <string.h>

#include "analyzer/sigma/set_index.h"

static uint32_t
bit_of(const struct set_index *x, const struct set_need *n)
{
	return (uint32_t)(n->list * x->words * 64 + n->rule);
}

static struct field_index *
field_of(struct set_index *x, uint32_t field)
{
	if (x->field[field] == NULL)
		x->field[field] =
		    arena_alloc(x->arena, sizeof(struct field_index));
	return x->field[field];
}

static bool
is_new(const struct set_need *v, size_t i)
{
	return i == 0 || !span_eq(v[i].w.text, v[i - 1].w.text);
}

/* Lists of the n needs from v on, whose texts are numbered as they come. */
static void
make_lists(struct set_index *x, const struct set_need *v, size_t n,
    struct lists *l)
{
	size_t i;

	l->start = arena_alloc(x->arena, (n + 1) * sizeof(*l->start));
	l->bit = arena_alloc(x->arena, n * sizeof(*l->bit));
	for (i = 0; i < n; i++) {
		if (is_new(v, i))
			l->start[l->n++] = (uint32_t)i;
		l->bit[i] = bit_of(x, &v[i]);
	}
	l->start[l->n] = (uint32_t)n;
}

/* As many of v as one automaton takes: how many needs it took. */
static size_t
make_words(struct set_index *x, const struct set_need *v, size_t n,
    struct words **to)
{
	struct words *ws = arena_alloc(x->arena, sizeof(*ws));
	struct literals_word *word;
	size_t i, bytes = 0, count = 0;

	word = set_must(calloc(n, sizeof(*word)));
	for (i = 0; i < n; i++) {
		if (!is_new(v, i))
			continue;
		if ((bytes += v[i].w.text.len) > WORDS_BYTES)
			break;
		word[count] = (struct literals_word){ v[i].w.text,
			(uint32_t)count };
		count++;
	}
	ws->t = set_must(literals_make(x->arena, word, count));
	make_lists(x, v, i, &ws->lists);
	free(word);
	ws->next = *to;
	*to = ws;
	return i;
}

static void
make_exact(struct set_index *x, const struct set_need *v, size_t n,
    struct field_index *f)
{
	size_t i;

	f->exact = exact_new(n, x->arena);
	make_lists(x, v, n, &f->by_exact);
	for (i = 0; i < n; i++) {
		if (is_new(v, i))
			exact_add(f->exact, v[i].w.text);
	}
}

static bool
is_long(const struct set_need *n)
{
	return n->w.text.len >= LITERALS_LONG;
}

/* Whether the long ones of v are so few that they are found fast. */
static bool
is_fast(const struct set_need *v, size_t n)
{
	size_t i, count = 0;

	for (i = 0; i < n; i++)
		count += is_new(v, i) && is_long(&v[i]);
	return count > 0 && count <= LITERALS_FEW;
}

/* Words, in as many automata as it takes, and who looks for them. */
static void
make_search(struct set_index *x, const struct set_need *v, size_t n,
    enum pace pace, struct search *to)
{
	size_t i, k;

	if (n == 0)
		return;
	to->wanting = arena_alloc(x->arena, x->words * sizeof(*to->wanting));
	for (i = 0; i < n; i++) {
		set_put_bit(to->wanting, v[i].rule);
		set_put_bit(x->worded[pace], v[i].rule);
		for (k = 0; k <= pace; k++)
			set_put_bit(x->open[k], bit_of(x, &v[i]));
	}
	for (i = 0; i < n;)
		i += make_words(x, v + i, n - i, &to->words);
}

static void
make_searches(struct set_index *x, const struct set_need *v, size_t n,
    struct search *to)
{
	struct set_need *part = set_must(calloc(n, sizeof(*part)));
	bool fast = is_fast(v, n);
	size_t i, nfast = 0, nslow = n;

	/* Both in the order that they have. */
	for (i = 0; i < n; i++)
		if (fast && is_long(&v[i]))
			part[nfast++] = v[i];
	for (i = n; i-- > 0;)
		if (!fast || !is_long(&v[i]))
			part[--nslow] = v[i];
	make_search(x, part, nfast, PACE_FAST, &to[PACE_FAST]);
	make_search(x, part + nfast, n - nfast, PACE_SLOW, &to[PACE_SLOW]);
	free(part);
}

/* They may yet be met when values have been looked up. */
static void
note_derived(struct set_index *x, const struct set_need *v, size_t n)
{
	struct field_index *f = field_of(x, v->w.field);
	size_t i;

	if (f->wanting == NULL) {
		f->wanting =
		    arena_alloc(x->arena, x->words * sizeof(*f->wanting));
		x->derived[x->n_derived++] = v->w.field;
	}
	for (i = 0; i < n; i++) {
		set_put_bit(f->wanting, v[i].rule);
		set_put_bit(x->open[PACE_DERIVED], bit_of(x, &v[i]));
	}
}

/* Those lists of the rules that want a field which nothing later may meet. */
static void
make_closes(struct set_index *x, const struct set_need *v, size_t n)
{
	uint64_t *later = set_must(calloc(SET_ROWS * x->words, sizeof(*later)));
	uint64_t *bits = set_must(calloc(SET_ROWS * x->words, sizeof(*bits)));
	struct field_index *f;
	size_t i, k;

	memcpy(later, x->open[PACE_FAST],
	    WITNESS_MOST * x->words * sizeof(*later));
	for (i = x->n_derived; i-- > 0;) {
		f = x->field[x->derived[i]];
		memset(bits, 0, SET_ROWS * x->words * sizeof(*bits));
		for (k = 0; k < n; k++)
			if (v[k].w.field == x->derived[i])
				set_put_bit(bits, bit_of(x, &v[k]));
		f->closes = arena_alloc(x->arena,
		    WITNESS_MOST * x->words * sizeof(*f->closes));
		for (k = 0; k < WITNESS_MOST * x->words; k++) {
			if ((bits[k] & ~later[k]) != 0)
				f->closes[f->n_closes++] = (struct closing){
					k % x->words, k, bits[k] & ~later[k] };
			later[k] |= bits[k];
		}
	}
	free(later);
	free(bits);
}

/* Needs of one field and one kind. */
static void
make_kind(struct set_index *x, const struct set_need *v, size_t n)
{
	struct field_index *f;
	size_t i;

	if (v[0].w.kind != WITNESS_ANYWHERE && v[0].w.field >= x->set->nfield)
		note_derived(x, v, n);
	switch (v[0].w.kind) {
	case WITNESS_WORD:
		f = field_of(x, v[0].w.field);
		make_searches(x, v, n, f->search);
		return;
	case WITNESS_EXACT:
		make_exact(x, v, n, field_of(x, v[0].w.field));
		return;
	case WITNESS_PRESENT:
		f = field_of(x, v[0].w.field);
		f->present = arena_alloc(x->arena, n * sizeof(*f->present));
		f->n_present = n;
		for (i = 0; i < n; i++)
			f->present[i] = bit_of(x, &v[i]);
		return;
	case WITNESS_ANYWHERE:
		break;
	}
	make_searches(x, v, n, x->anywhere);
}

static void
note_searched(struct set_index *x)
{
	const struct field_index *f;
	uint32_t i;
	size_t k;

	for (i = 0; i < x->set->nfield; i++)
		for (f = x->field[i], k = PACE_FAST; f != NULL && k < PACES;
		     k++)
			if (f->search[k].words != NULL)
				x->searched[k][x->n_searched[k]++] = i;
}

/* The needs of those that are in it, in the set's order. */
static struct set_need *
select_needs(const struct set *s, const uint64_t *some, size_t *n)
{
	struct set_need *v = set_must(calloc(s->nneed + 1, sizeof(*v)));
	size_t i;

	for (i = *n = 0; i < s->nneed; i++)
		if (some == NULL || set_has_bit(some, s->need[i].rule))
			v[(*n)++] = s->need[i];
	return v;
}

struct set_index *
set_index_new(const struct set *s, const uint64_t *some)
{
	struct set_index *x = set_must(calloc(1, sizeof(*x)));
	struct set_need *v;
	size_t i, k, from, n;

	x->set = s;
	x->arena = arena_new();
	x->words = set_words(s);
	x->field = set_must(calloc(s->nfield + s->nderived + 1,
	    sizeof(struct field_index *)));
	x->derived =
	    arena_alloc(x->arena, (s->nderived + 1) * sizeof(*x->derived));
	x->met = set_must(calloc(SET_ROWS * x->words, sizeof(*x->met)));
	for (k = 0; k < PACES; k++) {
		x->open[k] = arena_alloc(x->arena,
		    WITNESS_MOST * x->words * sizeof(uint64_t));
		if (k == PACE_DERIVED) /* no words are looked for in it */
			continue;
		x->worded[k] =
		    arena_alloc(x->arena, x->words * sizeof(uint64_t));
		x->searched[k] = arena_alloc(x->arena,
		    (s->nfield + 1) * sizeof(uint32_t));
	}
	for (i = 0; i < s->n; i++)
		for (k = s->lists[i]; k < WITNESS_MOST; k++)
			if (some == NULL || set_has_bit(some, i))
				set_put_bit(x->met + k * x->words, i);
	x->used = arena_alloc(x->arena, x->words * sizeof(*x->used));
	for (i = 0; i < x->words; i++)
		if (some == NULL || some[i] != 0)
			x->used[x->n_used++] = i;
	v = select_needs(s, some, &n);
	for (i = from = 0; i < n; i++) {
		if (i + 1 < n && v[i + 1].w.field == v[from].w.field &&
		    v[i + 1].w.kind == v[from].w.kind)
			continue;
		make_kind(x, v + from, i + 1 - from);
		from = i + 1;
	}
	make_closes(x, v, n);
	note_searched(x);
	free(v);
	return x;
}

void
set_index_free(struct set_index *x)
{
	if (x == NULL)
		return;
	free(x->field);
	free(x->met);
	arena_free(x->arena);
	free(x);
}
