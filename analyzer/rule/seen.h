/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_SEEN_H
#define RULE_SEEN_H

#include <stddef.h>
#include <stdint.h>

#include "common/span.h"

/*
 * When something was there: per key, stretches of activity, parted where it
 * was away for longer than the forgetting time.  A stretch's beginning is when
 * it was new.  The same sightings give the same stretches in any order.
 */
#define SEEN_KEYS 1000000

struct seen;

struct seen_stretch {
	int64_t first, last; /* utc usec */
};

/* forget: usec without a sighting after which a key is new again. */
struct seen *seen_new(int64_t forget);
void seen_free(struct seen *s);

/* Note a key at a time; its number, or INDEX_NONE if there is no room. */
uint32_t seen_note(struct seen *s, struct span key, int64_t time);

/* The number of a key, or INDEX_NONE; and how many there are. */
uint32_t seen_find(const struct seen *s, struct span key);
size_t seen_count(const struct seen *s);

/* The stretches of a number, by time. */
const struct seen_stretch *seen_stretches(const struct seen *s, uint32_t key,
    size_t *n);

/* The stretch that holds a time, or NULL. */
const struct seen_stretch *seen_at(const struct seen *s, uint32_t key,
    int64_t time);

#endif
