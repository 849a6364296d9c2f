/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_AHEAD_H
#define ANALYZER_COMMAND_AHEAD_H

#include "analyzer/command/reading.h"
#include "evidence/evchain.h"

/*
 * The records of a log and what they mean, read ahead by several threads: one
 * reads them, workers hash and understand batches of them side by side, and
 * they are given out in the order of the log, the same as by one thread
 * (reading.h).  A line that asks its stream for what it had said before is
 * read by what was known of it when its batch began; where that has changed by
 * then, or the line changes it, it is understood when it is given out.  So
 * many records are under way and no more.
 */
#define AHEAD_JOBS 64

struct ahead;

/*
 * More that can be said of an event without knowing others, worked out beside:
 * numbers, in an order that does not depend on who did it.
 */
struct ahead_look {
	void *(*open)(void *arg); /* what one thread works with */
	void (*close)(void *mine);
	/* The numbers; they live until the next call with mine. */
	size_t (*at)(void *mine, const struct event *e, const uint32_t **v);
	void *arg;
};

struct ahead_item {
	struct evread_record rec; /* its stream is that of a later one */
	const char *origin;  /* of the log it stands in; lives as long as the
			      * ahead */
	struct event *event; /* NULL: it is none (reading_event()) */
	const uint32_t *seen; /* what the look said; NULL: it was not asked */
	size_t n_seen;
};

/* All is borrowed.  log was opened without leaves: they are made here. */
struct ahead *ahead_new(unsigned jobs, struct evchain *log,
    struct reading *reading, const struct formats *formats, int zone);
void ahead_free(struct ahead *a); /* NULL is fine */

/* Before the first record; borrowed. */
void ahead_set_look(struct ahead *a, const struct ahead_look *look);

/*
 * The next record: 1 and *item, which lives until the next call; 0 at the end
 * of what is sealed; -1 and *why.
 */
int ahead_next(struct ahead *a, struct ahead_item *item, struct buf *why);

/* Something was put back that streams said before (reading_put_memory()). */
void ahead_remember(struct ahead *a);

/* Forget what was read ahead: the log is read from elsewhere now. */
void ahead_reset(struct ahead *a);

#endif
