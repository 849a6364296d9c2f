/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_SEGIDX_H
#define EVIDENCE_SEGIDX_H

#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/span.h"

/*
 * The index of a segment (FORMAT.md, 10): places in its file where a reader may
 * begin, with what it has to know there.  A cache: whoever uses it must notice
 * if it is wrong.  Pure.
 */
#define SEGIDX_MAX (8u << 20) /* bytes of an index */
#define SEGIDX_NAME 24	      /* "<segment, twelve digits>.idx" and NUL */

struct segidx_point {
	uint64_t offset;     /* of a member in the segment's file */
	uint64_t index;	     /* of the first record in it */
	struct span streams; /* " <stream>:<next seq>" each; borrowed */
};

/*
 * How many inflated bytes to let pass behind a point of that many bytes: with
 * few streams 4 MiB, with many more, so that the index stays small.
 */
uint64_t segidx_step(size_t point_len);

void segidx_name(uint64_t segment, char out[SEGIDX_NAME]);

/* The first line; a point without its streams; one of them; its end. */
void segidx_print_head(struct buf *out, const char *origin, uint64_t segment);
void segidx_print_point(struct buf *out, uint64_t offset, uint64_t index);
void segidx_print_stream(struct buf *out, uint32_t stream, uint64_t next);
void segidx_print_end(struct buf *out);

/*
 * The last point at or before that index.  A last line without its LF is not
 * yet written and not read.  1, 0 if there is none, -1: not an index of that
 * segment.
 */
int segidx_find(struct span text, const char *origin, uint64_t segment,
    uint64_t index, struct segidx_point *p);

/* Take the next stream from p->streams: 1, 0 if that was all, -1. */
int segidx_stream(struct segidx_point *p, uint32_t *stream, uint64_t *next);

#endif
