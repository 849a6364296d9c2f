/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_MANIFEST_H
#define EVIDENCE_MANIFEST_H

#include <stdint.h>

#include "common/buf.h"
#include "common/sha256.h"
#include "common/span.h"
#include "evidence/tree.h"

/*
 * The manifest of a closed segment (FORMAT.md, 5).  For what parse accepts,
 * print gives the same bytes again.  Pure.
 */
#define MANIFEST_MAX 16384u /* bytes of a manifest */
#define MANIFEST_INDEX_MAX UINT64_C(999999999999)
#define MANIFEST_FILE 48 /* bytes of a segment's path, NUL included */

struct manifest {
	char origin[121];
	uint64_t segment;
	char file[MANIFEST_FILE]; /* below the log's folder */
	uint64_t first, last;	  /* indexes of its records */
	uint64_t time_low, time_high;
	uint64_t members; /* without the empty one */
	uint64_t stream_len, gzip_len;
	uint8_t stream_hash[SHA256_LEN], gzip_hash[SHA256_LEN];
	struct tree_range range; /* of the leaves [first, last + 1) */
	uint8_t previous[SHA256_LEN];
};

void manifest_print(const struct manifest *m, struct buf *out);

/* Return 0, or -1 and in *line the number of the line that is wrong. */
int manifest_parse(struct span in, struct manifest *m, unsigned *line);

/* SHA-256 of the bytes: "previous" of the next manifest and of its m1. */
void manifest_hash(const struct manifest *m, uint8_t out[SHA256_LEN]);

/* "segments/2026-11-20/000000012345.ev1.gz"; the day is that of usec, UTC. */
void manifest_file_print(uint64_t first, uint64_t usec,
    char out[MANIFEST_FILE]);

/* The index in such a path.  Return 0, or -1 if it is none. */
int manifest_file_parse(struct span file, uint64_t *first);

/* Its day, counted from 1970; file is such a path. */
uint64_t manifest_file_day(const char *file);

#endif
