/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_ANSWERS_H
#define COLLECTOR_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"

/*
 * What a RELP sender waits for: the answers to its frames, in their order, each
 * of which may be given when the ring is durable up to where its record ends.
 * No I/O.
 */
#define ANSWERS_MAX                                                            \
	2048u /* a sender's window beyond that waits in the kernel */

enum answer {
	ANSWER_RECORD,	/* a message: when it is durable */
	ANSWER_UNKNOWN, /* a command that we do not have */
	ANSWER_OPEN,	/* `open` in a session that is open */
	ANSWER_CLOSE,	/* the end of the session */
};

struct answers {
	struct answer_due {
		uint64_t at; /* of the ring; 0: at once */
		uint32_t txnr;
		enum answer what;
	} * due;
	unsigned cap, first, n; /* cap: a power of two, or 0 */
	unsigned records;	/* of n */
};

void answers_init(struct answers *a);
void answers_fini(struct answers *a);

/* Whether there is room for another one; makes it. */
bool answers_room(struct answers *a);

/* There is room: the frame txnr is to be answered so. */
void answers_add(struct answers *a, uint32_t txnr, enum answer what,
    uint64_t at);

/*
 * Append the answers that may be given when the ring is durable up to there,
 * and forget them.  Return whether one was ANSWER_CLOSE.
 */
bool answers_print(struct answers *a, uint64_t upto, struct buf *out);

#endif
