/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef VERIFY_MERKLE_H
#define VERIFY_MERKLE_H

#include <stddef.h>
#include <stdint.h>

#include "common/sha256.h"
#include "common/span.h"

/*
 * The RFC 6962 Merkle tree as compact ranges: the roots of the fewest perfect
 * subtrees that cover the leaves [begin, end), left to right.  Adjacent ranges
 * merge, so segments are hashed side by side.  Pure; no allocation.
 */
#define MERKLE_MAX 80 /* hashes of a range below 2^40 */
#define MERKLE_SIZE_MAX UINT64_C(999999999999)

struct merkle {
	uint64_t begin, end;
	size_t n;
	uint8_t hash[MERKLE_MAX][SHA256_LEN];
};

void merkle_leaf(struct span data, uint8_t out[SHA256_LEN]);
void merkle_node(const uint8_t left[SHA256_LEN],
    const uint8_t right[SHA256_LEN], uint8_t out[SHA256_LEN]);

/* An empty range that begins there. */
void merkle_init(struct merkle *m, uint64_t begin);

/*
 * Add the subtree of 2^level leaves that begins at m->end, which 2^level
 * divides.
 */
void merkle_push(struct merkle *m, unsigned level,
    const uint8_t hash[SHA256_LEN]);

/* left = left and right.  0, or -1 if they do not meet or right is no range. */
int merkle_merge(struct merkle *left, const struct merkle *right);

/* How many hashes [begin, end) has, and their levels; end is at most
 * MERKLE_SIZE_MAX + 1. */
size_t merkle_levels(uint64_t begin, uint64_t end, unsigned level[MERKLE_MAX]);

/* The root of a range that begins at 0. */
void merkle_root(const struct merkle *m, uint8_t root[SHA256_LEN]);

/* 0 if n hashes, leaf sibling first, lead from that leaf to the root. */
int merkle_inclusion(uint64_t index, uint64_t size,
    const uint8_t leaf[SHA256_LEN], const uint8_t (*path)[SHA256_LEN], size_t n,
    const uint8_t root[SHA256_LEN]);

#endif
