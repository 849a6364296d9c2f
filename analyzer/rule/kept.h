/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_KEPT_H
#define RULE_KEPT_H

#include "analyzer/event/event.h"

/*
 * Copies of events by number, for as long as they may still complete
 * something: until time has passed them, or, beyond a bound, until newer ones
 * have come.  They go in the order in which they came, so that their memory
 * is that of a few large pieces, one behind the other.
 */
struct kept;
struct kept_event;

/* max of them at most, in so many bytes. */
struct kept *kept_new(size_t max, size_t bytes);
void kept_free(struct kept *k);

/* Once for each number; origin outlives k.  time = judged. */
void kept_put(struct kept *k, uint64_t number, const struct event *e,
    const char *origin, int64_t time);

/* NULL: there is none, or none any more.  Valid until the next change. */
const struct kept_event *kept_find(const struct kept *k, uint64_t number);

/* Set *e to the event; it borrows from k.  Its judged time. */
void kept_restore(const struct kept_event *v, struct event *e);
int64_t kept_time(const struct kept_event *v);

/* Time has passed these. */
void kept_forget(struct kept *k, int64_t before);

/*
 * Whether the next one has to take the place of the oldest; and a time before
 * which there are those that wait longest, some of all.
 */
bool kept_is_full(const struct kept *k);
int64_t kept_early(const struct kept *k);

size_t kept_count(const struct kept *k);

#endif
