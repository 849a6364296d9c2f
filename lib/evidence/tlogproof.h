/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_TLOGPROOF_H
#define EVIDENCE_TLOGPROOF_H

#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/span.h"
#include "evidence/checkpoint.h"
#include "evidence/note.h"
#include "evidence/prove.h"

/*
 * Proofs as text (FORMAT.md, 10): C2SP tlog-proof v1 for inclusion, the body of
 * C2SP tlog-witness' add-checkpoint for consistency.  For what parse accepts,
 * print gives the same bytes again.  Pure.
 */
#define TLOGPROOF_EXTRA_MAX 1024u
#define TLOGPROOF_MAX (NOTE_MAX + 8192u) /* bytes of a text */

enum tlogproof_err {
#define TLOGPROOF_ERR(id, en, ja) TLOGPROOF_##id,
#include "evidence/tlogproof_err_tbl.h"
#undef TLOGPROOF_ERR
};

/* A sentence in the user's language. */
const char *tlogproof_strerror(enum tlogproof_err e);

struct tlogproof {
	struct proof proof; /* its size is that of the note, 0 till then */
	size_t extra_len;   /* 0: there is none */
	uint8_t extra[TLOGPROOF_EXTRA_MAX]; /* ours: the leaf line */
	struct span note;		    /* borrows from the text */
};

/* Inclusion.  extra may be empty.  parse: 0, or -1 and the wrong line. */
void tlogproof_print(const struct proof *p, struct span extra, struct span note,
    struct buf *out);
int tlogproof_parse(struct span in, struct tlogproof *t, unsigned *line);

/* Consistency: likewise. */
void tlogproof_print_old(const struct proof *p, struct span note,
    struct buf *out);
int tlogproof_parse_old(struct span in, struct tlogproof *t, unsigned *line);

/*
 * Whether a text proves that the record with that leaf line is in a checkpoint
 * which the log's key signed (NULL: any): then *c is that checkpoint and
 * t->proof.size its size.  Of the epoch's key nothing is said.
 */
enum tlogproof_err tlogproof_check(struct span in, struct span leaf_line,
    const struct note_key *log_key, struct tlogproof *t, struct checkpoint *c);

/*
 * Whether a text proves that a checkpoint which the log's key signed (NULL:
 * any) extends the log as it was at an older one; likewise.
 */
enum tlogproof_err tlogproof_check_old(struct span in,
    const struct checkpoint *old, const struct note_key *log_key,
    struct tlogproof *t, struct checkpoint *c);

#endif
