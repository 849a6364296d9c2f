/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_ENVELOPE_H
#define EVIDENCE_ENVELOPE_H

#include <stdint.h>

#include "common/buf.h"
#include "common/span.h"
#include "evidence/record.h"

/*
 * A record of one log as it travels to another collector (FORMAT.md, 15): an
 * RFC 5424 message whose structured data say where it stands in its log, and
 * whose MSG is what was received.  Body and leaf come back from it exactly, so
 * whoever has it can hold it against the log that it came from.  Pure.
 */
#define ENVELOPE_WORDS_MAX 8192u /* bytes of a stream's words */
#define ENVELOPE_EDGE_MAX                                                      \
	48u			/* bytes of the body that MSG lacks, on        \
				 * each of its sides */
#define ENVELOPE_OWN_MAX 20480u /* bytes of it beside MSG, at most */
#define ENVELOPE_MAX (RECORD_BODY_MAX + ENVELOPE_OWN_MAX) /* conf_tbl.h: so */

struct envelope {	    /* spans are borrowed */
	struct span origin; /* of the log, checkpoint_origin_ok() */
	struct record r;
	uint64_t index, seq;
	uint8_t nonce[16]; /* record_nonce() */
	struct span words; /* of its d1, see envelope_words(); else empty */
};

/* Of a d1's body what says where its records come from: from listener= on. */
struct span envelope_words(struct span body);

/*
 * Append the message.  framing says what of the body is message.  Words that
 * are longer than ENVELOPE_WORDS_MAX or no words are left out.
 */
void envelope_print(const struct envelope *e, enum record_framing framing,
    struct buf *out);

/*
 * Read what envelope_print() wrote.  PRI, time and host may be others', for
 * what lies between may change them.  text is emptied and holds what *e
 * borrows, but for the origin, which borrows from in.  Return 0, or -1.
 */
int envelope_parse(struct span in, struct envelope *e, struct buf *text);

/* The leaf hash of the record, as it stands in its log. */
void envelope_leaf(const struct envelope *e, uint8_t leaf[SHA256_LEN]);

#endif
