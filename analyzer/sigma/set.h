/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_SET_H
#define SIGMA_SET_H

#include "analyzer/sigma/detection.h"

/*
 * Many detections against one event.  Each is asked only if the event has the
 * things without which it cannot fit (witness.h), all of which are found in one
 * pass over the event's values; the answers are those of asking all (set_test,
 * sigma_fuzz).  Immutable once made.
 */
struct set;
struct set_index; /* finds which of some of them are to be asked */
struct set_work;  /* one for each thread */

struct set *set_new(void);
void set_free(struct set *s);

/*
 * Add a detection: number 0, 1, ...  also: a second that must fit as well, or
 * NULL.  Both outlive the set.
 */
void set_add(struct set *s, const struct detection *d,
    const struct detection *also);

/* Ready it, for views of so many fields, and so many that are derived. */
void set_make(struct set *s, uint32_t nfield, uint32_t nderived);

/* 64-bit words of a bit for each detection. */
size_t set_words(const struct set *s);

/*
 * The texts, folded, that members look for as a whole value of a field, each
 * once; how many.  They live as long as the set.
 */
size_t set_texts(struct set *s, uint32_t field, const struct span **texts);

/*
 * A bit in some for each that may fit an event whose only value of the field
 * is text, folded; NULL: that has none.
 */
void set_select(const struct set *s, uint32_t field, struct span text,
    uint64_t *some);

/*
 * An index over those whose bit is set in some; NULL: over all.  The fewer
 * they are, the faster it is.  The set outlives it.
 */
struct set_index *set_index_new(const struct set *s, const uint64_t *some);
void set_index_free(struct set_index *x);

struct set_work *set_work_new(const struct set *s);
void set_work_free(struct set_work *w);

/*
 * The numbers of those of the index that fit, ascending, in hit[] which has
 * room for all of the set; how many.  routed: a bit for each that may be
 * asked; NULL: all of the index.
 */
size_t set_match(const struct set_index *x, struct set_work *w, struct view *v,
    const uint64_t *routed, uint32_t *hit);

/* How many were asked, of all events: what the index leaves over. */
uint64_t set_asked(const struct set_work *w);

/* How many of the set are asked for every event that is routed to them. */
size_t set_unwitnessed(const struct set *s);

#endif
