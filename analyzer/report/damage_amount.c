/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdlib.h>
#include <string.h>

#include "analyzer/report/damage_priv.h"
#include "common/utc.h"

/* How much may have been taken, as a range, and what is usual. */

static int
compare(const struct outflow_hour *x, struct span host, int64_t hour)
{
	size_t len = x->host.len < host.len ? x->host.len : host.len;
	int c = len == 0 ? 0 : memcmp(x->host.p, host.p, len);

	if (c == 0)
		c = x->host.len < host.len ? -1 : x->host.len > host.len;
	return c != 0 ? c : x->hour < hour ? -1 : x->hour > hour;
}

uint64_t
damage_hour(const struct damage *d, struct span host, int64_t hour)
{
	size_t lo = 0, hi = d->sent.n_hours, mid;
	uint64_t most = 0;

	while (lo < hi) {
		mid = (lo + hi) / 2;
		if (compare(&d->sent.hours[mid], host, hour) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < d->sent.n_hours &&
	     compare(&d->sent.hours[lo], host, hour) == 0;
	     lo++)
		if (d->sent.hours[lo].sent > most)
			most = d->sent.hours[lo].sent;
	return most;
}

static int
order(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

struct damage_usual
damage_usual(const struct damage *d, struct span host, int64_t hour)
{
	uint64_t sent[OUTFLOW_WEEKS];
	struct damage_usual u = { 0 };
	unsigned week;
	int64_t at;

	for (week = 1; week <= OUTFLOW_WEEKS; week++) {
		at = hour - (int64_t)week * 7 * UTC_DAY;
		if (at >= d->from || at < d->received->first ||
		    at < d->from - (int64_t)OUTFLOW_WEEKS * 7 * UTC_DAY)
			continue;
		sent[u.n++] = damage_hour(d, host, at);
	}
	if (u.n < DAMAGE_WEEKS)
		return u;
	qsort(sent, u.n, sizeof(sent[0]), order);
	u.least = sent[0];
	u.median = sent[u.n / 2];
	u.most = sent[u.n - 1];
	return u;
}

bool
damage_flagged(const struct damage *d, struct span host, int64_t hour)
{
	struct casebook_entity me = { .kind = "host",
		.value = arena_str(d->r->arena, host) };
	size_t i, j;

	for (i = 0; i < d->n_findings; i++) {
		const struct casebook_finding *f = d->findings[i];

		if (casebook_phase(f) != PHASE_EXFILTRATION ||
		    f->first >= hour + UTC_HOUR ||
		    (f->until <= hour && damage_last_of(f) < hour))
			continue;
		for (j = 0; j < f->n_entities; j++)
			if (damage_same_place(d, &me, &f->entities[j]))
				return true;
	}
	return false;
}

/* Of one host and hour: each destination by who tells most of it. */
static uint64_t
once_of(const struct damage *d, struct span host, int64_t hour)
{
	const struct outflow_row *rows = d->sent.rows;
	uint64_t sum = 0, most = 0;
	size_t i;

	for (i = 0; i < d->sent.n; i++) {
		if (!span_eq(rows[i].host, host) || rows[i].hour != hour)
			continue;
		most = rows[i].sent > most ? rows[i].sent : most;
		if (i + 1 < d->sent.n && rows[i + 1].hour == hour &&
		    span_eq(rows[i + 1].host, host) &&
		    span_eq(rows[i + 1].destination, rows[i].destination))
			continue;
		sum += most;
		most = 0;
	}
	return sum;
}

static bool
seen_before(const struct damage *d, size_t at)
{
	const struct outflow_row *rows = d->sent.rows;
	size_t i;

	for (i = at; i-- > 0 && span_eq(rows[i].host, rows[at].host);)
		if (rows[i].hour == rows[at].hour)
			return true;
	return false;
}

struct damage_amount
damage_amount(const struct damage *d)
{
	struct damage_amount a = { .told = d->sent.sent,
		.once = d->sent.once };
	struct damage_usual usual;
	uint64_t sent, most;
	size_t i;

	for (i = 0; i < d->sent.n; i++) {
		const struct outflow_row *row = &d->sent.rows[i];

		if (row->sent == 0 ||
		    !damage_flagged(d, row->host, row->hour) ||
		    seen_before(d, i))
			continue;
		sent = once_of(d, row->host, row->hour);
		usual = damage_usual(d, row->host, row->hour);
		most = usual.n < DAMAGE_WEEKS ? 0 : usual.most;
		a.hours++;
		a.without_usual += usual.n < DAMAGE_WEEKS;
		a.least += sent > most ? sent - most : 0;
	}
	return a;
}
