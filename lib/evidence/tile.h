/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_TILE_H
#define EVIDENCE_TILE_H

#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/sha256.h"
#include "evidence/tree.h"

/*
 * Tiles (FORMAT.md, 10): the hashes of the full subtrees of level 8, 16, ...,
 * 256 to a file.  What follows keeps them up while leaves come; it costs no
 * hash beyond those of the tree itself, but for one in 65,536 leaves.  Pure.
 */
#define TILE_HEIGHT 8u
#define TILE_WIDTH 256u			   /* hashes of a full tile */
#define TILE_LEVEL_MAX 5u		   /* 2^40 leaves and no more */
#define TILE_PATH 48			   /* bytes, NUL included */
#define TILE_LEN (TILE_WIDTH * SHA256_LEN) /* bytes of a full tile */

/* "<level>/x001/x234/067": path of the n-th tile of a level below tile/. */
void tile_path(unsigned level, uint64_t n, char out[TILE_PATH]);

/*
 * A run of leaves as the tree sees it: what stands before its first and behind
 * its last place that 256 divides, and the subtrees of 256 leaves in between.
 */
struct tile_run {
	struct tree_range left, right; /* right is all if no such place is in */
	struct buf nodes;	       /* 32 bytes each */
};

void tile_run_init(struct tile_run *run, uint64_t begin);

/* Make it empty again at another place, with the memory that it has. */
void tile_run_reset(struct tile_run *run, uint64_t begin);
void tile_run_fini(struct tile_run *run);

/*
 * Append n leaves that do not reach beyond a place that 256 divides; leaf is
 * overwritten.
 */
void tile_run_append(struct tile_run *run, uint8_t (*leaf)[SHA256_LEN],
    size_t n);

/* The compact range of all its leaves. */
void tile_run_range(const struct tile_run *run, struct tree_range *out);

/*
 * The right edge of the tree, of the leaves [0, end): what its tiles still lack
 * to their next hashes.
 */
struct tile_edge {
	struct tree_range block; /* behind the last place 256 divides */
	struct tree_range up;	 /* of the subtrees of 256 leaves */
};

/* At the end of that compact range, which begins at 0. */
void tile_edge_init(struct tile_edge *e, const struct tree_range *all);

/* Called for each new hash of a tile: index counts a level's hashes from 0. */
typedef void tile_emit(void *cookie, unsigned level, uint64_t index,
    const uint8_t hash[SHA256_LEN]);

/* Append a run that begins where the edge ends. */
void tile_edge_append(struct tile_edge *e, const struct tile_run *run,
    tile_emit *emit, void *cookie);

/* Fold n hashes, a power of two, into the root over them; in place. */
void tile_fold(uint8_t (*hash)[SHA256_LEN], size_t n);

#endif
