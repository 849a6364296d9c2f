/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/regex/regex_graph.h"

/* Counted repeats are written out up to here, then taken as unbounded. */
#define COPIES_SET 64
#define COPIES_GROUP 8

struct ends {
	uint64_t first[REGEX_GRAPH_WORDS], last[REGEX_GRAPH_WORDS];
	bool empty; /* may match nothing */
};

static struct ends build(struct regex_graph *g, const struct regex_node *n);

static size_t
copies(const struct regex_node *n)
{
	size_t limit = n->child->kind == REGEX_SET ? COPIES_SET : COPIES_GROUP;

	if (n->possessive)
		return 1;
	if (n->max == REGEX_MANY || (n->max > limit && n->min < n->max))
		return n->min < limit ? n->min > 0 ? n->min : 1 : limit;
	return n->max < limit ? n->max : limit;
}

/* How many places there will be, more than PLACES if too many. */
static size_t
count(const struct regex_node *n)
{
	const struct regex_node *c;
	size_t sum = 0;

	switch (n->kind) {
	case REGEX_EMPTY:
	case REGEX_LOOK:
		return 0;
	case REGEX_REPEAT:
		sum = n->possessive ? 1 : copies(n) * count(n->child);
		break;
	case REGEX_CAT:
	case REGEX_ALT:
		for (c = n->child; c != NULL; c = c->next)
			if ((sum += count(c)) > REGEX_GRAPH_PLACES)
				break;
		break;
	case REGEX_SET:
	case REGEX_BORDER:
	case REGEX_BEHIND:
	case REGEX_END:
	case REGEX_OPAQUE:
	case REGEX_ATOMIC:
		return 1;
	}
	return sum < REGEX_GRAPH_PLACES ? sum : REGEX_GRAPH_PLACES + 1;
}

bool
regex_graph_follows(const struct regex_graph *g, size_t p, size_t q)
{
	return g->follow[p * g->words + q / 64] >> q % 64 & 1;
}

struct regex_set
regex_graph_bytes(const struct regex_graph *g, size_t p, size_t q)
{
	const struct regex_place *a = &g->place[p], *b = &g->place[q];

	return p == q ? b->set : regex_set_less(b->set, a->never);
}

/* Let q follow p.  What nothing goes through is only remembered. */
static void
join(struct regex_graph *g, size_t p, size_t q)
{
	struct regex_place *a = &g->place[p], *b = &g->place[q];
	struct regex_set left = regex_set_less(b->set, a->never);
	uint64_t bit = UINT64_C(1) << q % 64;
	size_t w = p * g->words + q / 64;

	if (regex_set_none(&b->set)) {
		a->before_end |= b->before_end;
		a->before_opaque |= b->before_opaque;
		return;
	}
	if (regex_set_none(&left) || regex_set_none(&a->set))
		return;
	g->twice[w] |= g->follow[w] & bit;
	g->follow[w] |= bit;
}

static void
join_all(struct regex_graph *g, const uint64_t *last, const uint64_t *first)
{
	size_t i, j;
	uint64_t a, b;

	for (i = 0; i < g->words; i++)
		for (a = last[i]; a != 0; a &= a - 1)
			for (j = 0; j < g->words; j++)
				for (b = first[j]; b != 0; b &= b - 1)
					join(g,
					    i * 64 +
						(size_t)__builtin_ctzll(a),
					    j * 64 +
						(size_t)__builtin_ctzll(b));
}

static void
merge(uint64_t *to, const uint64_t *more)
{
	size_t i;

	for (i = 0; i < REGEX_GRAPH_WORDS; i++)
		to[i] |= more[i];
}

static struct ends
place(struct regex_graph *g, const struct regex_node *n, size_t *at)
{
	struct ends e = { .empty = false };
	struct regex_place *p = &g->place[g->n];

	*at = g->n++;
	p->from = n->from;
	p->to = n->to;
	if (n->kind == REGEX_SET)
		p->set = n->set;
	else if (n->kind == REGEX_END)
		p->before_end = true;
	else
		p->before_opaque = true;
	e.first[*at / 64] = e.last[*at / 64] = UINT64_C(1) << *at % 64;
	return e;
}

