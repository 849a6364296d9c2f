/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_OUTSIDE_H
#define EVIDENCE_OUTSIDE_H

#include "common/buf.h"
#include "common/span.h"
#include "evidence/checkpoint.h"
#include "evidence/note.h"

/*
 * The file `outside` of a log that follows one which was rolled back
 * (FORMAT.md, 14): the checkpoint that proved it, and where it was found.  For
 * what parse accepts, print gives the same bytes again.  Pure.
 */
#define OUTSIDE_FROM 256u /* bytes of where, with a NUL */
#define OUTSIDE_MAX (NOTE_MAX + 1024u)

struct outside {
	char from[OUTSIDE_FROM]; /* a URL or a folder */
	struct span note;	 /* borrowed */
	struct checkpoint c;	 /* of the note; borrows from it */
};

void outside_print(const struct outside *o, struct buf *out);

/* Signatures are not checked.  Return 0, or -1. */
int outside_parse(struct span in, struct outside *o);

/* Whether the key signed the note. */
bool outside_verify(const struct outside *o, const struct note_key *log_key);

#endif
