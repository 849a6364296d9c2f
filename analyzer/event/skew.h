/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_EVENT_SKEW_H
#define ANALYZER_EVENT_SKEW_H

#include "analyzer/event/event.h"

/*
 * How far a device's clock is from ours: the receive time less the device's,
 * in usec; more than 0: its clock is behind (or its lines are late).  What
 * counts is the median of the last differences, so that some late lines, or
 * some that tell of another time, move nothing, and a clock that is set right
 * is right after half of them.  Pure.
 */
#define SKEW_KEEP 255

struct skew {
	int64_t last[SKEW_KEEP];
	size_t n, next; /* of them; where the next one goes */
	uint64_t count; /* all that were added */
};

struct skew_estimate {
	int64_t median;
	int64_t spread;	   /* half of the differences are this near to it */
	int64_t low, high; /* the least and the greatest of them */
};

/*
 * Whether the event says something of its device's clock: it has a device
 * time, and was received when it was sent: no import, no replay.
 */
bool skew_tells(const struct event *e);

/* Add one difference; a zeroed struct skew is an empty one. */
void skew_add(struct skew *s, int64_t received, int64_t device);

/* Return false if there is none. */
bool skew_estimate(const struct skew *s, struct skew_estimate *e);

#endif
