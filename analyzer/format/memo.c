/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/memo.h"

#include <stdlib.h>

#include "analyzer/format/memo_tree.h"
#include "analyzer/format/step.h"
#include "common/find.h"

struct memo *
memo_new(size_t nformat)
{
	struct memo *m = calloc(1, sizeof(*m));

	if (m == NULL)
		abort();
	m->a = arena_new_lasting();
	m->root = calloc(MEMO_ROOTS, sizeof(*m->root));
	m->varied = calloc(nformat + 1, sizeof(*m->varied));
	if (m->root == NULL || m->varied == NULL)
		abort();
	return m;
}

void
memo_free(struct memo *m)
{
	if (m == NULL)
		return;
	arena_free(m->a);
	free(m->root);
	free(m->varied);
	free(m);
}

uint64_t
memo_followed(const struct memo *m)
{
	return m->followed;
}

uint64_t
memo_made(const struct memo *m)
{
	return m->made;
}

static void
take_back(struct line *l, size_t n)
{
	while (l->nused > n)
		l->in[l->used[--l->nused]].len = 0;
}

/*
 * What fields get before the question of n, from f on; some do.  All of it has
 * bytes, and there is room: the line by which the way was made was like this
 * one.
 */
static inline struct event_field *
give(struct line *l, const struct node *n, struct event_field *f)
{
	const struct given *g = n->given, *end = g + n->ngiven;

	do {
		f->field = g->field;
		f->value = g->value != NULL ? *g->value : line_text(l, g->text);
		f++;
	} while (++g < end);
	return f;
}

/* One word that an input may have in it, or in front, is most of the tests. */
static inline bool
asks(const struct test *t, const struct line *l)
{
	struct span v = l->in[t->slot];

	if (t->how == TEST_STARTS && t->n == 1 && v.len > 0)
		return (v.len >= t->value[0].len &&
			   names_same(span_make(v.p, t->value[0].len),
			       t->value[0])) != t->negate;
	if (t->how == TEST_CONTAINS && t->n == 1 && v.len > 0)
		return (find_part(v, t->value[0]) != NULL) != t->negate;
	return line_asks(l, t);
}

/* Ask what has more than a few answers; run what has to be run for it. */
static inline struct answer
ask(const struct node *n, struct line *l)
{
	const struct case_list *list = n->what;
	size_t inputs = l->nused;
	struct answer a = { .number = 0 };

	if (n->kind == NODE_CASE)
		a.number = names_find(list->index, l->in[list->by]);
	else if (n->kind == NODE_STEP)
		a.number = step_do(n->what, l);
	else
		a.number = (uintptr_t)step_match(n->what, l);
	a.bytes = memo_inputs(l, inputs);
	return a;
}

/* A constant of the map; what it keeps as it is, is looked for again. */
static inline struct span
map_value(const struct node *n, struct span *text, struct arena *a)
{
	struct mapped *last = n->mapped;
	struct ends ends = memo_ends(*text);
	struct span from = *text, value;

	if (last->len == from.len && last->ends.first == ends.first &&
	    last->ends.last == ends.last)
		return last->value;
	value = line_value(n->what, text, a);
	if (from.len <= 16 && value.len > 0 && value.p != from.p)
		*last = (struct mapped){ ends, from.len, value };
	return value;
}

/* Numbers and addresses that need no conversion are most of what there is. */
static inline struct span
value_of(const struct node *n, struct span *text, struct arena *a)
{
	if (n->kind == NODE_NUMBER && convert_is_number(*text))
		return *text;
	if (n->kind == NODE_IP)
		return convert_ip(*text);
	if (n->kind == NODE_MAP)
		return map_value(n, text, a);
	return line_value(n->what, text, a);
}

/* Where it leads; *f gets what there was, if a field does. */
static inline const struct node *
convert(const struct node *n, struct line *l, struct event_field **f)
{
	struct span text = l->in[n->slot], value = value_of(n, &text, l->a);
	enum memo_outcome outcome;

	if (value.len > 0) {
		if (n->field[MEMO_VALUE] != ECS_COUNT)
			*(*f)++ = (struct event_field){ n->field[MEMO_VALUE],
				value };
		return n->to[MEMO_VALUE];
	}
	outcome = text.len > 0 ? MEMO_TEXT : MEMO_NEITHER;
	if (n->field[outcome] != ECS_COUNT)
		*(*f)++ = (struct event_field){ n->field[outcome], text };
	return n->to[outcome];
}

/* From the root as far as the answers are there: the end, or NULL. */
static const struct node *
walk(const struct node *n, struct line *l)
{
	struct event_field *f = l->e->f;
	const struct edge *e;
	struct answer a;

	while (n != NULL) {
		if (n->ngiven > 0)
			f = give(l, n, f);
		if (n->kind >= NODE_OP) {
			n = convert(n, l, &f);
			continue;
		}
		if (n->kind == NODE_TEST) {
			n = n->to[asks(n->what, l)];
			continue;
		}
		if (n->kind <= NODE_UNKNOWN) {
			l->e->n = (size_t)(f - l->e->f);
			return n;
		}
		a = n->kind == NODE_VALUE ? (struct answer){ 0, l->in[n->slot] }
					  : ask(n, l);
		e = memo_edge(n, &a);
		n = e == NULL ? NULL : e->to;
	}
	return NULL;
}

enum memo_answer
memo_follow(struct memo *m, struct line *l, enum memo_stage stage)
{
	uint64_t hash = memo_hash(l, stage);
	struct root *r = memo_root(m, hash);
	size_t begin = l->nused;
	const char *fault = l->fault;
	const struct node *end;

	if (r->node == NULL || !memo_is_root(r, hash, l, stage))
		return MEMO_NONE;
	end = walk(r->node, l);
	if (end == NULL) {
		l->fault = fault;
		take_back(l, begin);
		return MEMO_NONE;
	}
	r->followed++;
	m->followed++;
	if (end->kind == NODE_UNKNOWN)
		return MEMO_UNKNOWN;
	memcpy(l->at, end->what, sizeof(l->at));
	return MEMO_KNOWN;
}
