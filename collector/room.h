/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_ROOM_H
#define COLLECTOR_ROOM_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Whether the room on a log's disk gets low: less than so much of it is free,
 * or what is free lasts for less than so many days, as fast as it went since
 * the first look, 14 days ago at most, or up to a day more, as looks are kept a
 * day apart.  Of how fast it goes nothing is said before a day has passed.
 * Times are usec.  Pure.
 */
#define ROOM_DAYS 15 /* looks, a day apart */
#define ROOM_UNKNOWN UINT64_MAX

struct room {
	unsigned percent, days; /* limits; 0: none */
	bool low;
	uint64_t at[ROOM_DAYS], free[ROOM_DAYS]; /* the oldest first */
	unsigned n;
};

/* Days that the free bytes last; ROOM_UNKNOWN: not known, or for ever. */
uint64_t room_lasts(const struct room *r, uint64_t now, uint64_t free);

/*
 * So many bytes of so many are free now.  Return whether the room is low and
 * was not at the look before.  It is enough again at a percent, and a day, more
 * than the limits.
 */
bool room_look(struct room *r, uint64_t now, uint64_t free, uint64_t size);

#endif
