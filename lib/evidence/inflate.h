/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_INFLATE_H
#define EVIDENCE_INFLATE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/span.h"

/*
 * The strict gzip profile of FORMAT.md, 3: bytes of a segment file in, the
 * inflated bytes of one member at a time out.  Whatever a lenient reader would
 * forgive (other header bytes, padding, bytes behind the end) is an error.
 * By ISA-L where it is there, else by zlib: same results.  Pure; holds at most
 * MEMBER_MAX inflated bytes (member.h), whatever comes in.
 */
enum inflate_step {
#define INFLATE_STEP(id, en, ja) INFLATE_##id,
#include "evidence/inflate_step_tbl.h"
#undef INFLATE_STEP
};

/* A sentence in the user's language. */
const char *inflate_strerror(enum inflate_step s);

struct inflate;

struct inflate *inflate_new(void);
void inflate_free(struct inflate *z);

/* Forget everything: the next byte is the first of a file. */
void inflate_reset(struct inflate *z);

/*
 * Take bytes from the front of *in.  INFLATE_MORE: all of them are taken.
 * INFLATE_MEMBER: a member ended where *in now begins, CRC and length are
 * right.  INFLATE_END: that was the empty member.  All else is an error, and
 * so is every later call.
 */
enum inflate_step inflate_next(struct inflate *z, struct span *in);

/*
 * What is inflated of the member begun or just ended; the bytes stay where
 * they are until the next member begins, with the next inflate_next().
 */
struct span inflate_data(const struct inflate *z);

/*
 * At a member's end, or the file's start: pass over a member of that many bytes
 * of the file, which somebody else inflated.
 */
void inflate_skip(struct inflate *z, uint64_t len);

uint64_t inflate_taken(const struct inflate *z); /* bytes of the file */
uint64_t inflate_start(const struct inflate *z); /* where the member begins */

/* Whether the bytes taken so far end inside a member. */
bool inflate_inside(const struct inflate *z);

/*
 * Whether they end with a member or with a sync flush, so that a writer may
 * have stopped there.  To find such a place, feed up to each 00 00 ff ff.
 */
bool inflate_flushed(const struct inflate *z);

/* CRC-32 of inflate_data(), for who must finish an open member. */
uint32_t inflate_crc(const struct inflate *z);

#endif
