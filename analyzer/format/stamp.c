/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/stamp.h"

#include <string.h>

/* A reader that never passes its end; each step says whether it fitted. */
struct reader {
	const uint8_t *p, *end;
};

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static uint8_t
lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

static bool
take(struct reader *r, uint8_t c)
{
	if (r->p == r->end || *r->p != c)
		return false;
	r->p++;
	return true;
}

/* Between min and max digits, and no further digit behind them. */
static bool
take_number(struct reader *r, int min, int max, int *v)
{
	int n = 0, sum = 0;

	while (n < max && r->p < r->end && is_digit(*r->p)) {
		sum = sum * 10 + (*r->p++ - '0');
		n++;
	}
	*v = sum;
	return n >= min && (r->p == r->end || !is_digit(*r->p));
}

static bool
take_blanks(struct reader *r)
{
	const uint8_t *from = r->p;

	while (r->p < r->end && *r->p == ' ')
		r->p++;
	return r->p > from;
}

int
stamp_month(const uint8_t *p, size_t len)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	int m;

	if (len < 3)
		return 0;
	for (m = 0; m < 12; m++) {
		const char *n = names + (ptrdiff_t)m * 3;

		if (lower(p[0]) == n[0] && lower(p[1]) == n[1] &&
		    lower(p[2]) == n[2])
			return m + 1;
	}
	return 0;
}

static bool
take_month(struct reader *r, int *month)
{
	*month = stamp_month(r->p, (size_t)(r->end - r->p));
	if (*month == 0)
		return false;
	r->p += 3;
	return true;
}

int
stamp_zone(struct span s, int *zone)
{
	static const struct {
		const char *name;
		int minutes;
	} names[] = {
		{ "UTC", 0 },
		{ "GMT", 0 },
		{ "UCT", 0 },
		{ "WET", 0 },
		{ "JST", 540 },
		{ "KST", 540 },
		{ "HKT", 480 },
		{ "SGT", 480 },
		{ "CET", 60 },
		{ "CEST", 120 },
		{ "EET", 120 },
		{ "EEST", 180 },
		{ "MSK", 180 },
		{ "EST", -300 },
		{ "EDT", -240 },
		{ "CDT", -300 },
		{ "MST", -420 },
		{ "MDT", -360 },
		{ "PST", -480 },
		{ "PDT", -420 },
		{ "AEST", 600 },
		{ "AEDT", 660 },
		{ "NZST", 720 },
		{ "NZDT", 780 },
	};
	size_t i;

	if (utc_parse_zone(s, zone) == 0)
		return 0;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (span_is(s, names[i].name)) {
			*zone = names[i].minutes * 60;
			return 0;
		}
	}
	return -1;
}

/* hh:mm:ss with a fraction after '.' or ','. */
static bool
take_clock(struct reader *r, struct utc_civil *c)
{
	int scale = 100000;

	if (!take_number(r, 1, 2, &c->hour) || !take(r, ':') ||
	    !take_number(r, 2, 2, &c->minute) || !take(r, ':') ||
	    !take_number(r, 2, 2, &c->second))
		return false;
	c->usec = 0;
	if (r->end - r->p >= 2 && (*r->p == '.' || *r->p == ',') &&
	    is_digit(r->p[1])) {
		for (r->p++; r->p < r->end && is_digit(*r->p); r->p++) {
			c->usec += (*r->p - '0') * scale;
			scale /= 10;
		}
	}
	return true;
}

/* " 2026" behind the time, as Linksys and Comware write it. */
static void
take_late_year(struct reader *r, struct utc_civil *c)
{
	struct reader t = *r;
	int year;

	if (c->year == 0 && take(&t, ' ') && take_number(&t, 4, 4, &year) &&
	    year >= 1970 && year < 2200 &&
	    (t.p == t.end || *t.p == ' ' || *t.p == ':')) {
		c->year = year;
		*r = t;
	}
}

