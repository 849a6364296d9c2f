/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef VERIFY_LEAVES_H
#define VERIFY_LEAVES_H

#include "common/lend.h"
#include "common/sha256x2.h"
#include "verify/merkle.h"

/*
 * Leaves of the records of one segment (FORMAT.md, 4), many at a time: all
 * nonces and bodies, then all commits, then all lines, then the nodes above
 * them, and beside the bodies what the segment's own
 * two hashes go on with.  So two
 * hashes are always under way that do not wait for each other.  Pure.
 */
#define LEAVES_MAX 64u /* records; a power of two */
#define LEAVES_SALT 32

struct leaves {
	size_t n;
	uint64_t first; /* index of the first */
	struct {
		struct span head, body; /* head line, its LF left out */
		size_t stream;		/* bytes of it up to the flags */
		uint64_t seq;
	} record[LEAVES_MAX];
	uint8_t salted[9 + LEAVES_SALT]; /* front of what nonces are made of */
	uint8_t nonce[LEAVES_MAX][SHA256_LEN];
	uint8_t body[LEAVES_MAX][SHA256_LEN]; /* hashes */
	uint8_t hash[LEAVES_MAX][SHA256_LEN];
	struct lent *lent; /* gets the leaves, too; or NULL */
	struct sha256x2_job job[2 + 2 * LEAVES_MAX];
};

/* Begin a segment with that salt. */
void leaves_init(struct leaves *l, const uint8_t salt[LEAVES_SALT]);

/*
 * Append the leaves gathered in l->record to the range, with job[0] and job[1]
 * done on the way.
 */
void leaves_hash(struct leaves *l, struct merkle *range);

#endif
