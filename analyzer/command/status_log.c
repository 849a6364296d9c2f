/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/status_log.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "analyzer/command/generations.h"
#include "common/log.h"
#include "site/succession.h"

static void
span_add(struct status_log *s, uint64_t low, uint64_t high)
{
	if (s->from == 0 || low < s->from)
		s->from = low;
	if (high > s->to)
		s->to = high;
}

static void
add_closed(struct status_log *s, const struct holding *v)
{
	uint64_t records = v->last - v->first + 1;

	if (v->state == HOLDING_DELETED || v->state == HOLDING_MISSING) {
		*(v->state == HOLDING_DELETED ? &s->deleted : &s->missing) +=
		    records;
		return;
	}
	s->segments++;
	s->records += records;
	s->disk += v->disk;
	s->stream += v->stream;
	span_add(s, v->time_low, v->time_high);
	if (v->state == HOLDING_PAST) {
		s->past++;
		s->past_disk += v->disk;
	} else if (v->state == HOLDING_KEPT && v->end != INT64_MAX &&
	    (s->next == NULL || v->end < s->next->end))
		s->next = v;
}

static void
add_open(struct status_log *s, const struct holdings_open *o)
{
	if (!o->there)
		return;
	s->segments++;
	s->records += o->records;
	s->disk += o->disk;
	s->stream += o->stream;
	if (o->records > 0)
		span_add(s, o->time_low, o->time_high);
}

static void
count_acts(struct status_log *s)
{
	const struct retention *r = s->h.retention;
	size_t i;

	for (i = 0; i < r->n_holds; i++)
		s->holds += !r->holds[i].released;
	for (i = 0; i < r->n_requests; i++)
		s->requests += !r->requests[i].done &&
		    r->requests[i].from.at + RETENTION_REQUEST_USEC >= s->now;
}

static void
look_at_disk(struct status_log *s)
{
	struct statvfs disk;
	struct stat st;

	if (statvfs(s->log->dir, &disk) != 0 || stat(s->log->dir, &st) != 0)
		return;
	s->disk_known = true;
	s->device = st.st_dev;
	s->free = (uint64_t)disk.f_bavail * disk.f_frsize;
}

static void
load(struct status_log *s, const struct site *site, const struct site_log *log,
    uint64_t now)
{
	size_t i;

	*s = (struct status_log){ .log = log, .now = now, .days = UINT64_MAX };
	buf_init(&s->why);
	if (holdings_load(&s->h, site, log, now, &s->why) != 0 &&
	    s->why.len == 0)
		buf_byte(&s->why, '?');
	for (i = 0; i < s->h.n; i++)
		add_closed(s, &s->h.v[i]);
	add_open(s, &s->h.open);
	count_acts(s);
	s->end = period_end(&log->retention, (int64_t)s->to, site->zone);
	look_at_disk(s);
}

/* Of all generations together: what is followed grew as fast as what follows.
 */
static uint64_t
a_day(const struct status_log *s, unsigned days)
{
	struct growth g;
	size_t i;

	growth_begin(&g, days, s->now);
	for (i = 0; i < s->n_before; i++)
		holdings_grow(&s->before[i].h, &g);
	holdings_grow(&s->h, &g);
	return growth_a_day(&g);
}

void
status_log_load(struct status_log *s, struct site *site,
    const struct site_log *log, uint64_t now)
{
	size_t i, n = log->generation - 1;

	load(s, site, log, now);
	s->before = calloc(n + 1, sizeof(*s->before));
	if (s->before == NULL)
		log_fatal("%s", tr("out of memory", "メモリが足りません"));
	for (i = 0; i < n; i++) {
		load(&s->before[i], site,
		    succession_generation(site, log, (unsigned)i + 1), now);
		(void)generations_ended(site, s->before[i].log,
		    &s->before[i].ended); /* then it is not shown */
	}
	s->n_before = n;
	s->week = a_day(s, 7);
	s->month = a_day(s, 30);
}

void
status_log_free(struct status_log *s)
{
	size_t i;

	for (i = 0; i < s->n_before; i++)
		status_log_free(&s->before[i]);
	free(s->before);
	holdings_free(&s->h);
	buf_fini(&s->why);
}

uint64_t
status_log_disk(const struct status_log *s)
{
	uint64_t sum = s->disk;
	size_t i;

	for (i = 0; i < s->n_before; i++)
		sum += s->before[i].disk;
	return sum;
}

/* By the faster of the two rates: better early than late. */
static uint64_t
faster(const struct status_log *s)
{
	return s->week > s->month ? s->week : s->month;
}

void
status_log_days(struct status_log *s, size_t n)
{
	uint64_t a_day;
	size_t i, j;

	for (i = 0; i < n; i++) {
		if (!s[i].disk_known)
			continue;
		a_day = 0;
		s[i].days_known = true;
		for (j = 0; j < n; j++) {
			if (!s[j].disk_known || s[j].device != s[i].device)
				continue;
			if (faster(&s[j]) == GROWTH_UNKNOWN)
				s[i].days_known = false;
			else
				a_day += faster(&s[j]);
		}
		s[i].days = growth_days(s[i].free, a_day);
	}
}
