/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_MARKS_H
#define COLLECTOR_MARKS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * How far the ring had been taken when a log had how many records: when that
 * many are durable, so is all of that log up to there.  Of one log.  Pure; all
 * zeros is a good beginning.
 */
#define MARKS 64u /* more are not kept: then one stands for several */

struct marks {
	struct mark {
		uint64_t size; /* records of the log */
		uint64_t at;   /* of the ring */
	} mark[MARKS];
	unsigned first, n;
	uint64_t wanted; /* somebody waits until that size is durable */
	uint64_t taken;	 /* the largest `at` that was given out */
	bool stopped;
};

/* Somebody waits for the record that made the log that large. */
void marks_want(struct marks *m, uint64_t size);
uint64_t marks_wanted(const struct marks *m);

/* Everything up to `at` is in the log, which has that size. */
void marks_add(struct marks *m, uint64_t size, uint64_t at);

/*
 * The log is durable up to that size: set *at to how far the ring is and return
 * true, if that is further than before.
 */
bool marks_take(struct marks *m, uint64_t durable, uint64_t *at);

/* Something that lay in the ring did not get into the log: no more marks. */
void marks_stop(struct marks *m);

#endif
