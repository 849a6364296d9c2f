/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_RINGMSG_H
#define COLLECTOR_RINGMSG_H

#include <stdint.h>

#include "common/span.h"
#include "evidence/record.h"

/*
 * What the receiver tells the writer, as messages in the ring.  Both run on
 * one machine from one build, so numbers are in host order and the head is a
 * struct; but the receiver parses hostile bytes and may be taken over, so the
 * writer trusts no message: it copies it out of the ring, then parses it with
 * ringmsg_parse(), which checks everything a head can say.  Pure.
 *
 * Order: START first.  A stream's STREAM precedes its RECORDs and its END
 * follows them; then its number may be used again.  A stream with no record
 * is never opened.
 */
#define RINGMSG_HEAD 24u       /* bytes of a message's head */
#define RINGMSG_STREAMS 65536u /* stream numbers are below this */
#define RINGMSG_NO_STREAM UINT32_MAX
#define RINGMSG_LOGS 16u	/* log numbers are below this */
#define RINGMSG_WORDS_MAX 4096u /* bytes of d1 or g1 words */
#define RINGMSG_WAITS 0x80u	/* a flag */
#define RINGMSG_MAX (RINGMSG_HEAD + RECORD_BODY_MAX)

enum ringmsg_kind {
	/*
	 * A receiver has begun (again), at rx.  Every stream that is still open
	 * has ended (why=receiver-restart).  No body; or, if one before ended
	 * by itself, what it left: struct ringmsg_will.
	 */
	RINGMSG_START = 1,
	/*
	 * Defines a stream: stream, log (index into site->logs), rx.
	 * Body: the d1 words from "listener=" on (FORMAT.md, 4), for
	 * evlog_stream().
	 */
	RINGMSG_STREAM,
	/*
	 * A received record: rx, stream, flags (RECORD_CUT, RECORD_PARTIAL,
	 * RECORD_DUPLICATE; RINGMSG_WAITS: somebody waits until it is durable),
	 * port (UDP: the sender's, each time; other transports: 0), bytes.
	 */
	RINGMSG_RECORD,
	/* A stream has ended.  Body: the name of a row of conn_end_tbl.h. */
	RINGMSG_END,
	/*
	 * A gap or loss: flags = enum gap_kind (gap.h), log, stream or
	 * RINGMSG_NO_STREAM, rx.  Body: the g1 words from "listener=" on; the
	 * writer puts "kind=" and "stream=" with the log's own stream number
	 * ("-" for none) before them.
	 */
	RINGMSG_GAP,
	/* Totals of one log since START: log; body: struct ringmsg_counters. */
	RINGMSG_COUNTERS,
};

struct ringmsg_counters {	 /* the receiver's part of evlog_counters */
	uint64_t received;	 /* records, the ones in the ring included */
	uint64_t kernel_dropped; /* datagrams the kernel had no room for */
	uint64_t refused;	 /* datagrams and connections turned away */
	uint64_t unwritten;	 /* received, and dropped: there was no room */
};

struct ringmsg_will {	/* what a receiver leaves, should it die */
	uint64_t well;	/* utc usec: it was so then; 0: nothing is lost */
	uint64_t feeds; /* logs that it receives for, 1 << number */
	uint64_t bytes[RINGMSG_LOGS]; /* of each it has at most; see claim.h */
};

struct ringmsg {
	enum ringmsg_kind kind;
	uint8_t flags;
	uint16_t port;
	uint32_t stream;
	uint32_t log;
	uint64_t rx; /* usec since 1970 UTC */
	struct span body;
};

/* Bytes a message takes in the ring; always a multiple of 8. */
static inline size_t
ringmsg_size(size_t body)
{
	return (RINGMSG_HEAD + body + 7u) & ~(size_t)7;
}

/*
 * Write m to out[ringmsg_size(m->body.len)].  The caller keeps to the limits
 * above.
 */
void ringmsg_print(const struct ringmsg *m, uint8_t *out);

/*
 * Read the message at the start of in, which is private memory (the ring
 * itself may change under a reader's eyes).  Return 1 and *size, the body
 * borrowed from in; 0 if it goes on beyond in; -1 if it is none: unknown kind,
 * a number or length over its limit, flags that its kind has not.
 */
int ringmsg_parse(struct span in, struct ringmsg *m, size_t *size);

/* The body of a COUNTERS message. */
struct ringmsg_counters ringmsg_counters(const struct ringmsg *m);

/* The body of a START message; zeros if it has none. */
struct ringmsg_will ringmsg_will(const struct ringmsg *m);

#endif