/* b behind a. */
static struct ends
chain(struct regex_graph *g, struct ends a, const struct ends *b)
{
	join_all(g, a.last, b->first);
	if (a.empty)
		merge(a.first, b->first);
	if (!b->empty)
		memset(a.last, 0, sizeof(a.last));
	merge(a.last, b->last);
	a.empty = a.empty && b->empty;
	return a;
}

static struct ends
list(struct regex_graph *g, const struct regex_node *n)
{
	struct ends all = { .empty = n->kind == REGEX_CAT }, e;
	const struct regex_node *c;

	for (c = n->child; c != NULL; c = c->next) {
		e = build(g, c);
		if (n->kind == REGEX_CAT) {
			all = chain(g, all, &e);
			continue;
		}
		merge(all.first, e.first);
		merge(all.last, e.last);
		all.empty |= e.empty;
	}
	return all;
}

/* X*+: one set is known exactly, else nothing goes through. */
static struct ends
possessive(struct regex_graph *g, const struct regex_node *n)
{
	struct regex_node whole = *n;
	struct ends e;
	size_t at;

	if (n->child->kind == REGEX_SET && n->max == REGEX_MANY) {
		whole.kind = REGEX_SET;
		whole.set = n->child->set;
	} else
		whole.kind = REGEX_OPAQUE;
	e = place(g, &whole, &at);
	if (whole.kind == REGEX_SET) {
		join(g, at, at);
		g->place[at].loop = true;
		g->place[at].never = whole.set;
	}
	e.empty = n->min == 0;
	return e;
}

static struct ends
repeat(struct regex_graph *g, const struct regex_node *n)
{
	struct ends all = { .empty = false }, e = all, before = all;
	size_t many = copies(n), i, from;
	bool open = n->max > many && n->min < n->max;

	if (n->possessive)
		return possessive(g, n);
	all.empty = n->min == 0;
	for (i = 0; i < many; i++) {
		from = g->n;
		e = build(g, n->child);
		if (i > 0)
			join_all(g, before.last, e.first);
		if (i == 0 || before.empty)
			merge(all.first, e.first);
		if (i == 0)
			all.empty |= e.empty;
		if (e.empty)
			merge(e.last, before.last);
		if (i + 1 >= n->min || e.empty)
			merge(all.last, e.last);
		e.empty &= i == 0 || before.empty;
		before = e;
		if (n->child->kind != REGEX_SET)
			continue;
		g->place[from].from = n->from;
		g->place[from].to = n->to;
	}
	if (many > 0 && open)
		join_all(g, e.last, e.first);
	if (many > 0 && open && n->child->kind == REGEX_SET)
		g->place[g->n - 1].loop = n->max == REGEX_MANY;
	return all;
}

static struct ends
build(struct regex_graph *g, const struct regex_node *n)
{
	struct ends e = { .empty = true };
	size_t at;

	switch (n->kind) {
	case REGEX_EMPTY:
	case REGEX_LOOK:
		return e;
	case REGEX_REPEAT:
		return repeat(g, n);
	case REGEX_CAT:
	case REGEX_ALT:
		return list(g, n);
	case REGEX_SET:
	case REGEX_BORDER:
	case REGEX_BEHIND:
	case REGEX_END:
	case REGEX_OPAQUE:
	case REGEX_ATOMIC:
		break;
	}
	return place(g, n, &at);
}

bool
regex_graph_make(const struct regex_node *tree, struct arena *a,
    struct regex_graph *g)
{
	size_t n = count(tree), i;
	struct ends e;

	if (n > REGEX_GRAPH_PLACES)
		return false;
	memset(g, 0, sizeof(*g));
	g->words = n / 64 + 1;
	g->place = arena_alloc(a, (n + 1) * sizeof(*g->place));
	g->follow = arena_alloc(a, (n + 1) * g->words * 8);
	g->twice = arena_alloc(a, (n + 1) * g->words * 8);
	e = build(g, tree);
	for (i = 0; i < g->n; i++) {
		g->place[i].first = e.first[i / 64] >> i % 64 & 1;
		g->place[i].last = e.last[i / 64] >> i % 64 & 1;
	}
	return true;
}
