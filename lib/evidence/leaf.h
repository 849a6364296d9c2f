/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_LEAF_H
#define EVIDENCE_LEAF_H

#include <stddef.h>
#include <stdint.h>

#include "common/sha256x2.h"
#include "evidence/record.h"
#include "evidence/tree.h"

/*
 * Leaves of many records: the same hashes as record_leaf() and
 * tree_range_append(), many at a time, two beside each other.  Pure.
 */
#define LEAF_BATCH 64u /* records; a power of two */

struct leaf {
	struct record r;
	uint64_t index, seq;
};

/*
 * Leaf hashes of n records of one segment, at most LEAF_BATCH.  aside: another
 * job that is done beside their bodies, or NULL.
 */
void leaf_hash(const struct leaf *in, size_t n, const uint8_t salt[RECORD_SALT],
    struct sha256x2_job *aside, uint8_t (*out)[SHA256_LEN]);

/*
 * Append n leaves, at most LEAF_BATCH; fastest if they are so many and the
 * first of them has an index that LEAF_BATCH divides.
 */
void leaf_append(struct tree_range *range, uint8_t (*leaf)[SHA256_LEN],
    size_t n);

#endif
