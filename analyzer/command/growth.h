/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_GROWTH_H
#define ANALYZER_COMMAND_GROWTH_H

#include <stdint.h>

/*
 * How many bytes a day came in the days up to now, from pieces of which is
 * known when they were written, evenly in between.  Times are usec.  Pure.
 */
struct growth {
	uint64_t from, now;
	uint64_t began; /* of the oldest piece; UINT64_MAX: none yet */
	double sum;
};

void growth_begin(struct growth *g, unsigned days, uint64_t now);
void growth_add(struct growth *g, uint64_t bytes, uint64_t low, uint64_t high);

/*
 * A log that is younger than the window has grown since it began.
 * GROWTH_UNKNOWN: that is less than an hour ago, and its first records say
 * nothing of the others.
 */
#define GROWTH_UNKNOWN UINT64_MAX
uint64_t growth_a_day(const struct growth *g);

/* Days until so many bytes are full; UINT64_MAX: nothing grows.  a_day is
 * known. */
uint64_t growth_days(uint64_t bytes, uint64_t a_day);

#endif
