/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_PORT_H
#define COLLECTOR_PORT_H

#include "collector/gauges.h"
#include "collector/listen.h"
#include "collector/receiver.h"
#include "collector/udp.h"

/*
 * A listener of the receiver with what its transport needs, from the reload
 * that brings it to the one that takes it away.  One that was taken away
 * lives on until what it has is in the ring.
 */
struct port {
	struct listener l;
	struct udp *udp; /* UDP, else NULL */
	unsigned slot;	 /* of the ring's notes and of the gauges */
	struct gauges_listener *gauges; /* or NULL */
	bool leaving;			/* it gets nothing new */
	bool notes;			/* it writes those of its slot */
};

struct port_shared { /* what all have in common */
	struct intake *in;
	struct sources *sources;
	struct udp_slots *slots;
	struct ring *ring;
	struct gauges *gauges; /* NULL: nobody looks */
	struct relpserver *relp;
};

/*
 * Begin to receive.  before: the port that had the socket until now and leaves
 * it, or NULL.  fresh: the socket is new, and nothing was ever told of it.
 * NULL: it was said why.
 */
struct port *port_open(const struct port_shared *s,
    const struct receiver_listener *from, SSL_CTX *ctx,
    const struct port *before, bool fresh);

/* The context of a TLS listener, NULL of others, for port_open(), which takes
 * it over.  0, or -1 and a sentence. */
int port_context(const struct receiver_listener *from, SSL_CTX **ctx,
    struct buf *why);

/*
 * It gets nothing new.  handed: another port has its socket; else it takes
 * what the kernel still has.
 */
void port_leave(struct port *p, bool handed);

/* Whether everything it had is in the ring. */
bool port_left(const struct port *p);

/* The collector stops: take what there is.  port_stopped(): is it done? */
void port_stop(struct port *p);
bool port_stopped(const struct port *p);

/* Show its numbers in the gauges, unless it leaves. */
void port_show(const struct port *p);

/* Put what was lost, and show; once a second.  port_told(): the ring has it. */
void port_tell(struct port *p, uint64_t now);
void port_told(struct port *p);

/* End all of it, and free.  NULL is fine. */
void port_close(struct port *p, uint64_t now);

#endif
