/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_SET_INDEX_H
#define SIGMA_SET_INDEX_H

#include "analyzer/sigma/exact.h"
#include "analyzer/sigma/set.h"
#include "analyzer/sigma/set_needs.h"
#include "common/literals.h"

/*
 * The index over a set, for set_index_make.c, which makes it, and set_index.c,
 * which finds in events what is in it.
 */
/* Bytes of words of one automaton; then comes another. */
#define WORDS_BYTES 60000u
#define FOUND (WORDS_BYTES / 64 + 1)

/* Who asks for what is found: runs of bits, by its number. */
struct lists {
	uint32_t *start; /* and one behind the last */
	uint32_t *bit;	 /* of struct set_work.met */
	uint32_t n;
};

/* Words of one field, or of all. */
struct words {
	struct literals *t;
	struct lists lists;
	struct words *next;
};

/* Those that are found fast come before the others. */
enum pace { PACE_DERIVED, PACE_FAST, PACE_SLOW, PACES };

struct search {
	struct words *words; /* or NULL */
	uint64_t *wanting;   /* a bit for each rule that looks for them */
};

/* Lists of up to 64 rules. */
struct closing {
	size_t word; /* of a bit for each rule */
	size_t list; /* of struct set_work.met */
	uint64_t bits;
};

struct field_index {
	struct search search[PACES];
	struct exact *exact;	/* or NULL */
	struct lists by_exact;
	uint64_t *wanting; /* derived: a bit for each rule that looks at it */
	struct closing *closes; /* derived: lists that can be met no more when
				 * it was looked at; n_closes */
	size_t n_closes;
	uint32_t *present; /* bits; n_present of them */
	size_t n_present;
};

/*
 * A rule has a bit for each of its lists (witness.h), set when one thing of
 * the list was met; those of the lists that it has not are set from the start.
 * One more is set when it can fit no more.
 *
 * Values are cheap to look up, words dear to look for, and some less so than
 * others.  So all values come first, then those that must be derived, then the
 * words that are found fast, and each time a field is looked at only if a rule
 * that looks for something in it may still be asked.
 */
struct set_index {
	const struct set *set;
	struct arena *arena;
	size_t words; /* of the bits of one list */
	size_t *used; /* those in which it has rules; n_used */
	size_t n_used;
	uint64_t *met; /* from the start: SET_ROWS times words */
	uint64_t *open[PACES]; /* lists that words of that pace or of a later
				* one may meet, likewise */
	struct field_index **field; /* by field; NULL: nobody asks */
	uint32_t *derived;	    /* the fields of them that are */
	size_t n_derived;
	struct search anywhere[PACES];
	uint64_t *worded[PACES]; /* a bit for each rule that looks for words */
	uint32_t *searched[PACES]; /* in these fields; n_searched */
	size_t n_searched[PACES];
};

#endif
