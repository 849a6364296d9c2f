/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_CHILDREN_H
#define COLLECTOR_CHILDREN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "collector/estate.h"
#include "collector/gauges.h"
#include "collector/priv.h"
#include "collector/receipt.h"
#include "collector/receiver.h"
#include "collector/ring.h"
#include "collector/successor.h"
#include "common/buf.h"
#include "site/site.h"

/*
 * The parent's children: how each is made, with nothing but what it needs, and
 * how the parent speaks to it.  When they are made and ended is parent.c's.
 */
enum child {
#define CHILD(id, name) CHILD_##id,
#include "collector/child_tbl.h"
#undef CHILD
	CHILD_COUNT
};

struct children {
	const struct site *site;
	struct priv priv;
	struct receiver_listener *listeners;
	size_t n_listeners;
	int submit;  /* listening */
	int metrics; /* likewise */
	struct gauges *gauges;
	struct buf named; /* what named files have in them (named.h) */

	struct ring *ring;
	struct estate *estate;
	struct receipt *receipt;
	struct resent *resent;
	int alive[2]; /* a pipe of which parent and receiver hold the end */
	struct successor successor; /* what CHILD_SUCCESSOR is to make */
	/* Signer's and writer's ends, from signer to writer being made. */
	int sign[SITE_LOGS_MAX][2];

	pid_t pid[CHILD_COUNT];	  /* 0: not there */
	int control[CHILD_COUNT]; /* the parent's end; -1: none */
};

/* "writer" */
const char *children_name(enum child child);

/*
 * Make what the processes share.  site, priv, listeners and submit are set.
 * Return 0, or -1 and errno.
 */
int children_init(struct children *c);

/* Give back what children_init() made; no child but the monitor, whom nobody
 * waits for, may be left. */
void children_fini(struct children *c);

/* Another ring and estate, after the old ones were broken.  0, or -1. */
int children_renew(struct children *c);

/*
 * Make a child.  The signer comes before the writer, and each of the two only
 * after both are gone; those with a socket at the writer after it.  Return 0,
 * or -1: it was said why.
 */
int children_make(struct children *c, enum child child);

/* Show which listener has which slot, and whether it is open: the receiver
 * counts, and knows no numbers. */
void children_slots(const struct children *c);

/* Say something to a child that is there; one that reads nothing misses it. */
void children_tell(const struct children *c, enum child child,
    const char *what);

/* Likewise with n descriptors.  0, or -1 and errno; EAGAIN: it reads nothing */
int children_give(const struct children *c, enum child child, const char *what,
    const int *fd, size_t n);

/* End a child at once, if it is there; waitpid() will find it. */
void children_kill(const struct children *c, enum child child);

/* The child with that pid is gone: forget it.  CHILD_COUNT: none of ours. */
enum child children_forget(struct children *c, pid_t pid);

#endif
