/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/room.h"

#include <string.h>

#include "common/utc.h"

#define DAY ((uint64_t)UTC_DAY)

uint64_t
room_lasts(const struct room *r, uint64_t now, uint64_t free)
{
	uint64_t gone;

	if (r->n == 0 || now < r->at[0] + DAY || free >= r->free[0])
		return ROOM_UNKNOWN;
	gone = r->free[0] - free;
	return (uint64_t)((double)free * (double)(now - r->at[0]) /
	    (double)gone / (double)DAY);
}

/* A clock that was set back begins anew. */
static void
keep(struct room *r, uint64_t now, uint64_t free)
{
	if (r->n > 0 && now < r->at[r->n - 1])
		r->n = 0;
	if (r->n > 0 && now < r->at[r->n - 1] + DAY)
		return;
	if (r->n == ROOM_DAYS) {
		memmove(r->at, r->at + 1, sizeof(r->at) - sizeof(r->at[0]));
		memmove(r->free, r->free + 1,
		    sizeof(r->free) - sizeof(r->free[0]));
		r->n--;
	}
	r->at[r->n] = now;
	r->free[r->n++] = free;
}

bool
room_look(struct room *r, uint64_t now, uint64_t free, uint64_t size)
{
	uint64_t lasts, more = r->low;
	bool before = r->low;

	keep(r, now, free);
	lasts = room_lasts(r, now, free);
	r->low = (r->percent > 0 && size > 0 &&
		     (double)free * 100 <
			 (double)size * (double)(r->percent + more)) ||
	    (r->days > 0 && lasts < r->days + more);
	return r->low && !before;
}
