/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_WITNESS_H
#define SIGMA_WITNESS_H

#include "analyzer/sigma/detection.h"

/*
 * What an event must have for a detection to fit: of each of a few lists one
 * thing, or it need not be asked.  Nearly every rule has some: a word of four
 * letters in one field rules out thousands of events, and a second one most of
 * those that have the first.  Pure.
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
	size_t n, cap;
	int score; /* the higher, the fewer events have one */
};

/* Bytes of a word, the last: paths begin alike, and more tell little more. */
#define WITNESS_LEN 12
#define WITNESS_MOST 3 /* lists */

/* Of each of v; the first is the best.  None: whatever comes may fit. */
struct witness_lists {
	struct witnesses v[WITNESS_MOST];
	size_t n;
	struct witnesses bar; /* none of them, each EXACT, may be there */
};

/*
 * The best of what d needs, and also, if it is not NULL.  Fields from nfield
 * on are derived, which is dearer than to look; those beyond nderived of them
 * are left out.
 */
void witness_find(const struct detection *d, const struct detection *also,
    uint32_t nfield, uint32_t nderived, struct arena *arena,
    struct witness_lists *out);

#endif
