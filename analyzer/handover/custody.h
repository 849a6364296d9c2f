/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_HANDOVER_CUSTODY_H
#define ANALYZER_HANDOVER_CUSTODY_H

#include <stdint.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/sha256.h"
#include "common/span.h"

/*
 * A step of a package's custody as an operator record (FORMAT.md, 12): what
 * ISO/IEC 27037 and NIST SP 800-86 ask of each.  Pure.
 */
enum custody_step {
	CUSTODY_HANDOVER, /* made, to be given to somebody */
	CUSTODY_RECEIPT,
	CUSTODY_TRANSFER,
	CUSTODY_RETURN,
	CUSTODY_STEP_COUNT
};

enum custody_text {
	CUSTODY_FROM,	   /* who gave it */
	CUSTODY_TO,	   /* who took it */
	CUSTODY_WHY,	   /* for what */
	CUSTODY_AUTHORITY, /* on what legal or other basis */
	CUSTODY_PLACE,
	CUSTODY_CONDITION, /* of the package: sealed, complete, ... */
	CUSTODY_FROM_ACK,  /* how who gave acknowledged it */
	CUSTODY_TO_ACK,	   /* how who took acknowledged it */
	CUSTODY_TEXT_COUNT
};

struct custody {
	enum custody_step step;
	uint8_t package[SHA256_LEN];	      /* of tagmanifest-sha256.txt */
	uint64_t at;			      /* when it happened, usec */
	struct span text[CUSTODY_TEXT_COUNT]; /* what was not said is empty */
	/* What was found when it was recorded: "yes" or "no", and "intact",
	 * "tampered", "incomplete" or "unchecked"; empty: not looked at. */
	struct span known, verified;
};

/* "receipt", "from-ack": the words of the record, and of the command. */
const char *custody_step_name(enum custody_step step);
const char *custody_text_name(enum custody_text text);

/* Append the words of the record, from "action=" on. */
void custody_print(const struct custody *c, struct buf *out);

/*
 * Read the body of an operator record.  1 a step of custody, whose texts live
 * in a; 0 it is about something else; -1 it is one, and not as it must be.
 */
int custody_parse(struct span body, struct arena *a, struct custody *c);

#endif
