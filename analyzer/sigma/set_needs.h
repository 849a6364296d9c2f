/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_SET_NEEDS_H
#define SIGMA_SET_NEEDS_H

#include "analyzer/sigma/witness.h"

/*
 * What the detections of a set need, for set.c, which collects it, and
 * set_index.c, which finds it in events.
 */
#define SET_BAR WITNESS_MOST
#define SET_ROWS (WITNESS_MOST + 1)

struct set_need {
	struct witness w;
	uint32_t rule;
	uint32_t list; /* of the rule's lists, of each of which it needs one;
			* SET_BAR: it must not be there */
};

struct set_member {
	const struct detection *first, *also; /* or NULL */
};

struct set {
	struct arena *arena;
	struct set_member *d;
	size_t n, cap;
	uint32_t nfield, nderived;
	struct set_need *need; /* by field, kind, text and rule */
	size_t nneed, cap_need;
	uint8_t *lists; /* by rule: how many it has */
	size_t n_always;
};

#endif
