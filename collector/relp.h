/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_RELP_H
#define COLLECTOR_RELP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/span.h"

/*
 * Frames of RELP, the reliable event logging protocol, for either side of a
 * connection: TXNR SP COMMAND SP DATALEN [SP DATA] LF.  Pure and bounded: a
 * frame is a view into the caller's bytes, and one that is larger than may be
 * kept comes in pieces.  What is no frame is said as soon as its first wrong
 * byte is there.
 */
#define RELP_TXNR_MAX 999999999u  /* then they begin at 1 again; 0 is a hint */
#define RELP_COMMAND_MAX 32u	  /* letters */
#define RELP_DATA_MAX (16u << 20) /* a longer announcement is not believed */
#define RELP_HEAD_MAX (9u + 1u + RELP_COMMAND_MAX + 1u + 9u + 1u)

enum relp_command { /* by its name on the wire, in lower case */
	RELP_OTHER, /* none of these */
	RELP_OPEN,
	RELP_CLOSE,
	RELP_SYSLOG,
	RELP_RSP,
	RELP_SERVERCLOSE,
};

struct relp {	       /* a reader */
	size_t max;    /* longest data to hand out in one piece, > 0 */
	uint64_t left; /* of a frame in pieces: bytes of data still to come */
	uint32_t txnr; /* likewise: its number and command */
	enum relp_command command;
};

struct relp_frame {
	uint32_t txnr; /* 0: a hint, which gets no answer */
	enum relp_command command;
	struct span name; /* the command as it stands; a later piece: empty */
	struct span data; /* of this piece */
	bool more;	  /* its end is not here: the next frame goes on */
	bool begun;	  /* a later piece */
	size_t len;	  /* bytes of buf, framing included; never 0 */
};

void relp_init(struct relp *r, size_t max);

/*
 * Describe in *f the frame at the start of buf, from which its spans are
 * borrowed.  Return 1 if there is one: the next call's buf begins behind its
 * len bytes.  Return 0 if more bytes are needed; then len is less than
 * RELP_HEAD_MAX + max + 1, and the next call's buf begins with the same bytes.
 * Return -1 if this is no frame: there will be no other.
 */
int relp_next(struct relp *r, const uint8_t *buf, size_t len,
    struct relp_frame *f);

/*
 * Append a frame.  txnr is at most RELP_TXNR_MAX, command a name of letters,
 * data at most RELP_DATA_MAX bytes.
 */
void relp_print(struct buf *out, uint32_t txnr, const char *command,
    struct span data);

/* Append an answer to frame txnr: "200 OK", then what text says. */
void relp_print_rsp(struct buf *out, uint32_t txnr, unsigned code,
    struct span text);

/*
 * The data of an answer: its code of three digits, and what follows (behind
 * the blank, if there is one).  Return 0, or -1 if it has no code.
 */
int relp_rsp_parse(struct span data, unsigned *code, struct span *text);

/*
 * What an `open` or its answer offers under that name: lines NAME=VALUE, of
 * which the first counts.  Return false if there is none.
 */
bool relp_offer(struct span data, const char *name, struct span *value);

/* Whether a list of words that commas separate has that word. */
bool relp_list_has(struct span list, const char *word);

#endif
