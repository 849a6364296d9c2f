/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef TESTS_RECEIVE_LIB_H
#define TESTS_RECEIVE_LIB_H

#include <stddef.h>
#include <stdint.h>

#include "collector/intake.h"
#include "collector/listen.h"
#include "collector/receipt.h"
#include "common/buf.h"

/*
 * For the tests of what receives: an event loop, its ring with both halves, and
 * a listener with its receipts, in one process; the test is sender and writer.
 */
#define LIB_FILLER 7u /* port of records that only fill the ring */

extern struct event_base *lib_base;
extern struct ring *lib_ring;
extern struct intake lib_in;

/* The loop, the ring and the intake; and remove them. */
void lib_ring_begin(void);
void lib_ring_end(void);

extern struct site_listener lib_conf;
extern struct listener lib_l; /* whose conf is lib_conf */
extern struct receipt *lib_receipt;
extern struct buf lib_got; /* text for the test to print to */

/*
 * These and a listener of a stream transport, for TLS with a context and for
 * RELP with its server.  *conf is copied, fd taken.  And remove all.
 */
void lib_begin(const struct site_listener *conf, int fd);
void lib_end(void);

/* A connection of 192.0.2.1 to it, whose end here is fd, not blocking. */
void lib_connect(int fd);

/*
 * A new one; our end of it, not blocking either.  The kernel holds about room
 * bytes of answers, or what it likes for 0.  -1 and errno.
 */
int lib_dial(int room);

/* Let everything happen that can. */
void lib_turn(void);

/*
 * What comes out of the ring, in lib_got: "S octet|" is a stream of that
 * framing, "R abc|" a record, "Rx abc|" one that the next goes on with, "Rf
 * abc|" half a message, each with its length if that is over 40, "E why|" an
 * end, "G kind count bytes why|" a gap with those words that it has.
 */
const char *lib_writer(void);

extern uint32_t lib_seed; /* of the dice */

/* One of 0 to n - 1. */
unsigned lib_dice(unsigned n);

/* Others leave only so much room, with records of LIB_FILLER. */
void lib_fill(size_t room);

#endif
