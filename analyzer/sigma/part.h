/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_PART_H
#define SIGMA_PART_H

#include "analyzer/sigma/correlation_link.h"
#include "analyzer/sigma/groups.h"
#include "analyzer/sigma/view.h"
#include "common/buf.h"

/*
 * What an event says to correlations: its group and its value, for each that
 * refers to the rule that it fitted, in the order of correlations.  It depends
 * on the event alone, so another thread than that which counts can make it.
 */
struct part {
	union window_value value;
	uint32_t hash; /* of the key */
	uint32_t len;  /* of the key, which stands behind it */
	bool counts;   /* its value is there; without it there is no key */
};

/* Append those of an event that fitted a rule; rules as for correlate_new(). */
void part_make(const struct correlation_linked *rules, size_t n, uint32_t rule,
    const struct groups_seed *seed, const struct view *v, struct buf *out);

/* Take the first of what was appended off it; the key is borrowed. */
void part_take(struct span *parts, struct part *p, struct span *key);

#endif
