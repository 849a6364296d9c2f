/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_DEADLINE_H
#define ANALYZER_CASE_DEADLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/ledger/holiday.h"
#include "analyzer/ledger/problem.h"
#include "common/span.h"

/*
 * By when whoever is outside is to be told, counted from the time of awareness
 * (覚知日時), by a dated table of the rules (data/deadlines.csv): laws and
 * guidance change, and no program should have to for that.  Pure.
 */
#define DEADLINE_BEFORE 4u /* reminders of one */
#define DEADLINE_DAYS 3660u

struct deadline {
	const char *id; /* "ppc-quick" */
	const char *name_ja, *name_en;
	const char *to_ja, *to_en; /* who is to be told */
	const char *if_ja, *if_en; /* when it applies */
	const char *basis;
	unsigned first, last;	      /* days; that of awareness is the first */
	bool open;		      /* a day when offices are closed gives the
				       * next on which they are not */
	unsigned before[DEADLINE_BEFORE]; /* days, falling */
	size_t n_before;
	int64_t since, until; /* days of awareness it is for, both included */
};

struct deadlines;

/* Read the table.  NULL after an error in ps. */
struct deadlines *deadlines_parse(struct span bytes, const char *file,
    struct problems *ps);
void deadlines_free(struct deadlines *ds);

/* Those that an awareness on that day has, in the order of the table: the next
 * from *at (begin with 0), or NULL. */
const struct deadline *deadlines_next(const struct deadlines *ds, int64_t aware,
    size_t *at);

/* The one of that id, or NULL. */
const struct deadline *deadlines_find(const struct deadlines *ds,
    const char *id);

/*
 * The day number of the deadline, or of the first day it is usually kept on,
 * of an awareness on that day.  Offices are closed on Saturdays, Sundays,
 * public holidays and from 29 December to 3 January.  table: as calendar.h.
 */
int64_t deadline_day(const struct deadline *d, int64_t aware,
    const struct holidays *table);
int64_t deadline_first(const struct deadline *d, int64_t aware);

/*
 * The reminder that has come by today: its days before, or -1: none yet.  Of
 * several only the last counts.
 */
int deadline_reminder(const struct deadline *d, int64_t day, int64_t today);

#endif
