/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_CARRIER_H
#define COLLECTOR_CARRIER_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "collector/anchored.h"
#include "evidence/manifest.h"

/*
 * Carries a log's files out of this machine: its description, epochs, kept
 * checkpoints, tokens, and each closed segment with its manifest; at last the
 * newest checkpoint.  What was carried is never replaced by something else:
 * an outlet says where to and how.
 */
enum carry_how {
	CARRY_ONCE,   /* never changes: other bytes there are an alarm */
	CARRY_GROWS,  /* what is there must be its beginning */
	CARRY_NEWEST, /* a checkpoint: only ever replaced by a larger one */
};

/*
 * One place outside.  Each call returns 0; -1 if it cannot be done now; or 1 if
 * it never will, because something else is there or the file is not what its
 * manifest says: an alarm, after which the others go on.  It says why, but for
 * -1 while quiet is set: that was said in an earlier round.
 */
struct outlet {
	int (*file)(struct outlet *o, struct anchored *l, const char *path,
	    struct span bytes, enum carry_how how);
	/* A file that only grows, of len bytes now: put what is new behind. */
	int (*append)(struct outlet *o, struct anchored *l, const char *path,
	    int fd, uint64_t len);
	/* fd: the closed segment's file, open for reading. */
	int (*segment)(struct outlet *o, struct anchored *l,
	    const struct manifest *m, int fd);
	const char *where; /* for messages */
	bool quiet;
};

struct carrier_folder {	       /* a folder of many small files */
	struct timespec since; /* what did not change since then was carried */
	struct timespec begun; /* when the pass in hand began */
	char next[NAME_MAX + 1]; /* where it goes on; "": a new one begins */
	bool missed;		 /* something in this pass */
};

struct carrier { /* of one log to one outlet */
	struct anchored *log;
	struct outlet *outlet;
	uint64_t manifest; /* the next one */
	struct carrier_folder checkpoints, tokens;
	bool failed; /* the last round */
	bool ended;  /* another log is there: nothing goes there any more */
};

/*
 * One round.  until: carrier_now() after which no further segment is begun.
 * Return 0, or -1 if something could not be carried.
 */
int carrier_run(struct carrier *c, uint64_t until);

/* Microseconds of a clock that only goes forward. */
uint64_t carrier_now(void);

#endif
