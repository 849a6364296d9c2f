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
		l->in[l->used[--l->nused]] = (struct span){ NULL, 0 };
}

static void
give(struct line *l, const struct given *g, const struct given *end)
{
	struct event *e = l->e;
	struct span value;

	for (; g < end; g++) {
		l->at[g->field] = 1;
		if (g->kind == GIVEN_SLOT)
			value = l->in[g->slot];
		else if (g->kind == GIVEN_TEXT)
			value = span_make(g->p, g->len);
		else if (g->kind == GIVEN_TEMPLATE)
			value = line_text(l, g->p);
		else
			continue;
		event_add(e, (enum ecs)g->field, value);
	}
}

/* One word that an input may have in it is most of what is tested. */
static inline bool
asks(const struct test *t, const struct line *l)
{
	struct span v = l->in[t->slot];

	if (t->how == TEST_CONTAINS && t->n == 1 && v.len > 0)
		return (find_part(v, t->value[0]) != NULL) != t->negate;
	return line_asks(l, t);
}

/* Ask, and run what has to be run for the answer. */
static struct answer
ask(const struct node *n, struct line *l)
{
	const struct case_list *list = n->what;
	size_t inputs = l->nused;
	struct answer a = { .number = 0 };

	switch ((enum node_kind)n->kind) {
	case NODE_VALUE:
		a.bytes = l->in[n->slot];
		break;
	case NODE_TEST:
		a.number = asks(n->what, l);
		break;
	case NODE_CASE:
		a.number = names_find(list->index, l->in[list->by]);
		break;
	case NODE_STEP:
		a.number = step_do(n->what, l);
		a.bytes = memo_inputs(l, inputs);
		break;
	case NODE_MATCH:
		a.number = (uintptr_t)step_match(n->what, l);
		a.bytes = memo_inputs(l, inputs);
		break;
	case NODE_OP:
	case NODE_NUMBER:
	case NODE_IP:
	case NODE_KNOWN:
	case NODE_UNKNOWN:
		break;
	}
	return a;
}

static inline bool
is_number(struct span s)
{
	size_t i = 0;

	if (s.len - 1 > 18 || (s.p[0] == '0' && s.len > 1))
		return false;
	while (i < s.len && s.p[i] - (unsigned)'0' <= 9)
		i++;
	return i == s.len;
}

/* Numbers and addresses that need no conversion are most of what there is. */
static inline struct span
value_of(const struct node *n, struct span *text, struct arena *a)
{
	if (n->kind == NODE_NUMBER && is_number(*text))
		return *text;
	if (n->kind == NODE_IP)
		return convert_ip(*text);
	return line_value(n->what, text, a);
}

static inline const struct edge *
convert(const struct node *n, struct line *l)
{
	struct span text = l->in[n->slot], value = value_of(n, &text, l->a);
	uint64_t number = value.len > 0;
	const struct edge *e = n->edge;

	while (e != NULL && e->number != number)
		e = e->next;
	if (e == NULL || e->field == ECS_COUNT)
		return e;
	l->at[e->field] = 1;
	event_add(l->e, (enum ecs)e->field, number ? value : text);
	return e;
}

/* From the root as far as the answers are there: the end, or NULL. */
static const struct node *
walk(const struct node *n, struct line *l)
{
	const struct edge *e;
	struct answer a;

	for (;;) {
		give(l, n->given, n->given + n->ngiven);
		if (n->kind <= NODE_UNKNOWN)
			return n;
		if (n->kind >= NODE_OP)
			e = convert(n, l);
		else {
			a = ask(n, l);
			e = memo_edge(n, &a);
		}
		if (e == NULL)
			return NULL;
		n = e->to;
	}
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
		l->e->n = 0;
		l->e->dropped = 0;
		l->fault = fault;
		memset(l->at, 0, sizeof(l->at));
		take_back(l, begin);
		return MEMO_NONE;
	}
	r->followed++;
	m->followed++;
	return end->kind == NODE_KNOWN ? MEMO_KNOWN : MEMO_UNKNOWN;
}
