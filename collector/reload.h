/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_RELOAD_H
#define COLLECTOR_RELOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/children.h"
#include "collector/receiver.h"
#include "site/changes.h"
#include "site/site.h"

/*
 * Another configuration for a collector that runs, all of it or nothing: the
 * new konseki.yml is parsed where it can do no harm, what it names is looked
 * at, what it binds is bound, and the receiver takes it; only then it is in
 * force.  Whatever fails before is said, with file, line and key, and changes
 * nothing.
 */
#define RELOAD_SECONDS 60 /* that a receiver has to answer */
#define RELOAD_ENDS 30	  /* seconds that others have to end */

struct parent;

struct reload {
	bool wanted;	   /* as soon as everybody is there */
	struct site *site; /* that the receiver was asked to take, or NULL */
	struct receiver_listener *listeners; /* its own, site->n_listeners */
	bool *bound;			     /* which of them are new */
	int bundle;
	const char *step; /* that it is in, as a c1 says it */
	int64_t until; /* when an answer is overdue */
	struct changes changes;
	int64_t ends[CHILD_COUNT]; /* when one that was told to end is
				      overdue; 0: none was */
	struct site **old; /* all that were in force: strings live on */
	size_t n_old;
	unsigned slot; /* given out last */
};

/* A slot of the ring's notes that no socket of ours had lately. */
unsigned reload_slot(struct parent *p);

/* SIGHUP: begin, now or when it can be. */
void reload_ask(struct parent *p);

/* Begin if it was asked for and everybody is there. */
void reload_begin(struct parent *p);

/* What the receiver says to it; it is gone. */
void reload_answered(struct parent *p, bool fine);

/*
 * The receiver does not answer: it is ended, and the old configuration stays.
 * Another that was to begin anew does not end: it is ended, too.
 */
void reload_overdue(struct parent *p);

/* Give back what is left of all reloads. */
void reload_fini(struct parent *p);

#endif
