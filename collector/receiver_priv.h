/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_RECEIVER_PRIV_H
#define COLLECTOR_RECEIVER_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "collector/host.h"
#include "collector/port.h"
#include "collector/receiver.h"
#include "collector/relpserver.h"

/* The inside of the receiver: receiver.c runs it, receiver_reload.c gives it
 * another configuration. */
#define PORTS_MAX RECEIVER_SLOTS /* those that leave are counted, too */
#define RECEIVER_SITES 16u	 /* reloads while somebody still leaves */

struct receiver {
	const struct receiver_options *opt;
	const struct site *site;	    /* in force */
	struct site *sites[RECEIVER_SITES]; /* of reloads, in force last */
	size_t n_sites;
	struct intake in;
	struct port *ports[PORTS_MAX];
	size_t n;
	struct sources *sources;
	struct udp_slots *slots;
	struct host host;
	struct relpserver *relp;
	struct event *control, *tick, *deadline;
	bool late; /* the deadline has passed */
	uint64_t closed[SITE_LISTENERS_MAX]; /* since when each listener is and
						it was not told; 0: it is not */
};

/* What all ports have in common. */
struct port_shared receiver_shared(struct receiver *r);

/*
 * "reload" came, with these numbers behind it and n descriptors, which this
 * takes over.  Whether all of it is in force now; if not it was said why, and
 * nothing changed.
 */
bool receiver_reload(struct receiver *r, struct span said, const int *fd,
    size_t n);

/*
 * receiver_closed.c: listeners that could not be opened, for what they name
 * could not be used.  The others go on without them.
 */

/* Open a listener of the start, or have it closed.  0, or -1: it was said. */
int receiver_begin(struct receiver *r, size_t number);

/* "open" came, with a number behind it and n descriptors, which this takes
 * over: open that listener, and answer. */
void receiver_open(struct receiver *r, struct span said, const int *fd,
    size_t n);

/* Record how long they are closed now and then, once a second; at the end.  A
 * reload opened or removed them all. */
void receiver_closed_tell(struct receiver *r, uint64_t now, bool end);
void receiver_closed_end(struct receiver *r);

/* Say something to the parent. */
void receiver_say(const struct receiver *r, const char *what);

/* Let go of what a reload took away and has nothing left; once a second. */
void receiver_left(struct receiver *r);

#endif
