/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/set_split.h"

#include "analyzer/sigma/exact.h"

struct set_split {
	struct arena *arena;
	uint32_t field;
	struct exact *texts;
	size_t n;
	struct set_index **of;	 /* by text */
	struct set_index *other; /* of another one, or none */
	struct set_index *whole; /* of several */
};

struct set_split *
set_split_new(struct set *s, uint32_t field)
{
	struct arena *arena = arena_new();
	struct set_split *x = arena_alloc(arena, sizeof(*x));
	uint64_t *some = arena_alloc(arena, set_words(s) * sizeof(*some));
	const struct span *text;
	size_t i;

	x->arena = arena;
	x->field = field;
	x->n = set_texts(s, field, &text);
	x->texts = exact_new(x->n, arena);
	x->of = arena_alloc(arena, (x->n + 1) * sizeof(*x->of));
	for (i = 0; i < x->n; i++) {
		exact_add(x->texts, text[i]);
		set_select(s, field, text[i], some);
		x->of[i] = set_index_new(s, some);
	}
	set_select(s, field, (struct span){ NULL, 0 }, some);
	x->other = set_index_new(s, some);
	x->whole = set_index_new(s, NULL);
	return x;
}

void
set_split_free(struct set_split *x)
{
	size_t i;

	if (x == NULL)
		return;
	for (i = 0; i < x->n; i++)
		set_index_free(x->of[i]);
	set_index_free(x->other);
	set_index_free(x->whole);
	arena_free(x->arena);
}

const struct set_index *
set_split_of(const struct set_split *x, struct view *v)
{
	struct view_value *o = view_first(v, x->field);
	uint32_t number;

	if (o == NULL)
		return x->other;
	if (o->next != 0)
		return x->whole;
	if (o->null)
		return x->other;
	number = exact_get(x->texts, view_folded(v, o));
	return number == EXACT_NONE ? x->other : x->of[number];
}
