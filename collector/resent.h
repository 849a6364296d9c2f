/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_RESENT_H
#define COLLECTOR_RESENT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/span.h"

/*
 * Which messages a RELP sender repeats.  A sender whose connection broke sends
 * again, first and in order, what was not acknowledged, and some of it may be
 * recorded already.  So of each connection the hashes of its last messages are
 * kept; when the first message of a new connection from the same address is
 * among those of one before, it is a probable duplicate, and so is each that
 * follows as it did there.  One that is none ends that.
 *
 * Memory that the parent makes and that outlives a receiver; it costs what is
 * used of it.
 */
#define RESENT_CONNS 256u     /* connections, those that ended included */
#define RESENT_MESSAGES 2048u /* of each: the largest window of a sender */

struct resent;

/* NULL and errno. */
struct resent *resent_new(void);
void resent_free(struct resent *s);

/* A receiver begins: no connection is open. */
void resent_begin(struct resent *s);

struct resent_conn {	  /* a connection's part; plain memory */
	struct resent *s; /* NULL: nothing is recognised */
	unsigned own;	  /* its slot */
	unsigned other;	  /* slot whose messages it repeats */
	uint64_t next;	  /* which of them comes next */
	enum { RESENT_FIRST, RESENT_REPEATS, RESENT_NEW } state;
	bool asked, duplicate; /* of a message that is not taken yet */
};

/*
 * A connection begins, of a peer that key stands for.  The slot used longest
 * ago gives way; if all are open nothing is recognised.
 */
void resent_open(struct resent *s, struct resent_conn *c, uint64_t key);

/*
 * A message comes.  Return whether it is a probable duplicate; the same again
 * until it is taken.
 */
bool resent_message(struct resent_conn *c, struct span body);
void resent_taken(struct resent_conn *c);

/* The connection ends; if cleanly, nothing will be repeated. */
void resent_close(struct resent_conn *c, bool cleanly);

/* A number for some bytes, going on from another one. */
uint64_t resent_hash(uint64_t from, struct span bytes);

#endif
