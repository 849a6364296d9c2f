/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_UDP_H
#define COLLECTOR_UDP_H

#include "collector/conn_end.h"
#include "collector/listen.h"
#include "collector/source.h"

/*
 * Datagrams: taken in batches with the kernel's receive time, each one a
 * record as it is.  While the writer is behind nobody reads, the kernel's
 * queue fills, and what it drops is counted: it is asked whenever more came
 * than one call takes, and once a second.
 */
#define UDP_BATCH 64 /* datagrams of one call */

struct udp;

/* The slots that datagrams are received into, for all listeners. */
struct udp_slots;

/* NULL: there is no memory. */
struct udp_slots *udp_slots_new(void);
void udp_slots_free(struct udp_slots *slots);

/* Have the kernel say when datagrams came.  0, -1. */
int udp_prepare(int fd);

/*
 * Begin to receive on a listener.  notes: two numbers that outlive us, 0 at
 * first: what the kernel had dropped when it was told last, and when that was.
 * NULL and errno.
 */
struct udp *udp_open(struct listener *l, struct sources *sources,
    struct udp_slots *slots, uint64_t *notes);

/*
 * Count what the kernel dropped, and see how full its queue is; once a second
 * and at the end.
 */
void udp_tell(struct udp *u, uint64_t now);

/* What udp_tell() counted is in the ring: note it. */
void udp_told(struct udp *u);

/* The collector stops: take what the kernel has.  udp_stopped(): is it done? */
void udp_stop(struct udp *u);
bool udp_stopped(const struct udp *u);

/*
 * A reload gave the socket to another, which goes on counting where old was;
 * old only puts what it has taken already (udp_stopped(): it has).
 */
void udp_succeed(struct udp *u, const struct udp *old);
void udp_leave(struct udp *u);

/* End the streams of its senders. */
void udp_end(struct udp *u, enum conn_end why);

/* Count what was taken from the kernel but found no room in the end, too. */
void udp_finish(struct udp *u, uint64_t now);

/* NULL is fine. */
void udp_close(struct udp *u);

#endif
