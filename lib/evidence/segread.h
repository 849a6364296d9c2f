/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_SEGREAD_H
#define EVIDENCE_SEGREAD_H

#include "common/lend.h"
#include "common/sha256.h"
#include "evidence/segment.h"

/* A segment read from its file, a piece at a time. */
struct segread;

struct segread *segread_new(void);
void segread_free(struct segread *r);

/*
 * Begin with that file, whose descriptor is taken over; not beyond max bytes
 * of it.  file: hash of the bytes read, or NULL.
 */
void segread_begin(struct segread *r, int fd, uint64_t max,
    struct sha256 *file);
void segread_end(struct segread *r);

/* From now on: who inflates and hashes the same files beside; or NULL. */
void segread_borrow(struct segread *r, struct lend *from);

/* The leaf hash of the record given out last, if it was borrowed, or NULL. */
const uint8_t *segread_leaf(const struct segread *r, uint64_t index);

/*
 * As segment_next(); SEGMENT_MORE is the end of the file as it is now, and a
 * later call may find more.  SEGMENT_UNREADABLE: errno.
 */
enum segment_step segread_next(struct segread *r, struct segment_record *rec);

struct segment *segread_segment(struct segread *r);

#endif
