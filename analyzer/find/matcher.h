/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FIND_MATCHER_H
#define ANALYZER_FIND_MATCHER_H

#include <stdbool.h>

#include "analyzer/find/indicator.h"
#include "analyzer/find/keyset.h"
#include "evidence/record.h"

/*
 * Which indicators stand in a record, in any of its views (views.h): addresses
 * and hashes by their value with their boundaries (spot.h), names without case
 * between what is no letter, digit, '-' or '_', words anywhere in the folded
 * text (text_fold()).  Immutable once made; threads share it, each with a
 * search of its own.  Pure but for malloc.
 */
struct matcher;

/* The indicators are borrowed. */
struct matcher *matcher_new(const struct indicator *v, size_t n);
void matcher_free(struct matcher *m);

/*
 * Whether a block may hold one of them, by its filter of so many pieces
 * (keyset.h): true too where an index says nothing, as of words, of very wide
 * networks and of a block without a filter (n 0).
 */
bool matcher_may(const struct matcher *m, const uint8_t *filter, uint32_t n);

struct matcher_look;

struct matcher_look *matcher_look_new(const struct matcher *m);
void matcher_look_free(struct matcher_look *s);

/*
 * Look at a record; keys (may be NULL) takes what an index must know of it.
 * Return how many indicators stand in it.
 */
size_t matcher_look_at(struct matcher_look *s, enum record_kind kind,
    struct span body, struct keyset *keys);

/* The i-th of them, in ascending order: a place among the indicators. */
uint32_t matcher_look_found(const struct matcher_look *s, size_t i);

#endif
