/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_CONN_H
#define COLLECTOR_CONN_H

#include "collector/endpoint.h"
#include "collector/listen.h"

/*
 * One connection, from accept to its end: bytes are read, framed and put into
 * the ring; what has not its end yet is held.  The connection frees itself
 * when it has ended and all of its bytes are in the ring.
 */
struct conn;

/*
 * So long (usec) a message may wait for its end; then what there is of it is
 * put as a piece, so that it is sealed: nobody knows when the rest will come.
 */
#define CONN_WAIT UINT64_C(30000000)

/* Take over an accepted descriptor.  Without memory it is closed (counted). */
void conn_open(struct listener *l, int fd, const struct endpoint *peer);

/* The next connection of the same listener, or NULL. */
struct conn *conn_next(struct conn *c);

/* Put a g1 about stray bytes, and one about frames for which there was no room,
 * if there were any; once a second. */
void conn_tell(struct conn *c);

/* Put what has waited for too long; once a second. */
void conn_tick(struct conn *c, uint64_t now);

/* The collector stops: read what is there, then end. */
void conn_stop(struct conn *c);

/* End now, in whatever state; what is held goes into the ring if it can. */
void conn_close(struct conn *c);

#endif
