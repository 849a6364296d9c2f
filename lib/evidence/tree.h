/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_TREE_H
#define EVIDENCE_TREE_H

#include <stddef.h>
#include <stdint.h>

#include "common/sha256.h"
#include "common/span.h"

/*
 * The RFC 6962 Merkle tree, kept as compact ranges: the roots of the fewest
 * perfect subtrees that cover the leaves [begin, end).  Two adjacent ranges
 * merge in O(log n), so segments are hashed in parallel and a signer can see
 * that one size extends another without the tree.  Pure; no allocation.
 */
#define TREE_RANGE_MAX 80 /* hashes of a range below 2^40: 2 * 40 */

struct tree_range {
	uint64_t begin, end; /* leaves covered */
	size_t n;	     /* hashes, left to right */
	uint8_t hash[TREE_RANGE_MAX][SHA256_LEN];
};

void tree_leaf_hash(struct span data, uint8_t out[SHA256_LEN]);
void tree_node_hash(const uint8_t left[SHA256_LEN],
    const uint8_t right[SHA256_LEN], uint8_t out[SHA256_LEN]);

/* An empty range that begins at that leaf. */
void tree_range_init(struct tree_range *r, uint64_t begin);

/* Add the leaf at r->end. */
void tree_range_append(struct tree_range *r, const uint8_t leaf[SHA256_LEN]);

/*
 * left = left then right.  Return 0, or -1 if they are not adjacent or right
 * is not well formed (its hashes are not as many as its bounds need).
 */
int tree_range_merge(struct tree_range *left, const struct tree_range *right);

/* How many hashes a range over [begin, end) has. */
size_t tree_range_count(uint64_t begin, uint64_t end);

/* Level and index of the i-th subtree of a range (for manifests). */
void tree_range_node(uint64_t begin, uint64_t end, size_t i, unsigned *level,
    uint64_t *index);

/* Root of a range that begins at 0; of no leaves SHA-256(""). -1 otherwise. */
int tree_range_root(const struct tree_range *r, uint8_t root[SHA256_LEN]);

/*
 * Verify an inclusion proof (RFC 9162, 2.1.3.2): n hashes, leaf sibling
 * first.  Return 0 if leaf stands at index in the tree of that size and root.
 */
int tree_verify_inclusion(uint64_t index, uint64_t size,
    const uint8_t leaf[SHA256_LEN], const uint8_t (*proof)[SHA256_LEN],
    size_t n, const uint8_t root[SHA256_LEN]);

/*
 * Verify a consistency proof (RFC 9162, 2.1.4.2).  Return 0 if it holds.  It
 * never does for an old size of 0: all trees extend that, nothing is shown.
 */
int tree_verify_consistency(uint64_t old_size, uint64_t new_size,
    const uint8_t (*proof)[SHA256_LEN], size_t n,
    const uint8_t old_root[SHA256_LEN], const uint8_t new_root[SHA256_LEN]);

#endif
