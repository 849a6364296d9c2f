/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_EXPLAIN_H
#define SIGMA_EXPLAIN_H

#include "analyzer/sigma/detection_tree.h"

/*
 * Why a detection fits an event or does not: each part of it with what came of
 * it, and the values that were seen.  All are asked, also those on which
 * nothing depends any more.  The verdicts are those of detection.c.  Pure.
 */
enum explain_verdict {
	EXPLAIN_NO,
	EXPLAIN_YES,
	EXPLAIN_UNKNOWN, /* it hangs on a field that cannot be known here */
};

enum explain_kind {
	EXPLAIN_ALL,	   /* and: the parts below it all hold */
	EXPLAIN_ANY,	   /* or: one of them holds */
	EXPLAIN_NOT,	   /* the one below it does not hold */
	EXPLAIN_SELECTION, /* a name; below it are its items, or maps, where it
			    * is named first */
	EXPLAIN_MAP,	   /* one of several of a selection */
	EXPLAIN_ITEM,	   /* the test of a field, or words */
};

/* A part; those below it follow, one deeper. */
struct explain_row {
	enum explain_kind kind;
	unsigned depth;
	enum explain_verdict verdict;
	/* Whether the verdict of the whole follows from this one: had it come
	 * out otherwise (with all that are so marked), so had the whole. */
	bool decides;
	struct span name; /* SELECTION; ITEM: the key, empty for words */
	size_t before;	  /* SELECTION: 1 + row where it was named; 0: first */
	/* ITEM: */
	const struct item *item;
	size_t fit; /* 1 + place of the rule's value that fits; 0: none */
	struct span *seen; /* values of the event; none: missing */
	size_t nseen;
	struct span *other; /* of the field that it is compared with */
	size_t nother;
};

struct explanation {
	struct explain_row *row;
	size_t n, cap;
	enum explain_verdict verdict;
};

/*
 * known: whether the value of a field can be told at all; NULL: of all.  The
 * rows live in arena, the values as long as v's.
 */
void explain_detection(const struct detection *d, struct view *v,
    bool (*known)(void *arg, uint32_t field), void *arg, struct arena *arena,
    struct explanation *out);

/*
 * The same without an event: ask says of each item what could come of it, yes
 * or no for certain.  What comes out as no can never fit.
 */
void explain_asked(const struct detection *d,
    enum explain_verdict (*ask)(void *arg, const struct item *it), void *arg,
    struct arena *arena, struct explanation *out);

#endif
