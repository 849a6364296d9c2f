/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_CHECKPOINT_H
#define EVIDENCE_CHECKPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/sha256.h"
#include "common/span.h"
#include "evidence/note.h"

/*
 * A checkpoint (FORMAT.md, 6): a note whose text is the three lines origin,
 * size and root of a log, signed by the log key and by the key of an epoch,
 * in this order, then by any others.  Pure.
 */
#define CHECKPOINT_ORIGIN_MAX 120u
#define CHECKPOINT_SIZE_MAX UINT64_C(999999999999)
#define CHECKPOINT_EPOCH_MAX ((1u << 20) - 1)

struct checkpoint {
	struct span origin; /* borrowed */
	uint64_t size;
	uint8_t root[SHA256_LEN];
	uint32_t epoch; /* of the second signature line */
};

/* Whether s is an origin: 1-120 bytes of a-z 0-9 . / - */
bool checkpoint_origin_ok(struct span s);

/* The three lines, without the empty line behind them.  parse: 0 or -1, and
 * epoch is left 0. */
void checkpoint_print(const struct checkpoint *c, struct buf *out);
int checkpoint_parse(struct span text, struct checkpoint *c);

/* SHA-256 of the three lines: "previous=" of the next s1 record. */
void checkpoint_hash(const struct checkpoint *c, uint8_t out[SHA256_LEN]);

/*
 * Read a whole checkpoint note; n and c borrow from in.  Origin, order and
 * names of the two lines are checked, the signatures are not.
 */
enum note_err checkpoint_read(struct span in, struct note *n,
    struct checkpoint *c);

/*
 * Check what checkpoint_read() gave: the signature of the log key, and that
 * of the epoch key (whose way to R is epoch_verify()'s matter).
 */
enum note_err checkpoint_verify_log(const struct note *n,
    const struct note_key *log_key);
enum note_err checkpoint_verify_epoch(const struct note *n,
    const struct checkpoint *c, const uint8_t epoch_key[KEY_LEN]);

/* Append the two signature lines.  Return 0, or -1 if OpenSSL failed. */
int checkpoint_sign(const struct checkpoint *c, const uint8_t log_seed[KEY_LEN],
    const uint8_t epoch_seed[KEY_LEN], struct buf *lines);

/* Append the whole note: three lines, empty line, signature lines. */
void checkpoint_join(const struct checkpoint *c, struct span lines,
    struct buf *out);

#endif
