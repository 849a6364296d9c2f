/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_RELPCONN_PRIV_H
#define COLLECTOR_RELPCONN_PRIV_H

#include <event2/event.h>
#include <event2/event_struct.h>

#include "collector/answers.h"
#include "collector/held.h"
#include "collector/relp.h"
#include "collector/relpconn.h"
#include "collector/relpserver.h"
#include "collector/wire.h"

/*
 * The inside of a session: relpconn.c has its events, its states and its end;
 * relpconn_take.c makes records and answers due of its frames.
 */
#define RELPCONN_OUT_MAX 65536u /* bytes not read: no more frames are taken */

enum state {
	STATE_NEW,
	STATE_HANDSHAKE,
	STATE_READING,
	STATE_PAUSED, /* the ring is full */
	STATE_FULL,   /* too many answers are due or not read */
	STATE_ENDING, /* what is due may still be answered */
};

enum relpconn_step {
	RELPCONN_MORE,	  /* all whole frames were taken */
	RELPCONN_NO_ROOM, /* the ring is full */
	RELPCONN_FULL,	  /* answers must go first */
	RELPCONN_WRONG,	  /* no RELP: what there is was kept */
	RELPCONN_CLOSE,	  /* the sender wants to end */
};

struct relpconn {
	struct listener *l;
	struct wire wire;
	enum state state;
	enum conn_end why; /* ENDING */
	struct endpoint peer;
	struct relp relp;
	bool opened;	   /* `open` was answered */
	bool cleanly;	   /* `close` was */
	bool hinted;	   /* we said that we end */
	const char *wrong; /* why this cannot go on, or NULL */
	uint64_t odd;	   /* bytes that RELP does not have, not told yet */
	uint32_t txnr;	   /* of the frame before; 0: there was none */
	bool miscounted;   /* one did not follow, which was told */
	uint32_t stream;
	uint64_t rx;
	uint64_t writer; /* who has what is under way */
	struct held held;
	struct answers answers;
	struct buf out; /* answers to be sent, from sent on */
	size_t sent;
	struct resent_conn resent;
	struct event ready, writable, timer;
	struct intake_waiter room;
	struct relpserver_waiter given;
	TAILQ_ENTRY(relpconn) next;
};

/*
 * Take what can be taken of *p: it is left with what is to be held.  Records
 * are put, not yet published.
 */
enum relpconn_step relpconn_take(struct relpconn *c, struct span *p);

/* Tell what was wrong and is not told yet, if anything was: at the end. */
void relpconn_tell(struct relpconn *c);

/* A part of a frame, after which no more comes.  false: there is no room. */
bool relpconn_keep(struct relpconn *c, struct span *p);

#endif
