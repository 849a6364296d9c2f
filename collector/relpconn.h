/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_RELPCONN_H
#define COLLECTOR_RELPCONN_H

#include "collector/endpoint.h"
#include "collector/listen.h"

/*
 * One RELP session, from accept to its end.  Each message is a record; it is
 * acknowledged when that record is durable (receipt.h) and never otherwise: if
 * the log cannot be written or sealed, acknowledgements stay away and the
 * sender keeps what it has.  A session with more than ANSWERS_MAX messages
 * under way is not read from.  What is no RELP is kept as a record, told as a
 * g1, and ends the session.
 */
struct relpconn;

/* Take over an accepted descriptor.  Without memory it is closed (counted). */
void relpconn_open(struct listener *l, int fd, const struct endpoint *peer);

/* The next session of the same listener, or NULL. */
struct relpconn *relpconn_next(struct relpconn *c);

/* The collector stops: read no more, acknowledge what becomes durable, end. */
void relpconn_stop(struct relpconn *c);

/* End now, in whatever state. */
void relpconn_close(struct relpconn *c);

#endif
