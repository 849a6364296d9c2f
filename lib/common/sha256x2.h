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

struct sha256x2_hash { /* a long one, under way */
	uint32_t state[8];
	uint64_t len;
	uint8_t carry[SHA256X2_BLOCK]; /* bytes that are no block yet */
};

struct sha256x2_job { /* blocks from p[0], then blocks from p[1] */
	const uint8_t *p[2];
	size_t n[2];
	struct sha256x2_hash *hash; /* what goes on; NULL: begins and ends */
	uint8_t *out;		    /* SHA256_LEN bytes, or NULL */
	uint8_t edge[4 * SHA256X2_BLOCK]; /* blocks that had to be made */
};
/* Bytes that may be written to an edge. */
#define SHA256X2_EDGE (3 * SHA256X2_BLOCK - 9)

/*
 * The job of a whole hash; of len bytes written to job->edge; of the next bytes
 * of a long one, to be run before another of it; of its end.  in is borrowed
 * until the job was run.
 */
void sha256x2_whole(struct sha256x2_job *job, struct span in,
    uint8_t out[SHA256_LEN]);
void sha256x2_short(struct sha256x2_job *job, size_t len,
    uint8_t out[SHA256_LEN]);
void sha256x2_init(struct sha256x2_hash *h);
void sha256x2_add(struct sha256x2_job *job, struct span in,
    struct sha256x2_hash *h);
void sha256x2_final(struct sha256x2_job *job, struct sha256x2_hash *h,
    uint8_t out[SHA256_LEN]);

/* Do n jobs, which may not depend on each other. */
void sha256x2_run(struct sha256x2_job *job, size_t n);

/* Two whole hashes. */
void sha256x2(struct span a, struct span b, uint8_t out_a[SHA256_LEN],
    uint8_t out_b[SHA256_LEN]);

#endif
