/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/office.h"

#include <errno.h>
#include <stdio.h>

#include "analyzer/command/events.h"
#include "common/io.h"
#include "common/log.h"
#include "common/utc.h"

#define FILE_BYTES (1u << 20)
#define HOLIDAYS "data/holidays.csv"
#define DEADLINES "data/deadlines.csv"

/* A file of the rules.  0, or -1 (said, unless it need not be there). */
static int
read_data(const struct site *site, const char *rel, bool needed,
    struct buf *out)
{
	char path[4096];

	if (io_join(path, sizeof(path), events_rules(site), rel) == 0 &&
	    io_read_file(path, FILE_BYTES, out) == 0)
		return 0;
	if (needed || errno != ENOENT)
		log_errno(tr("cannot read %s", "%s を読めません"), path);
	return -1;
}

static void
say(struct problems *ps)
{
	struct buf line;
	size_t i;

	buf_init(&line);
	for (i = 0; i < ps->n; i++) {
		line.len = 0;
		problem_print(&ps->v[i], &line);
		if (ps->v[i].error)
			log_error("%s", buf_cstr(&line));
		else
			log_warn("%s", buf_cstr(&line));
	}
	buf_fini(&line);
}

static int
load_tables(struct office *o, const struct site *site)
{
	struct problems ps;
	struct buf b;

	problems_init(&ps);
	buf_init(&b);
	if (read_data(site, HOLIDAYS, false, &b) == 0)
		o->holidays = holidays_parse(buf_view(&b), HOLIDAYS, &ps);
	b.len = 0;
	if (read_data(site, DEADLINES, true, &b) == 0)
		o->deadlines = deadlines_parse(buf_view(&b), DEADLINES, &ps);
	say(&ps);
	buf_fini(&b);
	problems_fini(&ps);
	return o->deadlines == NULL ? -1 : 0;
}

static int
load_calendar(struct office *o, const struct site *site)
{
	const char *path = site->analyzer.calendar;
	struct yaml_error err;
	struct buf text;

	buf_init(&text);
	if (io_read_file(path, FILE_BYTES, &text) == 0) {
		o->calendar =
		    calendar_parse(buf_view(&text), path, o->holidays, &err);
		if (o->calendar == NULL)
			yaml_report(&err);
	} else if (errno == ENOENT) {
		o->calendar = calendar_default(o->holidays);
	} else {
		log_errno(tr("cannot read %s", "%s を読めません"), path);
	}
	buf_fini(&text);
	return o->calendar == NULL ? -1 : 0;
}

int
office_load(struct office *o, const struct site *site)
{
	*o = (struct office){ NULL, NULL, NULL };
	return load_tables(o, site) != 0 || load_calendar(o, site) != 0 ? -1
									 : 0;
}

void
office_free(struct office *o)
{
	if (o->calendar != NULL)
		calendar_free(o->calendar);
	deadlines_free(o->deadlines);
	if (o->holidays != NULL)
		holidays_free(o->holidays);
}

int64_t
office_day(const struct site *site, int64_t usec)
{
	int64_t local = usec + site->zone * UTC_SECOND;

	return (local - (local % UTC_DAY + UTC_DAY) % UTC_DAY) / UTC_DAY;
}

char *
office_print_day(int64_t day, char out[OFFICE_DAY])
{
	static const char *const en[] = { "Sun", "Mon", "Tue", "Wed", "Thu",
		"Fri", "Sat" };
	static const char *const ja[] = { "日", "月", "火", "水", "木", "金",
		"土" };
	int year, month, date, w = utc_weekday(day);

	utc_date(day, &year, &month, &date);
	if (log_lang() == LOG_JA)
		snprintf(out, OFFICE_DAY, "%d年%d月%d日(%s)", year, month, date,
		    ja[w]);
	else
		snprintf(out, OFFICE_DAY, "%s %04d-%02d-%02d", en[w], year,
		    month, date);
	return out;
}
