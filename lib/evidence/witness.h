/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_WITNESS_H
#define EVIDENCE_WITNESS_H

#include <stdint.h>

#include "common/buf.h"
#include "common/sha256.h"
#include "common/span.h"
#include "evidence/checkpoint.h"
#include "evidence/note.h"

/*
 * What a log and a witness say to each other (C2SP tlog-witness), and what a
 * witness answers: it cosigns a checkpoint only if it extends the last one that
 * it cosigned.  Narrower than the C2SP text in what note.h and checkpoint.h
 * say, and in WITNESS_SIGS_MAX.  Pure.
 */
#define WITNESS_PROOF_MAX 63u
#define WITNESS_SIGS_MAX 16u
#define WITNESS_BODY_MAX (NOTE_MAX + 64u + 45u * WITNESS_PROOF_MAX)
#define WITNESS_SIZE_TYPE "text/x.tlog.size" /* of a 409's body */

struct witness_request { /* the body of add-checkpoint */
	uint64_t old;	 /* the size that the witness knows; 0: none */
	size_t n;	 /* hashes of the consistency proof */
	uint8_t proof[WITNESS_PROOF_MAX][SHA256_LEN];
	struct span note; /* the checkpoint, borrowed */
};

/* For what parse accepts, print gives the same bytes again.  0, or -1. */
void witness_request_print(const struct witness_request *r, struct buf *out);
int witness_request_parse(struct span in, struct witness_request *r);

/* The body of a 409, "<size> LF".  0, or -1. */
int witness_size_parse(struct span in, uint64_t *size);

/* HTTP statuses of the protocol. */
enum witness_status {
	WITNESS_OK = 200,
	WITNESS_BAD = 400,	 /* no request, or old size too large */
	WITNESS_FORBIDDEN = 403, /* no signature of the log's key */
	WITNESS_UNKNOWN = 404,	 /* no such origin */
	WITNESS_CONFLICT = 409,	 /* another size, or another root */
	WITNESS_UNPROVED = 422,	 /* the consistency proof does not hold */
};

struct witness_seen { /* the last checkpoint cosigned; size 0: none */
	uint64_t size;
	uint8_t root[SHA256_LEN];
};

/*
 * What to answer to a request whose note was read as n and c: log is the key
 * that belongs to the origin.
 */
enum witness_status witness_judge(const struct witness_request *r,
    const struct note *n, const struct checkpoint *c,
    const struct note_key *log, const struct witness_seen *seen);

/*
 * Append the path below a witness's address where it shows the last checkpoint
 * that it cosigned for a log: "<hex SHA-256 of the origin>/checkpoint".
 */
void witness_path(struct span origin, struct buf *out);

#endif
