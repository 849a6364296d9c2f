/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_FRAME_H
#define COLLECTOR_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The framing of syslog over a stream (RFC 6587 and what devices make of it):
 * bytes in, frames out.  Any byte string splits into frames, and the frames
 * laid end to end are that byte string again: framing loses nothing.  How a
 * stream splits does not depend on how it arrives.  Pure; no allocation.
 *
 * AUTO is decided once, by a connection's first bytes:
 *   a count, a blank and a PRI, '{' or a BOM  OCTET
 *   a TLS client hello                        RAW (there is no message in it)
 *   LF before NUL, or NUL and LF              LF
 *   NUL and then '<', or NUL and silence      NUL
 */
#define FRAME_COUNT_MAX (16u << 20) /* a larger count is a broken one */
#define FRAME_MAX_MIN 16u	    /* a count fits, and what follows it */

enum frame_mode {
	FRAME_AUTO,
	FRAME_OCTET,
	FRAME_LF,
	FRAME_NUL,
	FRAME_RAW,
};

struct framer {
	enum frame_mode mode;
	size_t max;    /* longest frame to hand out */
	size_t seen;   /* bytes of buf that have been searched */
	uint64_t left; /* bytes of a cut frame to come; LF, NUL: 1, some */
	bool lost;     /* OCTET: looking for a count */
	bool doubtful; /* AUTO: framer_settle() would decide */
};

struct frame {
	size_t len; /* bytes, framing included; never 0 */
	bool cut;   /* its end is not here: the next frame goes on */
	bool stray; /* OCTET: bytes that no count announced */
};

/* mode: AUTO, or what the configuration says.  max: at least FRAME_MAX_MIN. */
void framer_init(struct framer *fr, enum frame_mode mode, size_t max);

/*
 * Describe in *f the frame at the start of buf.  Return 1 if there is one: the
 * next call's buf begins behind it.  Return 0 if more bytes are needed; then
 * len < max, and the next call's buf begins with the same bytes.  When it has
 * returned 1, mode is decided.
 */
int framer_next(struct framer *fr, const uint8_t *buf, size_t len,
    struct frame *f);

/* Nothing more has come for a while: decide if doubtful. */
void framer_settle(struct framer *fr);

/*
 * Hand out the len bytes that framer_next() waits with, although their end is
 * not here: there is no room to keep them.  The next call's buf begins behind
 * them.  Return whether the frame goes on there (it is cut).
 */
bool framer_cut(struct framer *fr, const uint8_t *buf, size_t len);

/*
 * Of those len bytes, how many may be handed out so without a difference to how
 * what follows is told apart: no blanks between messages, and nothing that may
 * yet be a count or a TLS client hello.  The rest, if any, goes on waiting.
 */
size_t framer_ripe(const struct framer *fr, const uint8_t *buf, size_t len);

/*
 * The stream has ended with len bytes that are no whole frame, 0 < len < max:
 * they are its last record.  Decides mode.  Return whether they are a part of
 * a frame (rather than blanks behind the last, raw bytes, or what no count
 * announced: lost).
 */
bool framer_end(struct framer *fr, const uint8_t *buf, size_t len);

#endif
