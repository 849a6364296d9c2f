/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef EVIDENCE_EVCHAIN_H
#define EVIDENCE_EVCHAIN_H

#include "evidence/evread.h"

/*
 * A log and those that it followed, read as one, the oldest first.  The last
 * one must be readable; what cannot be read of one that is over is said and
 * passed over, for a log that broke is followed because of that.
 */
struct evchain;

struct evchain_options {
	const char *const *dirs; /* folders, the oldest first */
	size_t n;		 /* at least 1 */
	bool leaves;		 /* as in evread_open() */
	struct lend *lend;	 /* as in evread_borrow(); may be NULL */
	/* What could not be read of a log that is over.  May be NULL. */
	void (*missing)(void *cookie, const char *dir, const char *what);
	void *cookie;
};

/* Return 0, or -1 and a sentence in *why. */
int evchain_open(struct evchain **c, const struct evchain_options *opt,
    struct buf *why);
void evchain_close(struct evchain *c);

/* The next record: 1, 0 at the newest checkpoint's size, -1 and *why. */
int evchain_next(struct evchain *c, struct evread_record *rec, struct buf *why);

/*
 * Read no further than to the record of that index of the log at that place;
 * from there on if it was read up to it, else from the beginning of the
 * segment there.  Then evchain_next() returns 0 where it stands at until or
 * behind, and at the end of that log (UINT64_MAX: with all that is looked at
 * there), also where the rest of a log that is over cannot be read.
 */
struct evchain_run {
	size_t log; /* place of its folder in the options */
	uint64_t from, until;
};
void evchain_run(struct evchain *c, const struct evchain_run *run);

/* The log at that place; NULL: it cannot be read, or no further. */
struct evread *evchain_log(struct evchain *c, size_t log);

/* Begin at the first record again.  0, or -1 and *why. */
int evchain_rewind(struct evchain *c, struct buf *why);

/* Read the newest checkpoint again.  1 if it grew, 0, -1. */
int evchain_refresh(struct evchain *c, struct buf *why);

/* Of the record read last. */
const char *evchain_origin(const struct evchain *c);

/* What was passed over so far in that log, as evread_gaps(). */
const struct evread_gaps *evchain_gaps(const struct evchain *c);

/* The log in force, for its origin, size and root. */
const struct evread *evchain_newest(const struct evchain *c);

#endif
