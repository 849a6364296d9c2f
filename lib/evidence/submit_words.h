/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_SUBMIT_WORDS_H
#define EVIDENCE_SUBMIT_WORDS_H

#include <stdint.h>

#include "common/buf.h"
#include "common/span.h"

/*
 * The words of system records as the writer takes them from processes that it
 * does not trust: checked, put in the format's order, and with what only the
 * kernel may say.  Pure.
 */
enum submit_words_from {
	SUBMIT_WORDS_RECEIVER, /* transport udp, tcp, tls or unix; no uid */
	SUBMIT_WORDS_CLIENT,   /* import or local; uid= is added */
	SUBMIT_WORDS_TAILER,   /* file; no uid */
};

/*
 * Append the words of a stream's d1 behind next= (FORMAT.md, 4): the keys of
 * the format only, each once.  Return 0, or -1 if the words are not such
 * words, listener, transport or framing is missing, or the transport is none
 * that from may name.
 */
int submit_words_stream(struct span words, enum submit_words_from from,
    uint32_t uid, struct buf *out);

/*
 * Append the body of an o1 record: uid= and the client's words, of which the
 * first must be action=.  Return 0, or -1.
 */
int submit_words_operator(struct span words, uint32_t uid, struct buf *out);

/*
 * Append the words of a g1 record behind kind= and stream=, neither of which
 * may be among them.  Return 0, or -1.
 */
int submit_words_gap(struct span words, struct buf *out);

#endif
