/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_SUBMIT_H
#define EVIDENCE_SUBMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/cursor.h"
#include "common/span.h"
#include "evidence/record.h"

/*
 * What a program of this machine and the writer say to each other over the
 * socket run/submit.sock (SOCK_SEQPACKET): records that do not come from the
 * network enter a log only this way.  One message is one packet: a letter,
 * then what the letter asks for.  Pure.
 *
 *   client                              writer
 *   O log LF words  open a stream       o number
 *   R parts         records of it       (none: the socket is the brake)
 *   P log LF words  an o1 record        (none)
 *   E why           end of the stream   (none)
 *   G log LF words  a g1 watch-lost     (none; the tailer only)
 *   S log           seal                s first last n size LF note
 *   H log LF words  an act of retention s likewise, once it is done and sealed
 *   C log           close the segment   s likewise, once that is sealed
 *                                       x error LF sentence, then it hangs up
 *
 * and from the collector's own anchor process, which may send nothing else:
 *
 *   N log           the newest checkpoint   n note, or x error LF sentence
 *   W log LF line   a cosignature of it     k index, or x
 *   T log LF bytes  a token over it (DER)   k index, or x
 *
 * A part is a byte of flags (RECORD_CUT ... in the low bits; SUBMIT_MORE: the
 * record goes on in the next part), its length in three bytes, the highest
 * first, and its bytes.
 */
#define SUBMIT_MESSAGE_MAX 65536u /* bytes of a message */
#define SUBMIT_WORDS_MAX 4096u	  /* bytes of the words of a stream */
#define SUBMIT_LOG_MAX 32u	  /* bytes of a log's name */
#define SUBMIT_NOTE_MAX 32768u	  /* bytes of a checkpoint in an answer */
#define SUBMIT_PART_HEAD 4u	  /* flags and length */
#define SUBMIT_MORE 0x80u

enum submit_err {
#define SUBMIT_ERR(id, name, en, ja) SUBMIT_##id,
#include "evidence/submit_err_tbl.h"
#undef SUBMIT_ERR
	SUBMIT_ERR_COUNT
};

/* A sentence in the user's language. */
const char *submit_strerror(enum submit_err e);

enum submit_what {
	SUBMIT_OPEN,	    /* log, words */
	SUBMIT_RECORDS,	    /* parts */
	SUBMIT_OPERATOR,    /* log, words */
	SUBMIT_END,	    /* words: why */
	SUBMIT_SEAL,	    /* log */
	SUBMIT_RETAIN,	    /* log, words */
	SUBMIT_CLOSE,	    /* log */
	SUBMIT_NEWEST,	    /* log */
	SUBMIT_COSIGNATURE, /* log, file */
	SUBMIT_TOKEN,	    /* log, file */
	SUBMIT_GAP,	    /* log, words */
};

struct submit_request { /* spans borrow from the message */
	enum submit_what what;
	struct span log;   /* its name in the configuration */
	struct span words; /* as in a system record's body, or a name */
	struct span parts;
	struct span file; /* a cosignature line, or a token */
};

struct submit_part {
	unsigned flags; /* RECORD_CUT ... */
	bool more;	/* the next part continues the record */
	struct span bytes;
};

enum submit_answered {
	SUBMIT_OPENED,	/* stream */
	SUBMIT_SEALED,	/* first, last, n, size, note */
	SUBMIT_REFUSED, /* err, text */
	SUBMIT_NOTE,	/* note */
	SUBMIT_KEPT	/* first */
};

struct submit_answer { /* spans borrow from the message */
	enum submit_answered what;
	uint32_t stream;      /* its number in the log */
	uint64_t first, last; /* lowest and highest index of what was sent;
				 of what was kept: its index */
	uint64_t n;	      /* records of it; 0: first and last say nothing */
	uint64_t size;	      /* of the checkpoint that covers it */
	struct span note;     /* that checkpoint, a signed note */
	enum submit_err err;
	struct span text; /* what exactly, for people; may be empty */
};

/* Append a message; parts are appended one by one behind its letter 'R'. */
void submit_request_print(const struct submit_request *r, struct buf *out);
void submit_part_print(const struct submit_part *p, struct buf *out);
void submit_answer_print(const struct submit_answer *a, struct buf *out);

/* Read a whole message, all parts checked.  Return 0, or -1. */
int submit_request_parse(struct span in, struct submit_request *r);
int submit_answer_parse(struct span in, struct submit_answer *a);

/* The next part of checked parts: 1, or 0 at the end. */
int submit_part_next(struct cursor *c, struct submit_part *p);

#endif
