/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_INTAKE_H
#define COLLECTOR_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include <event2/event.h>

#include "collector/ring.h"
#include "common/buf.h"
#include "evidence/gap.h"
#include "site/site.h"

/*
 * The receiver's way into the ring, shared by all of its sockets: it numbers
 * streams, counts, and holds everybody back while the writer is behind.
 * Records are refused when there is no room (their owner keeps them and stops
 * reading); what must be said about them (stream, end, gap) never is.
 */
#define INTAKE_SCRATCH (256u << 10) /* bytes of the shared read buffer */
#define INTAKE_HELD_MAX (24u << 20) /* bytes of half messages, all together */
#define INTAKE_LEAST 36864u	    /* bytes read at once while more are */

/* Somebody who stopped reading, and how to tell him to go on. */
struct intake_waiter {
	void (*resume)(void *arg);
	void *arg;
	bool waiting;
	TAILQ_ENTRY(intake_waiter) next;
};

struct intake {
	struct event_base *base;
	const struct site *site;
	uint8_t *scratch; /* INTAKE_SCRATCH, for one callback at a time */
	size_t held;	  /* bytes of half messages in all connections */
	unsigned n_conns; /* connections of all listeners */
	bool stopping;	  /* read what is there, then end */

	/* The rest is intake.c's own. */
	struct ring *ring;
	struct event *room;
	TAILQ_HEAD(, intake_waiter) waiters;
	size_t n_waiting;
	struct buf backlog; /* messages that must go in before others */
	struct ringmsg_counters counters[SITE_LOGS_MAX];
	struct ringmsg_counters told[SITE_LOGS_MAX];
	uint32_t *free; /* stream numbers not in use */
	size_t n_free;
	struct ringmsg_will before; /* of the receiver before */
	uint64_t feeds;		    /* as in ringmsg_will */
	bool begun;		    /* START is in the ring */
};

/* Return 0, or -1 and errno. */
int intake_init(struct intake *in, struct event_base *base, struct ring *ring,
    const struct site *site);
void intake_fini(struct intake *in);

/* Something is received for that log. */
void intake_feeds(struct intake *in, size_t log);

/* The bytes of that log that were read and are not in the ring: claim.h. */
uint64_t *intake_unput(struct intake *in, size_t log);

/* Whether a socket should be read now: there is room for what it may bring. */
bool intake_ready(struct intake *in);

/*
 * How many bytes of scratch a connection should read at once: few while more
 * than INTAKE_HELD_MAX are held, for it may have to hold them as well.
 */
size_t intake_portion(const struct intake *in);

/* Have w resumed when there is room.  It waits at most once at a time. */
void intake_wait(struct intake *in, struct intake_waiter *w);
void intake_forget(struct intake *in, struct intake_waiter *w);

/*
 * Open a stream of that log with those d1 words.  Return its number, or
 * RINGMSG_NO_STREAM if all are in use.
 */
uint32_t intake_open(struct intake *in, size_t log, uint64_t rx,
    struct span words);

/* Put a record (counted).  false: there is no room, nothing was taken. */
bool intake_record(struct intake *in, size_t log, uint64_t rx, uint32_t stream,
    unsigned flags, uint16_t port, struct span body);

/* Where in the ring the last record ends, in receipt.h's count. */
uint64_t intake_position(const struct intake *in);

/* End a stream with a name of conn_end_tbl.h; its number is free again. */
void intake_end(struct intake *in, uint32_t stream, const char *why);

/* Say what was lost; words from "listener=" on. */
void intake_gap(struct intake *in, enum gap_kind kind, size_t log,
    uint32_t stream, uint64_t rx, struct span words);

/* Count datagrams that the kernel dropped, or what was turned away. */
void intake_dropped(struct intake *in, size_t log, uint64_t n);
void intake_refused(struct intake *in, size_t log, uint64_t n);

/* Count records that were received and for which there was no room. */
void intake_unwritten(struct intake *in, size_t log, uint64_t n);

/* Show the writer what was put. */
void intake_publish(struct intake *in);

/*
 * Tell the counters that have changed, and that we are well; first of all, once
 * a second, and at the end.
 */
void intake_tell(struct intake *in, uint64_t now);

/* All was told and is in the ring: with us nothing is lost. */
void intake_leave(struct intake *in);

/* Whether everything is in the ring. */
bool intake_drained(const struct intake *in);

#endif
