/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/set_split.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "analyzer/sigma/exact.h"

typedef _Atomic(struct set_index *) index_slot; /* NULL: not made yet */

struct set_split {
	struct arena *arena;
	const struct set *set;
	uint32_t field;
	const struct span *text;
	struct exact *texts;
	size_t n;
	index_slot *of; /* by text, then OTHER and WHOLE */
	uint64_t *some; /* which an index is made over */
	pthread_mutex_t making;
};

#define OTHER(x) (x)->n		/* events with another value, or none */
#define WHOLE(x) ((x)->n + 1) /* or with several */

struct set_split *
set_split_new(struct set *s, uint32_t field)
{
	struct arena *arena = arena_new();
	struct set_split *x = arena_alloc(arena, sizeof(*x));
	size_t i;

	x->arena = arena;
	x->set = s;
	x->field = field;
	x->n = set_texts(s, field, &x->text);
	x->texts = exact_new(x->n, arena);
	x->of = arena_alloc(arena, (x->n + 2) * sizeof(*x->of));
	x->some = arena_alloc(arena, set_words(s) * sizeof(*x->some));
	for (i = 0; i < x->n; i++)
		exact_add(x->texts, x->text[i]);
	for (i = 0; i < x->n + 2; i++)
		atomic_init(&x->of[i], NULL);
	if (pthread_mutex_init(&x->making, NULL) != 0)
		abort();
	return x;
}

void
set_split_free(struct set_split *x)
{
	size_t i;

	if (x == NULL)
		return;
	for (i = 0; i < x->n + 2; i++)
		set_index_free(atomic_load(&x->of[i]));
	pthread_mutex_destroy(&x->making);
	arena_free(x->arena);
}

/* Most sites have a few of the kinds that rules speak of. */
static struct set_index *
make(struct set_split *x, size_t i)
{
	const struct span none = { NULL, 0 };
	struct set_index *made;

	pthread_mutex_lock(&x->making);
	made = atomic_load(&x->of[i]);
	if (made == NULL && i == WHOLE(x))
		made = set_index_new(x->set, NULL);
	else if (made == NULL) {
		set_select(x->set, x->field, i == OTHER(x) ? none : x->text[i],
		    x->some);
		made = set_index_new(x->set, x->some);
	}
	atomic_store_explicit(&x->of[i], made, memory_order_release);
	pthread_mutex_unlock(&x->making);
	return made;
}

static size_t
which(const struct set_split *x, struct view *v)
{
	struct view_value *o = view_first(v, x->field);
	uint32_t number;

	if (o == NULL)
		return OTHER(x);
	if (o->next != 0)
		return WHOLE(x);
	if (o->null)
		return OTHER(x);
	number = exact_get(x->texts, view_folded(v, o));
	return number == EXACT_NONE ? OTHER(x) : number;
}

const struct set_index *
set_split_of(struct set_split *x, struct view *v)
{
	size_t i = which(x, v);
	const struct set_index *made =
	    atomic_load_explicit(&x->of[i], memory_order_acquire);

	return made != NULL ? made : make(x, i);
}