static void
take_zone(struct reader *r, struct stamp *s)
{
	struct reader t = *r;
	const uint8_t *from;

	(void)take(&t, ' ');
	for (from = t.p; t.p < t.end && *t.p != ' '; t.p++)
		if (*t.p == ':' &&
		    (t.end - t.p < 2 || !is_digit(t.p[1]) || t.p - from != 3))
			break;
	if (stamp_zone(span_make(from, (size_t)(t.p - from)), &s->zone) == 0) {
		s->has_zone = true;
		*r = t;
	}
}

/* Mmm dd [yyyy] hh:mm:ss ... */
static bool
take_bsd(struct reader *r, struct stamp *s)
{
	struct reader t;
	int year;

	if (!take_month(r, &s->c.month) || !take_blanks(r) ||
	    !take_number(r, 1, 2, &s->c.day) || !take_blanks(r))
		return false;
	t = *r;
	if (take_number(&t, 4, 4, &year) && take_blanks(&t)) {
		s->c.year = year;
		*r = t;
	}
	if (!take_clock(r, &s->c))
		return false;
	take_late_year(r, &s->c);
	take_zone(r, s);
	take_late_year(r, &s->c);
	return true;
}

/* yyyy-mm-ddThh:mm:ss, yyyy/mm/dd hh:mm:ss, yyyy Mmm dd hh:mm:ss. */
static bool
take_year_first(struct reader *r, struct stamp *s)
{
	uint8_t sep;

	if (!take_number(r, 4, 4, &s->c.year) || r->p == r->end)
		return false;
	if ((sep = *r->p) == ' ') {
		r->p++;
		if (!take_month(r, &s->c.month) || !take_blanks(r) ||
		    !take_number(r, 1, 2, &s->c.day) || !take_blanks(r))
			return false;
	} else {
		if ((sep != '-' && sep != '/') || !take(r, sep) ||
		    !take_number(r, 1, 2, &s->c.month) || !take(r, sep) ||
		    !take_number(r, 1, 2, &s->c.day))
			return false;
		if (!take(r, 'T') && !take_blanks(r))
			return false;
	}
	if (!take_clock(r, &s->c))
		return false;
	take_zone(r, s);
	return true;
}

/* Ten digits and a fraction: seconds of the epoch (Meraki). */
static bool
take_epoch(struct reader *r, struct stamp *s)
{
	int64_t sec = 0, usec = 0, scale = 100000;
	int n = 0;

	for (; r->p < r->end && is_digit(*r->p) && n < 11; n++)
		sec = sec * 10 + (*r->p++ - '0');
	if (n != 10 || !take(r, '.'))
		return false;
	for (n = 0; r->p < r->end && is_digit(*r->p); n++, scale /= 10)
		usec += (*r->p++ - '0') * scale;
	if (n == 0)
		return false;
	utc_to_civil(sec * UTC_SECOND + usec, 0, &s->c);
	s->has_zone = true;
	s->zone = 0;
	return true;
}

static void
skip_weekday(struct reader *r)
{
	static const char days[] = "sunmontuewedthufrisat";
	struct reader t = *r;
	int i;

	if (t.end - t.p < 5)
		return;
	for (i = 0; i < 21; i += 3)
		if (lower(t.p[0]) == days[i] && lower(t.p[1]) == days[i + 1] &&
		    lower(t.p[2]) == days[i + 2])
			break;
	if (i == 21)
		return;
	t.p += 3;
	(void)take(&t, ',');
	if (take_blanks(&t))
		*r = t;
}

bool
stamp_parse(struct span in, struct stamp *s)
{
	struct reader r = { in.p, in.len == 0 ? in.p : in.p + in.len }, t;
	struct utc_civil check;

	memset(s, 0, sizeof(*s));
	if (in.len < 14)
		return false;
	if (*r.p == '*' || *r.p == '.')
		s->quality = (char)*r.p++;
	t = r;
	if (is_digit(*r.p)) {
		if (!take_year_first(&r, s)) {
			r = t;
			if (!take_epoch(&r, s))
				return false;
		}
	} else {
		skip_weekday(&r);
		if (!take_bsd(&r, s))
			return false;
	}
	check = s->c;
	if (check.year == 0)
		check.year = 2000; /* a leap year: 29 February is a date */
	s->len = (size_t)(r.p - in.p);
	return utc_valid(&check);
}
