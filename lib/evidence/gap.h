/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_GAP_H
#define EVIDENCE_GAP_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/span.h"

/*
 * The kinds of gap and loss: nothing is lost in silence.  What a g1 record of
 * any log may say is a row of gap_tbl.h.  Pure.
 */
enum gap_kind {
#define GAP(id, name, by, en, ja) GAP_##id,
#include "evidence/gap_tbl.h"
#undef GAP
	GAP_COUNT
};

/* The kind= word of a g1 record, and the kind of such a word: 0, or -1. */
const char *gap_name(enum gap_kind kind);
int gap_parse(struct span name, enum gap_kind *kind);

/* What it means, a phrase in the user's language. */
const char *gap_text(enum gap_kind kind);

/* Whether the receiver may say it. */
bool gap_is_receivers(enum gap_kind kind);

/* A number of a g1 that is not known. */
#define GAP_UNKNOWN UINT64_MAX

/* Append the word of a number, which may be GAP_UNKNOWN. */
void gap_word(struct buf *out, const char *key, uint64_t n);

/* The sum of two numbers, which may be GAP_UNKNOWN, as then the sum is. */
static inline uint64_t
gap_sum(uint64_t a, uint64_t b)
{
	return a == GAP_UNKNOWN || b == GAP_UNKNOWN ? GAP_UNKNOWN : a + b;
}

/* A g1 of the writer's, of no stream and no listener. */
struct gap {
	enum gap_kind kind;
	uint64_t count, bytes, from, until; /* usec; each may be GAP_UNKNOWN */
};

/* Append its body; words that the kind adds may follow. */
void gap_print(const struct gap *g, struct buf *out);

#endif
