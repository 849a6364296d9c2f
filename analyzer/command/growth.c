/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/growth.h"

#include "common/utc.h"

#define DAY ((uint64_t)UTC_DAY)
#define LEAST ((uint64_t)UTC_HOUR)

void
growth_begin(struct growth *g, unsigned days, uint64_t now)
{
	*g = (struct growth){ .from = now > days * DAY ? now - days * DAY : 0,
		.now = now,
		.began = UINT64_MAX };
}

/* Of a piece that lies over an edge of the window, the part inside. */
void
growth_add(struct growth *g, uint64_t bytes, uint64_t low, uint64_t high)
{
	uint64_t a = low > g->from ? low : g->from;
	uint64_t b = high < g->now ? high : g->now;

	if (low < g->began)
		g->began = low;
	if (high < g->from || low > g->now)
		return;
	if (high <= low)
		g->sum += (double)bytes;
	else
		g->sum +=
		    (double)bytes * (double)(b - a) / (double)(high - low);
}

uint64_t
growth_a_day(const struct growth *g)
{
	uint64_t window = g->now - g->from;

	if (g->began >= g->now) /* nothing of it is there by now */
		return 0;
	if (g->began > g->from)
		window = g->now - g->began;
	if (window < LEAST)
		return GROWTH_UNKNOWN;
	return (uint64_t)(g->sum * (double)DAY / (double)window);
}

uint64_t
growth_days(uint64_t bytes, uint64_t a_day)
{
	return a_day == 0 ? UINT64_MAX : bytes / a_day;
}
