/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/regex/regex_lint.h"

#include "analyzer/regex/regex_graph.h"

/*
 * A repeat is astray if one text leads around it, from a place back to that
 * place, by two ways: n rounds then have 2^n ways, and a line that does not
 * match has them all tried.  Two ways are a pair of places that may follow
 * each other twice, or two places reached at once and left at once, which a
 * walk over pairs of places finds.
 */
#define WORK 4000000 /* comparisons of one expression, then it passes */

struct lint {
	struct span regex;
	struct arena *a;
	struct span part;
	enum regex_lint_fault fault;
	size_t work;
};

struct walk {
	const struct regex_graph *g;
	const uint64_t *reach;
	uint8_t *seen;	/* of pairs */
	size_t *todo;
	size_t n;
};

static enum regex_lint_fault check(struct lint *l, const struct regex_node *n,
    const struct regex_node *root);

/* The first bit of n words that is set from there on; 64 * n: none is. */
static size_t
next_bit(const uint64_t *row, size_t n, size_t from)
{
	size_t i = from / 64;
	uint64_t w;

	if (i >= n)
		return 64 * n;
	for (w = row[i] >> from % 64 << from % 64; w == 0; w = row[i])
		if (++i == n)
			return 64 * n;
	return i * 64 + (size_t)__builtin_ctzll(w);
}

/* Add what those that follow i come to; whether that is more than it was. */
static bool
spread(const struct regex_graph *g, uint64_t *reach, size_t i)
{
	uint64_t *to = reach + i * g->words, more = 0, was;
	const uint64_t *row = g->follow + i * g->words;
	size_t k, w;

	for (k = next_bit(row, g->words, 0); k < g->n;
	     k = next_bit(row, g->words, k + 1))
		for (w = 0; w < g->words; w++) {
			was = to[w];
			to[w] |= reach[k * g->words + w];
			more |= was ^ to[w];
		}
	return more != 0;
}

/*
 * Which places can come to which at all.  Nearly all that follows stands
 * further on, so from the end one pass does; what leads back takes another.
 */
static uint64_t *
closure(struct lint *l, const struct regex_graph *g)
{
	uint64_t *reach = arena_alloc(l->a, g->n * g->words * 8 + 8);
	bool more;
	size_t i;

	memcpy(reach, g->follow, g->n * g->words * 8);
	do {
		more = false;
		for (i = g->n; i > 0; i--)
			more |= spread(g, reach, i - 1);
	} while (more);
	return reach;
}

static bool
together(const struct walk *w, size_t p, size_t q)
{
	size_t words = w->g->words;

	return (w->reach[p * words + q / 64] >> q % 64 & 1) &&
	    (w->reach[q * words + p / 64] >> p % 64 & 1);
}

/* The smallest repeat of more than one byte around [from, to). */
static const struct regex_node *
around(const struct regex_node *n, size_t from, size_t to)
{
	const struct regex_node *c, *found = NULL;

	if (n->from > from || n->to < to)
		return NULL;
	for (c = n->child; c != NULL && found == NULL; c = c->next)
		found = around(c, from, to);
	if (found == NULL && n->kind == REGEX_REPEAT && n->max > 1 &&
	    n->child->kind != REGEX_SET)
		return n;
	return found;
}

static void
blame(struct lint *l, enum regex_lint_fault fault, size_t from, size_t to)
{
	l->fault = fault;
	l->part = span_sub(l->regex, from, to - from);
}

static enum regex_lint_fault
nested(struct lint *l, const struct regex_node *root,
    const struct regex_place *p, const struct regex_place *q)
{
	size_t from = p->from < q->from ? p->from : q->from;
	size_t to = p->to > q->to ? p->to : q->to;
	const struct regex_node *n = around(root, from, to);

	if (n != NULL)
		blame(l, REGEX_LINT_NESTED, n->from, n->to);
	else
		blame(l, REGEX_LINT_NESTED, from, to);
	return l->fault;
}

/* Go on from p and q at once; true if they can meet again. */
static bool
step(struct lint *l, struct walk *w, size_t p, size_t q)
{
	const struct regex_graph *g = w->g;
	const uint64_t *of_p = g->follow + p * g->words;
	const uint64_t *of_q = g->follow + q * g->words;
	struct regex_set both, a;
	size_t i, j;

	for (i = next_bit(of_p, g->words, 0); i < g->n;
	     i = next_bit(of_p, g->words, i + 1)) {
		if (!together(w, p, i))
			continue;
		a = regex_graph_bytes(g, p, i);
		l->work += g->n;
		for (j = next_bit(of_q, g->words, p == q ? i + 1 : 0); j < g->n;
		     j = next_bit(of_q, g->words, j + 1)) {
			if (!together(w, p, j))
				continue;
			both = regex_set_both(a, regex_graph_bytes(g, q, j));
			if (regex_set_none(&both))
				continue;
			if (i == j)
				return true;
			if (w->seen[i * g->n + j] || w->seen[j * g->n + i])
				continue;
			w->seen[i * g->n + j] = 1;
			w->todo[w->n++] = i * g->n + j;
		}
	}
	return false;
}

static enum regex_lint_fault
check_pairs(struct lint *l, const struct regex_graph *g, struct walk *w,
    const struct regex_node *root)
{
	size_t p, q, pair;

	w->seen = arena_alloc(l->a, g->n * g->n + 1);
	w->todo = arena_alloc(l->a, (g->n * g->n + 1) * sizeof(*w->todo));
	for (p = 0; p < g->n && l->work < WORK; p++)
		if (together(w, p, p))
			step(l, w, p, p);
	while (w->n > 0 && l->work < WORK) {
		pair = w->todo[--w->n];
		p = pair / g->n;
		q = pair % g->n;
		if (step(l, w, p, q))
			return nested(l, root, &g->place[p], &g->place[q]);
	}
	return REGEX_LINT_OK;
}

