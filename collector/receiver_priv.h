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
};

/*
 * "reload" came, with these numbers behind it and n descriptors, which this
 * takes over.  Whether all of it is in force now; if not it was said why, and
 * nothing changed.
 */
bool receiver_reload(struct receiver *r, struct span said, const int *fd,
    size_t n);

/* Let go of what a reload took away and has nothing left; once a second. */
void receiver_left(struct receiver *r);

#endif
