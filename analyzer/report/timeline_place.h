/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_TIMELINE_PLACE_H
#define ANALYZER_REPORT_TIMELINE_PLACE_H

#include <stddef.h>
#include <stdint.h>

#include "analyzer/event/event.h"
#include "common/arena.h"

/*
 * Where a row stands among those of its time.  In order of the records; but
 * rows of one time and of one counter of a device (Check Point orders by it
 * what it says within a second) change places among each other, so that they
 * stand by number.  What others said meanwhile stays where it is.
 */
struct timeline_place {
	int64_t time;
	uint64_t index;	     /* of the record */
	struct span counter; /* empty: none */
	uint64_t number;     /* of it */
	uint64_t place;	     /* set by timeline_place_settle */
};

/* The device's counter and number, if the event has one; texts in arena. */
void timeline_place_count(struct timeline_place *p, const struct event *e,
    struct span device, struct arena *arena);

/* Give each its place; the order of v is changed. */
void timeline_place_settle(struct timeline_place **v, size_t n);

/* By time, then place, for qsort-like use. */
int timeline_place_order(const struct timeline_place *a,
    const struct timeline_place *b);

#endif
