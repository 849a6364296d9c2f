/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_SEGMENT_H
#define EVIDENCE_SEGMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/span.h"
#include "evidence/evstreams.h"
#include "evidence/record.h"

/*
 * Reads one segment from the bytes of its file, in pieces as they come: header
 * line, records with index and sequence number, members.  Strict where
 * FORMAT.md, 3 is; header, heads and bodies laid end to end are the segment's
 * stream.  Pure; memory is bounded by MEMBER_MAX and EVSTREAMS_MAX.
 */
struct segment_head {
	char origin[121];
	uint64_t number, first;
	uint8_t salt[RECORD_SALT];
};

struct segment_record {
	struct record r; /* borrowed until the call behind a last one */
	uint64_t index, seq;
	struct span bytes; /* head line, body and LF; borrowed likewise */
	struct evstream
	    *stream; /* e1 and d1 (its state behind it), else NULL */
	bool first;  /* d1: the first of its number in here */
	bool last;   /* nothing inflated is left: the next call may overwrite
		      * what was lent since the last such record */
	bool ended;  /* d1: it ends the stream, which goes next */
};

enum segment_step {
#define SEGMENT_STEP(id, en, ja) SEGMENT_##id,
#include "evidence/segment_step_tbl.h"
#undef SEGMENT_STEP
};

struct segment_place {	  /* where the reader stands */
	uint64_t member;  /* offset in the file of the member it is in */
	uint64_t taken;	  /* bytes of the file taken */
	uint64_t stream;  /* inflated bytes up to the last record given out */
	uint64_t index;	  /* of the next record */
	uint64_t members; /* before the one of the last record; behind MORE or
			   * END all that ended, without the empty one */
	bool inside;	  /* inside a member that has not ended */
	bool torn;	  /* there are bytes behind the last whole record */
	bool whole;	  /* a writer may have stopped here: flush or member end
			   * on a record boundary */
	uint32_t crc, len; /* of the open member's inflated bytes */
};

struct segment;

struct segment *segment_new(void);
void segment_free(struct segment *s);

/* Begin another segment. */
void segment_reset(struct segment *s);

/*
 * Who may have members inflated already: asked at each one's start for the one
 * at that offset of the file.  True: *data, which lives until the next asking,
 * is what it inflates to, and *packed how many bytes of the file it has.
 */
struct segment_lender {
	bool (*member)(void *arg, uint64_t offset, struct span *data,
	    uint64_t *packed);
	void *arg;
};

/* Borrowed until the next segment_reset(); then there is none. */
void segment_borrow(struct segment *s, const struct segment_lender *from);

/* Bytes of borrowed members that need not be fed, since the last call. */
uint64_t segment_passed(struct segment *s);

/* The next bytes of the file: borrowed until segment_next() says MORE. */
void segment_feed(struct segment *s, struct span bytes);

/*
 * SEGMENT_RECORD: *rec is the next.  SEGMENT_MORE: all that was fed is taken.
 * SEGMENT_END: the segment is closed.  All else is an error and stays one.
 */
enum segment_step segment_next(struct segment *s, struct segment_record *rec);

/* The header line; NULL until it was read (with the first record at last). */
const struct segment_head *segment_head(const struct segment *s);

/* The bytes of the header line, its LF included; empty like that. */
struct span segment_head_line(const struct segment *s);

struct evstreams *segment_streams(struct segment *s);

void segment_place(const struct segment *s, struct segment_place *p);

/* What an error step says, in the user's language; appended to *out. */
void segment_explain(const struct segment *s, enum segment_step e,
    struct buf *out);

/* Print or parse a header line, its LF included.  parse: 0, or -1. */
void segment_head_print(const struct segment_head *h, struct buf *out);
int segment_head_parse(struct span line, struct segment_head *h);

#endif
