/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/coverage.h"

#include <stdlib.h>

#include "common/utc.h"

#define SPAN_DAYS 8192 /* 22 years: clocks beyond that are wrong */
#define GAP_COUNTS UTC_HOUR

struct coverage {
	const struct calendar *calendar;
	int64_t base;	/* day number of v[0] */
	uint32_t *lost; /* seconds lost on that day */
	uint8_t *seen;
	bool any;
	int64_t first, last;
};

struct coverage *
coverage_new(const struct calendar *calendar)
{
	struct coverage *c = calloc(1, sizeof(*c));

	if (c == NULL || (c->seen = calloc(SPAN_DAYS, 1)) == NULL ||
	    (c->lost = calloc(SPAN_DAYS, sizeof(*c->lost))) == NULL)
		abort();
	c->calendar = calendar;
	c->base = utc_days(2010, 1, 1);
	return c;
}

void
coverage_free(struct coverage *c)
{
	if (c == NULL)
		return;
	free(c->seen);
	free(c->lost);
	free(c);
}

bool
coverage_note(struct coverage *c, int64_t usec)
{
	int64_t day = calendar_day(c->calendar, usec);
	bool is_new;

	if (day < c->base || day >= c->base + SPAN_DAYS)
		return false;
	is_new = !c->seen[day - c->base];
	c->seen[day - c->base] = 1;
	if (!c->any || day < c->first)
		c->first = day;
	if (!c->any || day > c->last)
		c->last = day;
	c->any = true;
	return is_new;
}

void
coverage_gap(struct coverage *c, int64_t from, int64_t until)
{
	int64_t day = calendar_day(c->calendar, from), end, lost;

	if (day < c->base) {
		day = c->base;
		from = calendar_midnight(c->calendar, day);
	}
	for (; from < until && day < c->base + SPAN_DAYS; day++, from = end) {
		end = calendar_midnight(c->calendar, day + 1);
		lost = (end < until ? end : until) - from;
		c->lost[day - c->base] += (uint32_t)(lost / UTC_SECOND);
	}
}

int
coverage_days(const struct coverage *c, int64_t *first, int64_t *last)
{
	*first = c->first;
	*last = c->last;
	return c->any;
}

struct coverage_share
coverage_share(const struct coverage *c, int64_t first, int64_t last)
{
	struct coverage_share s = { 0, 0, 0 };
	int64_t day;
	bool seen;

	for (day = first; day <= last; day++) {
		seen = day >= c->base && day < c->base + SPAN_DAYS &&
		    c->seen[day - c->base];
		if (!seen && calendar_closed(c->calendar, day))
			continue;
		s.days++;
		s.covered += seen &&
		    (int64_t)c->lost[day - c->base] * UTC_SECOND < GAP_COUNTS;
	}
	if (s.days > 0)
		s.percent = 100.0 * (double)s.covered / (double)s.days;
	return s;
}
