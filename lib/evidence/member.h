/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_MEMBER_H
#define EVIDENCE_MEMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/span.h"

/*
 * Deflates the members of a segment, one after another (FORMAT.md, 3): header,
 * raw deflate with sync flushes, trailer.  No I/O; memory is taken once.
 */
#define MEMBER_CLOSE 262144u /* inflated bytes that close a member */
#define MEMBER_MAX (MEMBER_CLOSE + 1048576u + 4096u) /* of one member */

/* Header, "03 00" and eight zero bytes: ends a closed segment. */
#define MEMBER_EMPTY_LEN 20
extern const uint8_t member_empty[MEMBER_EMPTY_LEN];

#define MEMBER_HEAD_LEN 10
#define MEMBER_TRAILER_LEN 8

/* An empty final stored block, which finishes an open member at a flush. */
#define MEMBER_FINISH_LEN 5
extern const uint8_t member_finish[MEMBER_FINISH_LEN];

/* CRC-32 and length of a member so far, and its trailer. */
struct member_sum {
	uint32_t crc, len;
};
void member_sum_update(struct member_sum *s, struct span in);
void member_sum_print(const struct member_sum *s, struct buf *out);

struct member;

struct member *member_new(void);
void member_free(struct member *m); /* NULL is fine */

/*
 * Begin a member: append its header.  level 1 is the fastest there is (ISA-L
 * if built in), 2 to 9 are zlib's.
 */
void member_begin(struct member *m, unsigned level, struct buf *out);

/*
 * Append in, deflated, up to a sync flush, or, if end, up to the end of the
 * member.  in may be empty only if end.
 */
void member_write(struct member *m, struct span in, bool end, struct buf *out);

#endif
