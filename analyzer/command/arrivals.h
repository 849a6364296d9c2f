/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_ARRIVALS_H
#define ANALYZER_COMMAND_ARRIVALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/sha256.h"
#include "evidence/tree.h"

/*
 * Which records of one log arrived at another collector, each at least once,
 * by their leaves.  16 bytes of each are kept: what has the same 16 bytes is
 * the same, as far as anybody can make it otherwise.  Pure but for malloc.
 */
#define ARRIVALS_MAX (UINT64_C(1) << 26) /* indexes from the first block on */

enum arrival {
	ARRIVAL_NEW,
	ARRIVAL_AGAIN,	 /* as it was there already */
	ARRIVAL_DIFFERS, /* it is there already, and is another */
	ARRIVAL_FAR	 /* ARRIVALS_MAX indexes away: not looked at */
};

struct arrivals {
	bool any;
	uint64_t base;	      /* index of the first block's first record */
	uint64_t first, last; /* indexes that arrived */
	uint64_t n, again, differ, far;
	uint8_t (**block)[16];
	size_t n_blocks;
	struct tree_range range; /* of those that follow each other from 0 on */
	uint64_t root_size;	 /* if root is of so many; 0: not wanted */
	bool root_known;
	uint8_t root[SHA256_LEN];
};

/* size: the root of so many records is wanted, or 0. */
void arrivals_init(struct arrivals *a, uint64_t size);
void arrivals_fini(struct arrivals *a);

enum arrival arrivals_add(struct arrivals *a, uint64_t index,
    const uint8_t leaf[SHA256_LEN]);

/* Whether that record arrived, and whether with that leaf. */
bool arrivals_have(const struct arrivals *a, uint64_t index);
bool arrivals_same(const struct arrivals *a, uint64_t index,
    const uint8_t leaf[SHA256_LEN]);

/*
 * The next records from that index on that did not arrive, though others behind
 * them did: true and *from to *last, or false.
 */
bool arrivals_hole(const struct arrivals *a, uint64_t *from, uint64_t *last);

#endif
