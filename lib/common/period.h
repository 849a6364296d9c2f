/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COMMON_PERIOD_H
#define COMMON_PERIOD_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "common/span.h"

/*
 * How long something must be kept: "1095d", "5y" or "forever".  A period is
 * counted in whole days of a zone, the day it begins on left out, and ends at
 * the end of its last day (Civil Code of Japan, articles 140, 141 and 143).
 * Pure.
 */
#define PERIOD_DAYS_MIN 30u /* less is a slip of the pen */
#define PERIOD_DAYS_MAX 36500u
#define PERIOD_YEARS_MAX 100u

struct period {
	bool forever;
	unsigned days, years; /* one of them, unless forever */
};

/* Return 0, or -1; for what it accepts, print gives the same bytes again. */
int period_parse(struct span s, struct period *p);
void period_print(const struct period *p, struct buf *out);

/*
 * The first instant at which what happened at usec need not be kept any more:
 * a midnight of the zone.  INT64_MAX: never.  A last day that its month does
 * not have is that month's last.
 */
int64_t period_end(const struct period *p, int64_t usec, int zone);

#endif
