/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FIND_PRESENCE_H
#define ANALYZER_FIND_PRESENCE_H

#include "analyzer/find/skipidx.h"

/*
 * When a source sent (網羅性): what is absent in hours without a record may
 * have happened all the same.  By the hours of receipt that an interval
 * touches.  Pure.
 */
struct presence {
	uint64_t records;
	uint64_t hours, silent; /* whole hours of the interval; without any */
	uint64_t gap_from, gap_until; /* usec, the longest run of those */
	uint64_t first, last;	      /* usec, hours with records; until */
};

void presence_of(const struct skipidx_source *s, uint64_t from, uint64_t until,
    struct presence *c);

#endif
