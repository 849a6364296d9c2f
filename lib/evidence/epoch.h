/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_EPOCH_H
#define EVIDENCE_EPOCH_H

#include <stdint.h>

#include "common/buf.h"
#include "common/sha256.h"
#include "common/span.h"
#include "evidence/key.h"

/*
 * Epoch keys (FORMAT.md, 7).  Forward security: a tree of seeds of which only
 * the part to the right of the epoch in use is kept, so that whoever takes the
 * machine now cannot sign for epochs that ended.  The public keys are the
 * leaves of a tree whose root R is pinned.  Pure.
 */
#define EPOCH_HEIGHT_MAX 20u

/* The public side of one epoch: what a k1 record and the file `epochs` say. */
struct epoch {
	uint32_t number;
	uint8_t key[KEY_LEN];
	unsigned height;			    /* hashes in path, 1-20 */
	uint8_t path[EPOCH_HEIGHT_MAX][SHA256_LEN]; /* leaf sibling first */
};

/* A line of the file `epochs`, its LF included.  parse: 0, or -1. */
void epoch_print(const struct epoch *e, struct buf *out);
int epoch_parse(struct span line, struct epoch *e);

/* The path alone, as in k1: hashes in hex separated by commas.  0, or -1. */
void epoch_path_print(const struct epoch *e, struct buf *out);
int epoch_path_parse(struct span s, struct epoch *e);

/* Return 0 if key and path lead to R in a tree of that height, else -1. */
int epoch_verify(const struct epoch *e, unsigned height,
    const uint8_t r[SHA256_LEN]);

/*
 * The seeds of epochs [next, 2^height).  seed[l] is the root of a subtree of
 * 2^l epochs and is there if bit l of 2^height - next is set; from left to
 * right the levels rise.  What is not there is zero.
 */
struct epoch_seeds {
	unsigned height;
	uint32_t next;
	uint8_t seed[EPOCH_HEIGHT_MAX + 1][KEY_LEN];
};

/* All epochs of a tree (height 1-20), from its root seed. */
void epoch_seeds_init(struct epoch_seeds *s, unsigned height,
    const uint8_t root[KEY_LEN]);

/* Destroy all seeds. */
void epoch_seeds_fini(struct epoch_seeds *s);

/*
 * Take the seed of epoch s->next out: from then on s cannot make it again,
 * and next is one higher.  Return 0, or -1 if no epoch is left.
 */
int epoch_seeds_take(struct epoch_seeds *s, uint8_t seed[KEY_LEN]);

/* The left (0) or right (1) child of a seed. */
void epoch_child(const uint8_t seed[KEY_LEN], unsigned right,
    uint8_t child[KEY_LEN]);

/*
 * Leaf hashes of the 2^level public keys under a seed, left to right.  Return
 * 0, or -1 if OpenSSL failed.
 */
int epoch_leaves(const uint8_t seed[KEY_LEN], unsigned level,
    uint8_t (*leaf)[SHA256_LEN]);

#endif
