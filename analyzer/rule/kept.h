/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_KEPT_H
#define RULE_KEPT_H

#include "analyzer/rule/keep.h"

/*
 * Copies of events by number, for as long as they may still complete
 * something: until time has passed them, or, beyond a bound, until newer ones
 * have come.
 */
struct kept;

/* max of them at most. */
struct kept *kept_new(size_t max);
void kept_free(struct kept *k);

/* Once for each number; origin outlives k. */
void kept_put(struct kept *k, uint64_t number, const struct event *e,
    const char *origin, int64_t time);

/* NULL: there is none, or none any more. */
const struct keep *kept_find(const struct kept *k, uint64_t number);

/* Time has passed these. */
void kept_forget(struct kept *k, int64_t before);

size_t kept_count(const struct kept *k);

#endif
