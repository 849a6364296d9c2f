/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_RING_H
#define COLLECTOR_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/ringmsg.h"

/*
 * A queue of messages in memory that two processes share: one puts (the
 * receiver), one takes (the writer).  The parent makes it before it forks;
 * each child then calls ring_putter() or ring_taker() once and uses only its
 * half.  Made of a sealed memfd (it cannot be shrunk under the other's feet)
 * and two eventfds, written only when the other side said that it sleeps.
 *
 * Neither side believes the other's counters: an impossible one makes the ring
 * broken (-1 from ring_next, false from ring_put), and broken it stays.
 */
#define RING_MIN (4u << 20) /* bytes: half of it holds any message */

struct ring;

/* A ring of at least bytes (a power of two is taken).  NULL and errno. */
struct ring *ring_new(size_t bytes);

/* Unmap and close this process's part.  NULL is fine. */
void ring_free(struct ring *r);

/* --- the receiver's half ----------------------------------------------------
 */

/* Take up the putting half; messages not published by a predecessor vanish. */
void ring_putter(struct ring *r);

/*
 * Put a message; not seen by the other side until ring_publish().  Return
 * false, and take nothing, if there is no room.
 */
bool ring_put(struct ring *r, const struct ringmsg *m);

/* Bytes for which there is room now (compare with ringmsg_size()). */
size_t ring_room(struct ring *r);

/* How many bytes were put so far, over all putters: the end of the last
 * message. */
uint64_t ring_head(const struct ring *r);

/* Show what was put; wake the taker if it sleeps.  Cheap if there is nothing.
 */
void ring_publish(struct ring *r);

/*
 * Publish, and ask for ring_room_fd() to become readable when half of the ring
 * or 4 MiB are free.  Return false if they are already: nothing was asked for.
 */
bool ring_want_room(struct ring *r);

/* An eventfd for the putter's loop; read it empty with ring_room_woken(). */
int ring_room_fd(const struct ring *r);
void ring_room_woken(struct ring *r);

/*
 * RING_NOTES numbers of the putter's own, 0 at first, that outlive it: the next
 * one finds what it left.  The taker does not look at them.
 */
#define RING_NOTES 256u
uint64_t *ring_notes(struct ring *r);

/*
 * What would be lost with the putter, as it says itself, at any time: it
 * outlives it.  The next one finds it and passes it on (RINGMSG_START); the
 * taker reads it when no other will come.
 */
struct ringmsg_will *ring_will(struct ring *r);

/* --- the writer's half ------------------------------------------------------
 */

/*
 * Take up the taking half: with the message that a predecessor had in hand
 * when it died, if one did.  0, or -1 and errno (its private copy's memory).
 */
int ring_taker(struct ring *r);

/*
 * The next message: 1 and *m, whose body is private memory and valid until the
 * next call; 0 if there is none now; -1 if the ring is broken or the message is
 * none (the putter is hostile: kill it).  To hold back, do not call it: the
 * ring fills and the receiver stops reading.
 */
int ring_next(struct ring *r, struct ringmsg *m);

/* Up to where, in the putters' count, messages were given out. */
uint64_t ring_given(const struct ring *r);

/*
 * Say that the taker goes to sleep: ring_data_fd() becomes readable with the
 * next message.  Return false if there is one already: then do not sleep.
 */
bool ring_sleep(struct ring *r);

/* An eventfd for the taker's loop; read it empty with ring_data_woken(). */
int ring_data_fd(const struct ring *r);
void ring_data_woken(struct ring *r);

/* Bytes published and not yet taken: how far the writer is behind. */
size_t ring_behind(struct ring *r);

/*
 * Bytes published and not given out, even of a ring that is broken: if the
 * putter's counter is impossible, all that the ring can hold.
 */
size_t ring_left(const struct ring *r);

#endif
