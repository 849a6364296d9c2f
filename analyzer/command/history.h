/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_HISTORY_H
#define ANALYZER_COMMAND_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/command/events.h"
#include "analyzer/command/pastbook.h"
#include "analyzer/report/past.h"

/* By which time records are judged, one after the other. */
struct judging {
	int64_t skew;	/* usec */
	int64_t newest; /* of those that tell a time; 0: none did */
};

int64_t judging_time(struct judging *j, const struct event *e);

/*
 * The evidence for a sheet of some days: the records of segments that have
 * events of these days, and of all others what is kept of them
 * (analyzer/report/past.h), in the order of the log.  What is not kept yet is
 * read, and kept.
 *
 * A cache may be damaged, or forged by who may write it: each segment's file
 * must be the one that its manifest names, what was received in these days is
 * read whatever is kept of it, and one segment in a reading, chosen by chance,
 * is read though it need not be.  If that is another than what was kept,
 * nothing that was kept is good.
 */
struct history {
	struct events *events; /* at its beginning */
	struct judging *judging;
	struct pastbook *book;
	int64_t from, until;
	const char *what; /* shown as progress, or NULL */
	bool closed_only; /* closed segments, and no record behind them */
	void (*item)(void *cookie, const struct events *events,
	    const struct events_item *item, int64_t at);
	/* What was kept; the log is that of the origin.  False: it cannot be
	 * taken. */
	bool (*past)(void *cookie, struct evread *log, const struct past *p);
	void *cookie;
};

enum history_end {
	HISTORY_READ,
	HISTORY_ANEW, /* a part was not good, or not taken: begin anew, with
		       * book->distrusted */
	HISTORY_FAILED /* said */
};

enum history_end history_read(const struct history *h);

/* How far a device's clock may be off to be believed, by the rules in force.
 * 0, or -1 (said). */
int history_skew(const struct site *site, struct arena *arena, int64_t *usec);

#endif
