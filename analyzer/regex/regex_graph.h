/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REGEX_REGEX_GRAPH_H
#define ANALYZER_REGEX_REGEX_GRAPH_H

#include "analyzer/regex/regex_tree.h"

/*
 * The places of an expression that take a byte, and which may follow which
 * (the position automaton of Glushkov).  A pair that may follow each other in
 * more than one way, as in (a+)+, is marked: backtracking tries them all.
 * Atomic groups and borders are places that nothing goes through.
 */
#define REGEX_GRAPH_PLACES 1024
#define REGEX_GRAPH_WORDS (REGEX_GRAPH_PLACES / 64)

struct regex_place {
	struct regex_set set;	/* empty: the end, or what is not known */
	struct regex_set never; /* possessive: what cannot come next */
	size_t from, to;	/* its bytes in the expression, the repeat's */
	bool loop;		/* without limit, repeats itself alone */
	bool first;		/* the expression may begin here, anywhere */
	bool last;		/* the expression may end here */
	bool before_end;	/* $ may come next */
	bool before_opaque;	/* what is not known may come next */
};

struct regex_graph {
	size_t n, words;
	struct regex_place *place;
	uint64_t *follow, *twice; /* n rows of words */
};

/* False if the tree has too many places. */
bool regex_graph_make(const struct regex_node *tree, struct arena *a,
    struct regex_graph *g);

bool regex_graph_follows(const struct regex_graph *g, size_t p, size_t q);

/* The bytes that lead from p to q. */
struct regex_set regex_graph_bytes(const struct regex_graph *g, size_t p,
    size_t q);

#endif
