/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_WITNESS_H
#define SIGMA_WITNESS_H

#include "analyzer/sigma/detection.h"

/*
 * What an event must have for a detection to fit: without any of these it need
 * not be asked.  Nearly every rule has some: a word of four letters in one
 * field rules out thousands of events.  Pure.
 */
enum witness_kind {
	WITNESS_WORD,	  /* text stands somewhere in a value of the field */
	WITNESS_EXACT,	  /* text is a value of the field */
	WITNESS_PRESENT,  /* the field has a value */
	WITNESS_ANYWHERE, /* text stands in some value, or in the raw text */
};

struct witness {
	enum witness_kind kind;
	uint32_t field;
	struct span text; /* folded; not empty where it is looked at */
};

/* One of them must be there. */
struct witnesses {
	struct witness *v;
	size_t n;
	int score; /* the higher, the fewer events have one */
};

#define WITNESS_LEN 12 /* bytes of a word: more tell little more */

/*
 * The best of what d needs.  Return false if it may fit an event that has
 * nothing.  nfield: fields from there on are derived, and not looked at.
 */
bool witness_find(const struct detection *d, uint32_t nfield,
    struct arena *arena, struct witnesses *out);

#endif
