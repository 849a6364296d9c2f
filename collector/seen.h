/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_SEEN_H
#define COLLECTOR_SEEN_H

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
#define SEEN_CONNS 256u	    /* connections, those that ended included */
#define SEEN_MESSAGES 2048u /* of each: the largest window of a sender */

struct seen;

/* NULL and errno. */
struct seen *seen_new(void);
void seen_free(struct seen *s);

/* A receiver begins: no connection is open. */
void seen_begin(struct seen *s);

struct seen_conn {	/* a connection's part; plain memory */
	struct seen *s; /* NULL: nothing is recognised */
	unsigned own;	/* its slot */
	unsigned other; /* slot whose messages it repeats */
	uint64_t next;	/* which of them comes next */
	enum { SEEN_FIRST, SEEN_REPEATS, SEEN_NEW } state;
	bool asked, duplicate; /* of a message that is not taken yet */
};

/*
 * A connection begins, of a peer that key stands for.  The slot used longest
 * ago gives way; if all are open nothing is recognised.
 */
void seen_open(struct seen *s, struct seen_conn *c, uint64_t key);

/*
 * A message comes.  Return whether it is a probable duplicate; the same again
 * until it is taken.
 */
bool seen_message(struct seen_conn *c, struct span body);
void seen_taken(struct seen_conn *c);

/* The connection ends; if cleanly, nothing will be repeated. */
void seen_close(struct seen_conn *c, bool cleanly);

/* A number for some bytes, going on from another one. */
uint64_t seen_hash(uint64_t from, struct span bytes);

#endif
