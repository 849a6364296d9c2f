/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef LEDGER_DATE_H
#define LEDGER_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/span.h"

/*
 * Dates as people write them in Japanese ledgers.  Pure; input is folded
 * with text_fold(lower) first, so that digits and slashes are ASCII.
 */
enum date_form {
	DATE_DAY,   /* a day is named */
	DATE_MONTH, /* a month only: which end is meant is the caller's */
};

struct date {
	enum date_form form;
	int year, month, day; /* day 1 for DATE_MONTH */
	bool short_year;      /* two digits without an era: 20YY was assumed */
};

/*
 * The date at the start of s: 2026/3/31, 2026-3-31, 2026.3.31, 20260331,
 * 2026年3月31日, 2026年3月, 26年3月, 23.3.31, 令和8年3月31日, 令和元年5月,
 * r8.3.31, h31/4/30.  Return its length in bytes and *d, or 0 if none or if
 * there is no such day.
 */
size_t date_scan(struct span s, struct date *d);

/*
 * A whole cell, not folded yet: a date as above that names a day, or Excel's
 * serial number (44166).  Return 0 and its day number (utc_days), or -1.
 */
int date_parse(struct span cell, int64_t *days);

/*
 * A whole cell with a date and a time, "2026/11/22 1:00" (seconds may follow,
 * T for the blank is fine) or a date alone (midnight).  Return 0 and *seconds
 * since 1970 of that civil time, or -1; *dated tells that no time was given.
 */
int date_parse_time(struct span cell, int64_t *seconds, bool *dated);

/* First and last day number that a date covers. */
int64_t date_first(const struct date *d);
int64_t date_last(const struct date *d);

#endif
