/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/calendar.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzer/ledger/calendar_file.h"
#include "analyzer/ledger/sheet.h"
#include "common/utc.h"

#define RUN_MAX 30 /* days off in a row beyond which nobody counts */

void
calendar_free(struct calendar *c)
{
	if (c == NULL)
		return;
	arena_free(c->arena);
	free(c);
}

int
calendar_zone(const struct calendar *c)
{
	return c->zone;
}

int64_t
calendar_day(const struct calendar *c, int64_t usec)
{
	int64_t local = usec + c->zone * UTC_SECOND;

	return local >= 0 ? local / UTC_DAY
			  : -((-local + UTC_DAY - 1) / UTC_DAY);
}

int64_t
calendar_midnight(const struct calendar *c, int64_t day)
{
	return day * UTC_DAY - c->zone * UTC_SECOND;
}

/* Whether month*100+day lies in a yearly range, which may cross New Year. */
static bool
in_yearly(const struct calendar_yearly *y, int mmdd)
{
	if (!y->set)
		return false;
	return y->from <= y->to ? mmdd >= y->from && mmdd <= y->to
				: mmdd >= y->from || mmdd <= y->to;
}

static bool
in_range(const struct calendar_range *r, int64_t day, int mmdd)
{
	if (r->by_weekday)
		return r->weekday == utc_weekday(day) &&
		    (r->nth == 0 ||
			(r->nth >> ((mmdd % 100 + 6) / 7) & 1) != 0);
	return in_yearly(&r->yearly, mmdd) || (day >= r->from && day <= r->to);
}

static const struct calendar_range *
range_of(const struct calendar_range *r, int64_t day, int mmdd)
{
	for (; r != NULL; r = r->next)
		if (in_range(r, day, mmdd))
			return r;
	return NULL;
}

struct calendar_date
calendar_date(const struct calendar *c, int64_t day)
{
	struct calendar_date d = { CALENDAR_WORKDAY, "", "" };
	const struct holiday *h = c->japan ? holidays_get(c->table, day) : NULL;
	const struct calendar_range *closed;
	int year, month, dom;

	utc_date(day, &year, &month, &dom);
	closed = range_of(c->closed, day, month * 100 + dom);
	if (range_of(c->open, day, month * 100 + dom) != NULL)
		return d;
	if (h != NULL)
		d = (struct calendar_date){ CALENDAR_HOLIDAY, h->ja, h->en };
	else if (closed != NULL)
		d = (struct calendar_date){ CALENDAR_CLOSED, closed->name,
			closed->name };
	else if (in_yearly(&c->year_end, month * 100 + dom))
		d = (struct calendar_date){ CALENDAR_YEAR_END, "年末年始",
			"year end" };
	else if (in_yearly(&c->founding, month * 100 + dom))
		d = (struct calendar_date){ CALENDAR_FOUNDING, "創立記念日",
			"founding day" };
	else if (c->week[utc_weekday(day)].n == 0)
		d.why = CALENDAR_WEEKLY;
	return d;
}

bool
calendar_closed(const struct calendar *c, int64_t day)
{
	return calendar_date(c, day).why != CALENDAR_WORKDAY;
}

int
calendar_closed_run(const struct calendar *c, int64_t day)
{
	int64_t first = day, last = day;

	if (!calendar_closed(c, day))
		return 0;
	while (day - first < RUN_MAX && calendar_closed(c, first - 1))
		first--;
	while (last - day < RUN_MAX && calendar_closed(c, last + 1))
		last++;
	return (int)(last - first + 1);
}

/* Hours of a day that may run into the next: minute counts from its start. */
static bool
in_hours(const struct calendar_hours *h, int64_t usec_of_day)
{
	size_t i;

	for (i = 0; i < h->n; i++)
		if (usec_of_day >= h->v[i].from * UTC_MINUTE &&
		    usec_of_day < h->v[i].to * UTC_MINUTE)
			return true;
	return false;
}

bool
calendar_open(const struct calendar *c, int64_t usec)
{
	int64_t day = calendar_day(c, usec);
	int64_t of_day = usec - calendar_midnight(c, day);

	if (!calendar_closed(c, day) &&
	    in_hours(&c->week[utc_weekday(day)], of_day))
		return true;
	/* What began yesterday belongs to yesterday. */
	return !calendar_closed(c, day - 1) &&
	    in_hours(&c->week[utc_weekday(day - 1)], of_day + UTC_DAY);
}

bool
calendar_in_shifts(const struct calendar *c, struct span names, int64_t usec,
    bool *known)
{
	int64_t of_day = usec - calendar_midnight(c, calendar_day(c, usec));
	const struct calendar_shift *s;
	struct arena *arena;
	struct span value;
	bool in = false;

	*known = false;
	if (c->shifts == NULL)
		return false;
	arena = arena_new();
	while (sheet_next_value(&names, &value)) {
		value = sheet_key(value, arena);
		for (s = c->shifts; s != NULL; s = s->next) {
			if (!span_eq(s->key, value))
				continue;
			*known = true;
			in |= in_hours(&s->hours, of_day) ||
			    in_hours(&s->hours, of_day + UTC_DAY);
		}
	}
	arena_free(arena);
	return in;
}

int
calendar_week_class(const struct calendar *c, int64_t day)
{
	switch (calendar_date(c, day).why) {
	case CALENDAR_HOLIDAY:
	case CALENDAR_YEAR_END:
	case CALENDAR_FOUNDING:
	case CALENDAR_CLOSED:
		return 0;
	case CALENDAR_WORKDAY:
	case CALENDAR_WEEKLY:
		break;
	}
	return utc_weekday(day);
}

char *
calendar_print_day(const struct calendar *c, int64_t day, bool ja, char *out)
{
	static const char *const names[] = { "日", "月", "火", "水", "木", "金",
		"土" };
	static const char *const en[] = { "Sun", "Mon", "Tue", "Wed", "Thu",
		"Fri", "Sat" };
	struct calendar_date d = calendar_date(c, day);
	int year, month, dom, run = calendar_closed_run(c, day);
	char more[64] = "";

	utc_date(day, &year, &month, &dom);
	if (ja) {
		if (run >= 3)
			snprintf(more, sizeof(more), "・%d連休", run);
		else if (d.ja[0] != '\0')
			snprintf(more, sizeof(more), "・%.30s", d.ja);
		snprintf(out, CALENDAR_TEXT, "%d/%d(%s%s)", month, dom,
		    names[utc_weekday(day)], more);
		return out;
	}
	if (run >= 3)
		snprintf(more, sizeof(more), " (%d days off in a row)", run);
	else if (d.en[0] != '\0')
		snprintf(more, sizeof(more), " (%.60s)", d.en);
	snprintf(out, CALENDAR_TEXT, "%s %04d-%02d-%02d%s",
	    en[utc_weekday(day)], year, month, dom, more);
	return out;
}
