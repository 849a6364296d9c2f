/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REGEX_REGEX_TREE_H
#define ANALYZER_REGEX_REGEX_TREE_H

#include "analyzer/regex/regex_class.h"
#include "common/arena.h"

/* An expression that PCRE2 has compiled, as a tree; nothing is executed. */
#define REGEX_TREE_DEPTH 64
#define REGEX_TREE_NODES 8192
#define REGEX_MANY UINT32_MAX

enum regex_kind {
	REGEX_SET,    /* one byte of a set */
	REGEX_EMPTY,  /* nothing at all */
	REGEX_BORDER, /* a place that not every byte begins at: ^, \b, (?<=x) */
	REGEX_END,    /* the end of the text */
	REGEX_OPAQUE, /* bytes of which nothing is known: \1, (?R), \p{L} */
	REGEX_CAT,    /* one child behind the other */
	REGEX_ALT,    /* one of the children */
	REGEX_REPEAT, /* the child, min to max times (REGEX_MANY: no limit) */
	REGEX_ATOMIC, /* the child, in the first way that fits */
	REGEX_LOOK,   /* the child, looked at ahead */
	REGEX_BEHIND, /* the child, looked at behind: a border too */
};

struct regex_node {
	enum regex_kind kind;
	bool possessive;	/* of REPEAT: gives nothing back */
	uint32_t min, max;	/* of REPEAT */
	struct regex_set set;	/* of SET */
	size_t from, to;	/* its bytes in the expression */
	struct regex_node *child, *next;
};

/*
 * The tree, in a.  NULL for what is not understood (conditions, verbs, deeper
 * than REGEX_TREE_DEPTH, more than REGEX_TREE_NODES).
 */
struct regex_node *regex_tree_parse(struct span regex, struct arena *a);

#endif