/* Does any place stand in a cycle with another one? */
static bool
has_cycle(const struct walk *w)
{
	size_t words = w->g->words, p, q;
	const uint64_t *row;

	for (p = 0; p < w->g->n; p++) {
		row = w->reach + p * words;
		for (q = next_bit(row, words, 0); q < p;
		     q = next_bit(row, words, q + 1))
			if (together(w, p, q))
				return true;
	}
	return false;
}

static enum regex_lint_fault
check_nested(struct lint *l, const struct regex_graph *g,
    const struct regex_node *root)
{
	struct walk w = { .g = g, .reach = closure(l, g) };
	const uint64_t *row;
	size_t p, q;

	for (p = 0; p < g->n; p++) {
		row = g->twice + p * g->words;
		for (q = next_bit(row, g->words, 0); q < g->n;
		     q = next_bit(row, g->words, q + 1))
			if (together(&w, p, q))
				return nested(l, root, &g->place[p],
				    &g->place[q]);
	}
	return has_cycle(&w) ? check_pairs(l, g, &w, root) : REGEX_LINT_OK;
}

/* Whether what comes behind q may be missing: only then is all tried. */
static bool
can_fail(const struct regex_graph *g, size_t q)
{
	const struct regex_place *p = &g->place[q];
	size_t i;

	if (p->last)
		return false;
	if (p->before_opaque || (p->before_end && !regex_set_all(&p->set)))
		return true;
	for (i = 0; i < g->n; i++)
		if (i != q && regex_graph_follows(g, q, i))
			return true;
	return false;
}

/* Two repeats side by side, and the bytes that both take. */
static struct regex_set
shared(const struct regex_graph *g, size_t p, size_t q)
{
	struct regex_set none = { { 0 } };

	if (p == q || !g->place[p].loop || !g->place[q].loop ||
	    !regex_graph_follows(g, p, q))
		return none;
	return regex_set_both(g->place[p].set, regex_graph_bytes(g, p, q));
}

/* The next that follows p, from there on. */
static size_t
next_of(const struct regex_graph *g, size_t p, size_t from)
{
	return next_bit(g->follow + p * g->words, g->words, from);
}

/* A third repeat behind p and q that takes some of these bytes too. */
static bool
goes_on(const struct regex_graph *g, size_t p, size_t q, struct regex_set *s)
{
	struct regex_set more;
	size_t r;

	for (r = next_of(g, q, 0); r < g->n; r = next_of(g, q, r + 1)) {
		more = shared(g, q, r);
		more = regex_set_both(more, *s);
		if (r != p && !regex_set_none(&more) && can_fail(g, r))
			return true;
	}
	return false;
}

/*
 * Two repeats of the same bytes are never meant.  Of different ones that
 * overlap, two are tolerable on a line; with a third, or begun anew at each
 * byte of the line, they are not.
 */
static enum regex_lint_fault
check_adjacent(struct lint *l, const struct regex_graph *g)
{
	const struct regex_place *a, *b;
	struct regex_set both;
	size_t p, q;

	for (p = 0; p < g->n; p++) {
		if (!g->place[p].loop)
			continue;
		for (q = next_of(g, p, 0); q < g->n;
		     q = next_of(g, p, q + 1)) {
			both = shared(g, p, q);
			a = &g->place[p];
			b = &g->place[q];
			if (regex_set_none(&both) || b->to <= a->from)
				continue;
			if (goes_on(g, p, q, &both) ||
			    (can_fail(g, q) &&
				((a->first && !regex_set_all(&a->set)) ||
				    memcmp(&a->set, &b->set,
					sizeof(both)) == 0))) {
				blame(l, REGEX_LINT_ADJACENT, a->from, b->to);
				return l->fault;
			}
		}
	}
	return REGEX_LINT_OK;
}

/* What an atomic group or a look holds, by itself. */
static enum regex_lint_fault
check_inside(struct lint *l, const struct regex_node *n)
{
	const struct regex_node *c;

	if (n->kind == REGEX_ATOMIC || n->kind == REGEX_LOOK ||
	    n->kind == REGEX_BEHIND ||
	    (n->kind == REGEX_REPEAT && n->possessive)) {
		/* The last repeat of these is never tried again. */
		for (c = n->child; c->kind == REGEX_REPEAT ||
		     (c->kind == REGEX_CAT && c->child != NULL &&
			 c->child->next == NULL);
		     c = c->child)
			;
		return check(l, c, c);
	}
	for (c = n->child; c != NULL; c = c->next)
		if (check_inside(l, c) != REGEX_LINT_OK)
			return l->fault;
	return REGEX_LINT_OK;
}

static enum regex_lint_fault
check(struct lint *l, const struct regex_node *n, const struct regex_node *root)
{
	struct regex_graph g;

	if (regex_graph_make(n, l->a, &g) &&
	    (check_nested(l, &g, root) != REGEX_LINT_OK ||
		check_adjacent(l, &g) != REGEX_LINT_OK))
		return l->fault;
	return check_inside(l, n);
}

enum regex_lint_fault
regex_lint(struct span regex, struct span *part)
{
	struct lint l = { .regex = regex, .a = arena_new() };
	const struct regex_node *tree = regex_tree_parse(regex, l.a);

	if (tree != NULL)
		check(&l, tree, tree);
	arena_free(l.a);
	*part = l.part;
	return l.fault;
}
