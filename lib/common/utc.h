/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COMMON_UTC_H
#define COMMON_UTC_H

#include <stdbool.h>
#include <stdint.h>

#include "common/span.h"

/*
 * Instants are microseconds since 1970-01-01T00:00:00Z; zones are seconds
 * east of UTC.  Proleptic Gregorian, years 1-9999.  Pure; no TZ database:
 * Japan has had one offset since 1952.
 */
#define UTC_SECOND INT64_C(1000000)
#define UTC_MINUTE (60 * UTC_SECOND)
#define UTC_HOUR (60 * UTC_MINUTE)
#define UTC_DAY (24 * UTC_HOUR)

struct utc_civil {
	int year, month, day;	  /* 1-9999, 1-12, 1-31 */
	int hour, minute, second; /* 0-23, 0-59, 0-60 */
	int usec;		  /* 0-999999 */
};

/* Days since 1970-01-01 of a civil date, and back. */
int64_t utc_days(int year, int month, int day);
void utc_date(int64_t days, int *year, int *month, int *day);

/* Day of the week of a day number: 0 = Sunday. */
int utc_weekday(int64_t days);

/* Days of a month, leap years known; 0 if there is no such month. */
int utc_month_days(int year, int month);

/* Whether every member is in range and the day exists. */
bool utc_valid(const struct utc_civil *c);

/*
 * A civil time at zone to an instant, and back; an instant outside the years
 * 1-9999 comes back as their first or last second.
 */
int64_t utc_from_civil(const struct utc_civil *c, int zone);
void utc_to_civil(int64_t usec, int zone, struct utc_civil *c);

/*
 * "2026-11-20T14:03:05.123456+09:00" (fraction left out if 0, Z for zone 0);
 * out holds UTC_TEXT bytes, NUL included.
 */
#define UTC_TEXT 40
char *utc_print(int64_t usec, int zone, char *out);

/* "2026-11-20 14:03:05" at zone, for people; out holds UTC_TEXT bytes. */
char *utc_print_local(int64_t usec, int zone, char *out);

/*
 * Parse RFC 3339 (a blank for the T is allowed) with any fraction (cut to
 * usec).  Return 0 or -1.
 */
int utc_parse(struct span s, int64_t *usec, int *zone);

/* "+09:00", "-0330", "Z" to seconds.  Return 0 or -1. */
int utc_parse_zone(struct span s, int *zone);

/* The wall clock now. */
int64_t utc_now(void);

#endif
