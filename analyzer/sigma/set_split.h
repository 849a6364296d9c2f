/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_SET_SPLIT_H
#define SIGMA_SET_SPLIT_H

#include "analyzer/sigma/set.h"

/*
 * An index for each value of one field that most detections name, of those
 * that may fit an event with that value alone: where they are few, few fields
 * are looked at.  Each is made when it is first asked for, by whichever thread,
 * and immutable from then on; the set outlives them.
 */
struct set_split;

struct set_split *set_split_new(struct set *s, uint32_t field);
void set_split_free(struct set_split *x);

/* The index to match an event with; the hits are those of the whole set. */
const struct set_index *set_split_of(struct set_split *x, struct view *v);

#endif
