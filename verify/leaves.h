/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef VERIFY_LEAVES_H
#define VERIFY_LEAVES_H

#include "common/sha256x2.h"
#include "verify/merkle.h"

/*
 * Leaves of the records of one segment (FORMAT.md, 4), many at a time: all
 * nonces and bodies, then all commits, then all lines, then the nodes above
 * them, and beside the bodies the segment's own two hashes.  So two hashes are
 * always under way that do not wait for each other.  Pure.
 */
#define LEAVES_MAX 64u /* records; a power of two */
#define LEAVES_SALT 32
#define LEAVES_LINE 192u /* bytes of a leaf line and its padding: 3 blocks */

struct leaves {
	size_t n;
	uint64_t first; /* index of the first */
	struct {
		struct span head, body; /* head line, its LF left out */
		size_t stream;		/* bytes of it up to the flags */
		uint64_t seq;
	} record[LEAVES_MAX];
	uint8_t nonce[LEAVES_MAX][SHA256X2_BLOCK];
	uint8_t nonces[LEAVES_MAX][SHA256_LEN];
	uint8_t commit[LEAVES_MAX][SHA256X2_BLOCK];
	uint8_t commits[LEAVES_MAX][SHA256_LEN];
	uint8_t line[LEAVES_MAX][LEAVES_LINE];
	uint8_t end[LEAVES_MAX][2 * SHA256X2_BLOCK];
	uint8_t node[LEAVES_MAX / 2][2 * SHA256X2_BLOCK];
	uint8_t hash[LEAVES_MAX][SHA256_LEN];
	struct sha256x2_job job[2 + 2 * LEAVES_MAX];
};

/* Begin a segment with that salt. */
void leaves_init(struct leaves *l, const uint8_t salt[LEAVES_SALT]);

/* Nonce, commit and leaf line of one record; line holds LEAVES_LINE bytes. */
size_t leaves_line(struct span head, size_t stream, uint64_t index,
    uint64_t seq, const uint8_t commit[SHA256_LEN], uint8_t *line);

/*
 * Append the leaves gathered in l->record to the range, with job[0] and job[1]
 * done on the way.
 */
void leaves_hash(struct leaves *l, struct merkle *range);

#endif
