/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_PIECES_H
#define ANALYZER_COMMAND_PIECES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/span.h"
#include "evidence/record.h"

/*
 * Messages that are longer than a record, put together again: a record that was
 * cut (flag x) goes on in the next of its stream.  A record that travels to
 * another collector has its envelope around it, so one of the greatest size
 * arrives so.  Pure but for malloc, and bounded.
 */
#define PIECES_MAX 64u /* messages that are open at a time */

struct pieces {
	struct piece {
		uint32_t stream;
		struct buf body; /* of its records so far, framing included */
	} v[PIECES_MAX];	 /* the oldest first */
	size_t n;
	size_t max;	  /* bytes of a message, framing included */
	struct buf whole; /* what was handed out last */
	uint64_t unended; /* messages that nothing ended */
};

void pieces_init(struct pieces *p, size_t max);
void pieces_fini(struct pieces *p);

/* Whether the stream's next record goes on with a message. */
bool pieces_open(const struct pieces *p, uint32_t stream);

/*
 * Take a record's body: the first piece of a message (RECORD_CUT), or what
 * follows where one is open.  Return 1 and the message without framing,
 * borrowed until the next call; 0 if it goes on; -1 if it was too long, and its
 * next record begins a message.
 */
int pieces_add(struct pieces *p, const struct record *r,
    enum record_framing framing, struct span *message);

#endif
