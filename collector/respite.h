/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_RESPITE_H
#define COLLECTOR_RESPITE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * How long a process stays away that ended unasked and that collecting does not
 * depend on: ten seconds, and twice as long each time it ends soon again.
 * Pure; times are in usec.
 */
#define RESPITE_FIRST_S 10
#define RESPITE_MOST_S 300 /* who lives so long begins at ten seconds again */
#define RESPITE_ALARM 3u   /* ends in a row that somebody should look at */

struct respite {
	int64_t made;	/* when it was made last */
	unsigned ended; /* how often in a row; 0 at first */
};

/* It was made. */
void respite_made(struct respite *r, int64_t now);

/* It ended: when to make it again.  *alarm = it is the time to say that this
 * happens again and again: once in a row. */
int64_t respite_ended(struct respite *r, int64_t now, bool *alarm);

#endif
