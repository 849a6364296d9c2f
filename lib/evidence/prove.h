/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_PROVE_H
#define EVIDENCE_PROVE_H

#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/sha256.h"
#include "common/span.h"
#include "evidence/record.h"
#include "evidence/tree.h"

/*
 * Makes proofs from a log at its newest checkpoint (FORMAT.md, 10).  Whatever
 * it gives out was checked against the checkpoint's root first, so that neither
 * tiles nor caches are trusted; signatures are not checked, that is verify.h.
 * Writes nothing below the log.
 *
 * All that can fail return 0, or -1 and a sentence appended to *why.
 */
#define PROOF_MAX 64u	/* hashes of a proof */
#define PROVE_NONCE 16u /* bytes */

struct prove;

struct proof {
	uint64_t index; /* of the record; consistency: the old size */
	uint64_t size;	/* of the tree, the checkpoint's */
	size_t n;
	uint8_t hash[PROOF_MAX][SHA256_LEN];
};

struct prove_record {
	struct record r; /* body borrowed until the next call */
	uint64_t index, seq;
	uint8_t nonce[PROVE_NONCE];
	uint8_t leaf[SHA256_LEN];
	size_t line_len;
	char line[RECORD_LEAF_MAX]; /* the leaf line; no NUL */
};

/*
 * Open the log in log_dir at its newest checkpoint.  cache_dir: folder of the
 * indexes of this log's segments, which are written there if they are missing
 * or wrong and the folder may be written; NULL: none.
 */
int prove_open(struct prove **p, const char *log_dir, const char *cache_dir,
    struct buf *why);
void prove_close(struct prove *p); /* NULL is fine */

uint64_t prove_size(const struct prove *p);	  /* of the checkpoint */
const uint8_t *prove_root(const struct prove *p); /* 32 bytes */
struct span prove_origin(const struct prove *p);

/* The whole checkpoint note as it stands in the log; lives as long as p. */
struct span prove_note(const struct prove *p);

/* That a record is in the tree of the checkpoint. */
int prove_inclusion(struct prove *p, uint64_t index, struct proof *out,
    struct buf *why);

/* That the tree of the checkpoint extends that of old_size, at least 1. */
int prove_consistency(struct prove *p, uint64_t old_size, struct proof *out,
    struct buf *why);

/*
 * A record as it stands in the log, with what its leaf is made of.  Its proof
 * is made as well: prove_inclusion() for the same record then costs nothing.
 */
int prove_record(struct prove *p, uint64_t index, struct prove_record *out,
    struct buf *why);

/*
 * The compact range of the leaves [begin, end): the fewest subtrees that stand
 * for them.  prove_range: what stands before and behind [begin, end).
 */
int prove_cover(struct prove *p, uint64_t begin, uint64_t end,
    struct tree_range *out, struct buf *why);
int prove_range(struct prove *p, uint64_t begin, uint64_t end,
    struct tree_range *before, struct tree_range *after, struct buf *why);

/*
 * The records [begin, end), in order, after all of them were proved: each is
 * called with one at a time, whose body is borrowed until it returns; if it
 * returns anything but 0, that is the end and the result.
 */
typedef int prove_take(void *cookie, const struct prove_record *rec);
int prove_records(struct prove *p, uint64_t begin, uint64_t end,
    prove_take *take, void *cookie, struct buf *why);

/*
 * Write the log's tree as C2SP tlog-tiles into a new folder, the checkpoint
 * last: without it the export is not whole.
 */
int prove_export(struct prove *p, const char *dir, struct buf *why);

/* The root that the log had at that size, from 0 to the checkpoint's. */
int prove_root_at(struct prove *p, uint64_t size, uint8_t root[SHA256_LEN],
    struct buf *why);

#endif
