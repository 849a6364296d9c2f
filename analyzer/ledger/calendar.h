/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef LEDGER_CALENDAR_H
#define LEDGER_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/ledger/holiday.h"
#include "common/span.h"
#include "common/yaml.h"

/*
 * When a site works: business hours by weekday, public holidays, the days it
 * is closed, and the shifts of those who work at night.  From calendar.yml:
 *
 *	zone: "+09:00"
 *	business:			# 業務時間; a day left out is closed
 *	  mon: ["8:30-17:15"]
 *	  sat: ["8:30-12:30"]
 *	holidays: japan			# or none
 *	year_end: {from: 12-29, to: 01-03}
 *	founding_day: 05-12
 *	closed:				# 休診日, お盆
 *	  - {from: 08-13, to: 08-15, name: お盆}		# each year
 *	  - {weekday: sat, nth: [2, 4], name: 第2・第4土曜}
 *	  - {from: 2026-06-01, to: 2026-06-03, name: 改修}
 *	open: [2026-11-03]		# worked although a holiday or closed
 *	shifts:				# may cross midnight
 *	  夜勤: "16:30-9:15"
 *
 * Hours are half open: 17:15 itself is outside 8:30-17:15.
 */
struct calendar;

/*
 * Read calendar.yml.  table is the holiday table or NULL; it must outlive the
 * calendar.  Return NULL and *err.
 */
struct calendar *calendar_parse(struct span text, const char *name,
    const struct holidays *table, struct yaml_error *err);

/* Monday to Friday 8:30-17:15, Japanese holidays, year end 12-29 to 01-03. */
struct calendar *calendar_default(const struct holidays *table);
void calendar_free(struct calendar *c);

/* Seconds east of UTC at the site. */
int calendar_zone(const struct calendar *c);

/* The day number at the site of an instant (usec), and its midnight. */
int64_t calendar_day(const struct calendar *c, int64_t usec);
int64_t calendar_midnight(const struct calendar *c, int64_t day);

enum calendar_why {
	CALENDAR_WORKDAY, /* has business hours */
	CALENDAR_WEEKLY,  /* closed on this weekday */
	CALENDAR_HOLIDAY, /* a public holiday */
	CALENDAR_YEAR_END,
	CALENDAR_FOUNDING,
	CALENDAR_CLOSED, /* a date listed under closed */
};

struct calendar_date {
	enum calendar_why why;
	const char *ja, *en; /* name of the holiday or closing, "" if none */
};

/* What a day is at the site. */
struct calendar_date calendar_date(const struct calendar *c, int64_t day);

/* Whether a day is closed for any reason. */
bool calendar_closed(const struct calendar *c, int64_t day);

/* Closed days in a row around a day, itself included; 0 if it is open. */
int calendar_closed_run(const struct calendar *c, int64_t day);

/* Whether an instant is within business hours. */
bool calendar_open(const struct calendar *c, int64_t usec);

/*
 * Whether an instant is within one of the named shifts ("夜勤、日勤"), on any
 * day; *known is false if no name is one of calendar.yml's.
 */
bool calendar_in_shifts(const struct calendar *c, struct span names,
    int64_t usec, bool *known);

/*
 * The class that hour-of-week baselines compare a day with: 0 Sunday, public
 * holidays and other closed dates, 1 Monday ... 6 Saturday.
 */
int calendar_week_class(const struct calendar *c, int64_t day);

/* "11/22(日・3連休)" and "Sun 11/22 (3 days off)", NUL-terminated. */
#define CALENDAR_TEXT 96
char *calendar_print_day(const struct calendar *c, int64_t day, bool ja,
    char *out);

#endif
