/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_EVREAD_H
#define EVIDENCE_EVREAD_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/lend.h"
#include "common/span.h"
#include "evidence/evread_gap.h"
#include "evidence/record.h"

/*
 * Reads the records of a log in order, those below the size of its newest
 * checkpoint and none beyond; writes nothing.  It parses strictly but proves
 * nothing: that is verify.h.
 */
struct evread;

/* What a d1 record says of a stream; lives as long as the reader. */
struct evread_stream {
	uint32_t number;
	enum record_framing framing;
	bool replay;
	struct span words; /* the d1 body */
	struct span listener, transport, peer,
	    file;	  /* unescaped; may be empty */
	uint64_t next;	  /* sequence number of its next record */
	uint64_t defined; /* index of its newest d1 */
	uint16_t port;	  /* of the previous record, UDP */
	void *user;	  /* for whoever reads; NULL at first */
};

struct evread_record {
	struct record r; /* body borrowed until the next call */
	uint64_t index;
	uint64_t segment; /* number of its segment */
	uint64_t seq;
	uint8_t leaf[SHA256_LEN]; /* if asked for at open, or hashed; else zero
				   */
	bool hashed; /* it was at hand (evread_borrow()) */
	const uint8_t *salt; /* of it, RECORD_SALT bytes; until the next call */
	struct evread_stream *stream; /* NULL for system records */
	struct span message;	      /* body without framing */
};

/*
 * Open the log in dir at its newest checkpoint.  leaves: compute leaf hashes.
 * Return 0, or -1 and a sentence in *why (file, offset, what).
 */
int evread_open(struct evread **r, const char *dir, bool leaves,
    struct buf *why);
void evread_close(struct evread *r);

/* What is inflated and hashed beside is taken from there; NULL: no more. */
void evread_borrow(struct evread *r, struct lend *from);

const char *evread_origin(const struct evread *r);
uint64_t evread_size(const struct evread *r);	    /* of the checkpoint */
const uint8_t *evread_root(const struct evread *r); /* 32 bytes */

/*
 * Segments whose file is gone; the reader goes on behind them.  At the end
 * evread_next() fails if one is not named by an x1 record.
 */
const struct evread_gaps *evread_gaps(const struct evread *r);

/* Go on from that index (to the start of its segment, then forward). */
int evread_seek(struct evread *r, uint64_t index, struct buf *why);

/*
 * The records up to next, where a segment begins, need not be read: go on
 * there.  And: evread_next() returns 0 where it stands at until or behind
 * (UINT64_MAX: no such bound), before it looks for the segment.
 */
void evread_pass(struct evread *r, uint64_t next);
void evread_bound(struct evread *r, uint64_t until);
uint64_t evread_at(const struct evread *r); /* the next index */

/* An x1 record that was passed over: it may explain a segment that is gone. */
void evread_explain(struct evread *r, const struct record *x1);

/* The next record: 1, 0 at the checkpoint's size, -1 and *why. */
int evread_next(struct evread *r, struct evread_record *rec, struct buf *why);

/* Read the checkpoint again, to follow a live log.  1 if it grew, 0, -1. */
int evread_refresh(struct evread *r, struct buf *why);

#endif
