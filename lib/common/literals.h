/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COMMON_LITERALS_H
#define COMMON_LITERALS_H

#include "common/arena.h"
#include "common/span.h"

/*
 * Which of many words stand in a text, in one pass (Aho and Corasick 1975):
 * the filter before what is dearer, detections of formats and conditions of
 * rules.  Immutable once made; it lies in the arena.
 */
struct literals;

struct literals_word {
	struct span text; /* borrowed while it is made; not empty */
	uint32_t number;  /* several words may have the same */
};

/*
 * So few words, none shorter, are found several times as fast as others: who
 * can, keeps them apart.
 */
#define LITERALS_FEW 128u
#define LITERALS_LONG 7u

/* NULL: they are too many for it (some 60,000 bytes that differ). */
struct literals *literals_make(struct arena *a,
    const struct literals_word *word, size_t n);

/* Set bit number, of 64 in each of found, for every word in text.  Whether
 * there is one. */
bool literals_scan(const struct literals *t, struct span text,
    uint64_t *found);

#endif
