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
			   span_same(span_make(v.p, t->value[0].len),
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

/* Where a line stands: before which node, and behind which of its fields. */
struct stand {
	const struct node *n;
	struct event_field *f;
};

/* A field gets what there was, if one does. */
static inline struct stand
put(const struct node *n, enum memo_outcome outcome, struct span value,
    struct event_field *f)
{
	if (n->field[outcome] != ECS_COUNT)
		*f++ = (struct event_field){ n->field[outcome], value };
	return (struct stand){ n->to[outcome], f };
}

/* What a map made of a value, if it is a constant of the map. */
static void
remember(struct mapped *last, struct span from, struct span value)
{
	if (from.len <= 16 && value.len > 0 && value.p != from.p)
		*last = (struct mapped){ memo_ends(from), from.len, value };
}

/* Whatever is to be converted; on its own, so that most need no memory. */
static __attribute__((noinline)) struct stand
convert_any(const struct node *n, struct line *l, struct event_field *f)
{
	struct span from = l->in[n->slot], text = from,
		    value = line_value(n->what, &text, l->a);

	if (n->kind == NODE_MAP)
		remember(n->mapped, from, value);
	if (value.len > 0)
		return put(n, MEMO_VALUE, value, f);
	return put(n, text.len > 0 ? MEMO_TEXT : MEMO_NEITHER, text, f);
}

/*
 * Numbers and addresses that need no conversion, and values that a map was
 * asked for last, are most of what there is.
 */
static inline struct stand
convert(const struct node *n, struct line *l, struct event_field *f)
{
	const struct span text = l->in[n->slot];
	struct span value = text;
	struct ends ends;

	if (n->kind == NODE_NUMBER) {
		if (!convert_is_number(text))
			return convert_any(n, l, f);
	} else if (n->kind == NODE_IP) {
		value = convert_ip(text);
		if (value.len == 0)
			return convert_any(n, l, f);
	} else if (n->kind == NODE_MAP) {
		ends = memo_ends(text);
		if (n->mapped->len != text.len ||
		    n->mapped->ends.first != ends.first ||
		    n->mapped->ends.last != ends.last)
			return convert_any(n, l, f);
		value = n->mapped->value;
	} else
		return convert_any(n, l, f);
	return put(n, MEMO_VALUE, value, f);
}

/* From the root as far as the answers are there: the end, or NULL. */
static const struct node *
walk(const struct node *n, struct line *l)
{
	struct event_field *f = l->e->f;
	const struct edge *e;
	struct stand next;
	struct answer a;

	while (n != NULL) {
		if (n->ngiven > 0)
			f = give(l, n, f);
		if (n->kind >= NODE_OP) {
			next = convert(n, l, f);
			n = next.n;
			f = next.f;
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
