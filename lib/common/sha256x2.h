/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COMMON_SHA256X2_H
#define COMMON_SHA256X2_H

#include <stdint.h>

#include "common/sha256.h"
#include "common/span.h"

/*
 * Many SHA-256 hashes, two at a time.  One hash waits most of the time for the
 * result of its last instruction; on processors with SHA instructions two that
 * do not depend on each other take hardly longer than one.  Elsewhere they go
 * one after another: the results are the same.
 */
#define SHA256X2_BLOCK 64u /* bytes */

/*
 * One hash, or a piece of a long one: blocks from p[0], then blocks from p[1].
 * The blocks are those of FIPS 180-4, so whoever makes a whole hash has padded
 * the last ones; see sha256x2_whole() and sha256x2_pad().
 */
struct sha256x2_job {
	const uint8_t *p[2]; /* borrowed until the job was done */
	size_t n[2];	     /* blocks */
	uint32_t *state;     /* of a long hash, read and written; or NULL */
	uint8_t *out;	     /* SHA256_LEN bytes, or NULL */
};

/* Do n jobs, which may not depend on each other. */
void sha256x2_run(struct sha256x2_job *job, size_t n);

/* Pad len bytes that stand in a buffer of whole blocks; return the blocks. */
size_t sha256x2_pad(uint8_t *p, size_t len);

/* The job that hashes in to out; the last blocks are made in end. */
void sha256x2_whole(struct sha256x2_job *job, struct span in,
    uint8_t end[2 * SHA256X2_BLOCK], uint8_t out[SHA256_LEN]);

/* A long hash: add makes the job of the next bytes, to be run before another
 * call. */
struct sha256x2_stream {
	uint32_t state[8];
	uint64_t len;
	uint8_t carry[2][SHA256X2_BLOCK]; /* bytes that are no block yet */
	unsigned at;			  /* which of the two */
};

void sha256x2_stream_init(struct sha256x2_stream *s);
void sha256x2_stream_add(struct sha256x2_stream *s, struct span in,
    struct sha256x2_job *job);
void sha256x2_stream_final(struct sha256x2_stream *s, uint8_t out[SHA256_LEN]);

/* Two whole hashes. */
void sha256x2(struct span a, struct span b, uint8_t out_a[SHA256_LEN],
    uint8_t out_b[SHA256_LEN]);

#endif
