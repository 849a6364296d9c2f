/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_OFFICE_H
#define ANALYZER_COMMAND_OFFICE_H

#include <stdint.h>

#include "analyzer/case/deadline.h"
#include "analyzer/ledger/calendar.h"
#include "site/site.h"

/*
 * When people are there and by when something is due: the site's calendar, the
 * public holidays and the table of deadlines.
 */
struct office {
	struct holidays *holidays;   /* or NULL: by rule */
	struct calendar *calendar;
	struct deadlines *deadlines;
};

/* Return 0, or -1 (said); office_free() it in either case. */
int office_load(struct office *o, const struct site *site);
void office_free(struct office *o);

/* The day number at the site of an instant, and its name for people. */
int64_t office_day(const struct site *site, int64_t usec);
#define OFFICE_DAY 48
char *office_print_day(int64_t day, char out[OFFICE_DAY]);

#endif
