/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_DRAIN_H
#define COLLECTOR_DRAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "collector/estate.h"
#include "collector/receipt.h"
#include "collector/ring.h"
#include "collector/sink.h"
#include "collector/talkers.h"

/*
 * From the receiver's ring into the logs.  The receiver parses hostile bytes
 * and is not believed: numbers are checked, words are rewritten, and a message
 * that breaks the order of ringmsg.h makes the drain fail.
 */
struct drain;

enum drain_step {
	DRAIN_EMPTY, /* nothing is left in the ring */
	DRAIN_MORE,  /* there is more than was asked for */
	DRAIN_FULL,  /* a log takes nothing now: try a little later */
	DRAIN_BROKEN /* the receiver cannot be trusted; it was said why */
};

/* logs: n sinks by log number, which must outlive the drain.  NULL: errno. */
struct drain *drain_new(struct ring *ring, struct estate *estate,
    struct sink *logs, size_t n);
/* Count there who sends what; must outlive the drain. */
void drain_count(struct drain *d, struct talkers *talkers);

void drain_free(struct drain *d);

/*
 * Where senders wait, each log's records that are durable are receipted here.
 * Without it nothing is.
 */
void drain_receipt(struct drain *d, struct receipt *receipt);

/*
 * Receipt what became durable, and have a seal begin where senders wait for
 * more: as soon as the seal before has ended.
 */
void drain_settle(struct drain *d);

/* Likewise at the end, when that log was closed with all it had. */
void drain_settled(struct drain *d, size_t log);

/* Take at most max messages; *taken = how many were. */
enum drain_step drain_run(struct drain *d, size_t max, size_t *taken);

/*
 * After DRAIN_BROKEN, once that receiver puts nothing in any more: what it held
 * is given up, and a g1 in each log says how much that was at most.
 */
void drain_abandon(struct drain *d);

/*
 * The receiver is gone and the logs take nothing: what is still in the ring is
 * counted as lost (sink_lost).
 */
void drain_refuse(struct drain *d);

/*
 * The receiver is gone and no other will come: if it ended by itself, say what
 * its successor would have said.
 */
void drain_bereft(struct drain *d);

/* The receiver is gone for good: end its streams. */
void drain_end(struct drain *d, const char *why);

/* The writer goes, the receiver stays: its streams end in these logs, and the
 * next writer goes on with them. */
void drain_leave(struct drain *d, const char *why);

#endif
