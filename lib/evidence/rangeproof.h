/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_RANGEPROOF_H
#define EVIDENCE_RANGEPROOF_H

#include <stdint.h>

#include "common/buf.h"
#include "common/span.h"
#include "evidence/checkpoint.h"
#include "evidence/note.h"
#include "evidence/tlogproof.h"
#include "evidence/tree.h"

/*
 * That the records from first to last stand in a log in this order, with
 * nothing between them, as text (FORMAT.md, 10, Range).  Pure.
 */
#define RANGEPROOF_LINE "evrange1 " /* what such a text begins with */
#define RANGEPROOF_MAX (256u << 20) /* bytes of a text: a million records */

/* Subtrees as lines "NAME LEVEL INDEX HASH". */
void rangeproof_print(const char *name, const struct tree_range *r,
    struct buf *out);

struct rangeproof {
	uint64_t first, last;
	struct checkpoint checkpoint; /* borrows from the text */
};

/*
 * Whether a text proves that the leaf lines in it are those of a checkpoint
 * which the log's key signed (NULL: any).  Of the epoch's key nothing is said.
 */
enum tlogproof_err rangeproof_check(struct span in,
    const struct note_key *log_key, struct rangeproof *r);

#endif
