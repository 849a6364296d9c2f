/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_SET_NEEDS_H
#define SIGMA_SET_NEEDS_H

#include <stdlib.h>

#include "analyzer/sigma/witness.h"

/*
 * What the detections of a set need, for set.c, which collects it, and
 * set_index.c, which finds it in events.
 */
#define SET_BAR WITNESS_MOST
#define SET_ROWS (WITNESS_MOST + 1)

static inline void *
set_must(void *p)
{
	if (p == NULL)
		abort();
	return p;
}

static inline bool
set_has_bit(const uint64_t *bits, size_t i)
{
	return (bits[i / 64] >> i % 64 & 1) != 0;
}

static inline void
set_put_bit(uint64_t *bits, size_t i)
{
	bits[i / 64] |= UINT64_C(1) << i % 64;
}

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
