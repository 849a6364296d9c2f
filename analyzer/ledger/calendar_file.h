/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef LEDGER_CALENDAR_FILE_H
#define LEDGER_CALENDAR_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/ledger/holiday.h"
#include "common/arena.h"
#include "common/span.h"

/* What calendar_file.c reads and calendar.c answers from; for both only. */
#define CALENDAR_HOURS 4 /* windows of one day */

struct calendar_hours {
	size_t n;
	struct {
		int from, to; /* minutes since midnight; to may exceed 1440 */
	} v[CALENDAR_HOURS];
};

struct calendar_yearly {
	bool set;
	int from, to; /* month * 100 + day, both included */
};

/* Days by their dates, each year, or by weekday. */
struct calendar_range {
	int64_t from, to; /* day numbers, both included; from > to: none */
	struct calendar_yearly yearly;
	bool by_weekday;
	int weekday;	  /* from Sunday, 0 */
	unsigned nth;	  /* bit n: the n-th of a month; 0: each */
	const char *name;
	struct calendar_range *next;
};

struct calendar_shift {
	struct span key; /* folded name */
	struct calendar_hours hours;
	struct calendar_shift *next;
};

struct calendar {
	struct arena *arena;
	const struct holidays *table;
	int zone;
	bool japan;
	struct calendar_hours week[7]; /* from Sunday; n 0 = closed */
	struct calendar_yearly year_end, founding;
	struct calendar_range *closed, *open;
	struct calendar_shift *shifts;
};

#endif
