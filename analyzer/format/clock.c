/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/clock.h"

#include <string.h>

#define AHEAD_MAX (2 * UTC_DAY) /* a wrong clock, or one in another zone */

bool
clock_check(struct span pattern, size_t *bad)
{
	size_t i;

	for (i = 0; i < pattern.len; i++) {
		if (pattern.p[i] != '%')
			continue;
		*bad = i;
		if (++i == pattern.len || pattern.p[i] == '\0' ||
		    strchr("YymbdHIMSpfzZ%", pattern.p[i]) == NULL)
			return false;
	}
	return pattern.len > 0;
}

struct reader {
	const struct span *piece, *end;
	size_t pos;
};

/* The next byte, or -1 at the end of the piece. */
static int
peek(const struct reader *r)
{
	return r->piece < r->end && r->pos < r->piece->len ? r->piece->p[r->pos]
							   : -1;
}

static bool
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool
take_number(struct reader *r, int max, int *v)
{
	int n, c;

	*v = 0;
	for (n = 0; n < max && is_digit(c = peek(r)); n++, r->pos++)
		*v = *v * 10 + (c - '0');
	return n > 0;
}

/* Blanks, or the border between two pieces. */
static bool
take_blanks(struct reader *r)
{
	size_t from = r->pos;

	if (r->piece < r->end && r->pos == r->piece->len) {
		r->piece++;
		r->pos = 0;
		return r->piece < r->end;
	}
	while (peek(r) == ' ')
		r->pos++;
	return r->pos > from;
}

static bool
take_fraction(struct reader *r, int *usec)
{
	int n, c, scale = 100000;

	*usec = 0;
	for (n = 0; is_digit(c = peek(r)); n++, r->pos++, scale /= 10)
		*usec += (c - '0') * scale;
	return n > 0;
}

static bool
take_zone(struct reader *r, struct stamp *s)
{
	size_t from = r->pos;
	int c;

	while ((c = peek(r)) != -1 && c != ' ' && c != ']' && c != ')')
		r->pos++;
	s->has_zone = r->pos > from &&
	    stamp_zone(span_sub(*r->piece, from, r->pos - from), &s->zone) == 0;
	return s->has_zone;
}

static bool
take_month(struct reader *r, int *month)
{
	if (r->piece == r->end || r->pos > r->piece->len)
		return false;
	*month = stamp_month(r->piece->p + r->pos, r->piece->len - r->pos);
	r->pos += 3;
	return *month != 0;
}

/* AM and PM; 12 o'clock is the hour 0 of its half. */
static bool
take_half(struct reader *r, int *half)
{
	int a = peek(r) | 0x20, m;

	r->pos++;
	m = peek(r) | 0x20;
	r->pos++;
	*half = a == 'p' ? 12 : 0;
	return (a == 'a' || a == 'p') && m == 'm';
}

static bool
take_item(struct reader *r, uint8_t what, struct stamp *s, int *half)
{
	struct utc_civil *c = &s->c;

	switch (what) {
	case 'Y':
		return take_number(r, 4, &c->year);
	case 'y':
		if (!take_number(r, 2, &c->year))
			return false;
		c->year += 2000;
		return true;
	case 'm':
		return take_number(r, 2, &c->month);
	case 'b':
		return take_month(r, &c->month);
	case 'd':
		return take_number(r, 2, &c->day);
	case 'H':
	case 'I':
		return take_number(r, 2, &c->hour);
	case 'M':
		return take_number(r, 2, &c->minute);
	case 'S':
		return take_number(r, 2, &c->second);
	case 'f':
		return take_fraction(r, &c->usec);
	case 'p':
		return take_half(r, half);
	case 'z':
	case 'Z':
		return take_zone(r, s);
	default:
		return false;
	}
}

bool
clock_parse(struct span pattern, const struct span *pieces, size_t n,
    struct stamp *s)
{
	struct reader r = { pieces, pieces + n, 0 };
	struct utc_civil check;
	int half = -1;
	size_t i;

	memset(s, 0, sizeof(*s));
	for (i = 0; i < pattern.len; i++) {
		uint8_t c = pattern.p[i];

		if (c == ' ') {
			if (!take_blanks(&r))
				return false;
		} else if (c != '%' || pattern.p[++i] == '%') {
			if (peek(&r) != c)
				return false;
			r.pos++;
		} else if (!take_item(&r, pattern.p[i], s, &half))
			return false;
	}
	if (r.piece + 1 != r.end || r.pos != r.piece->len)
		return false;
	if (half >= 0)
		s->c.hour = s->c.hour % 12 + half;
	check = s->c;
	if (check.year == 0)
		check.year = 2000;
	return utc_valid(&check);
}

bool
clock_epoch(struct span text, int64_t *usec)
{
	int64_t v = 0;
	size_t i, whole;

	for (i = 0; i < text.len && i < 19 && is_digit(text.p[i]); i++) {
		if (v > INT64_MAX / 10 - 1)
			return false;
		v = v * 10 + (text.p[i] - '0');
	}
	whole = i;
	if (whole == 13)
		v *= 1000;
	else if (whole == 19)
		v /= 1000;
	else if (whole >= 9 && whole <= 11)
		v *= UTC_SECOND;
	else if (whole != 16)
		return false;
	if (i < text.len && text.p[i] == '.' && whole <= 11) {
		int64_t scale = 100000;

		for (i++; i < text.len && is_digit(text.p[i]); i++) {
			v += (text.p[i] - '0') * scale;
			scale /= 10;
		}
	}
	*usec = v;
	return i == text.len;
}

/* The latest year that does not put the stamp far behind now. */
static int
infer_year(struct utc_civil c, int zone, int64_t now)
{
	struct utc_civil today;
	int year, i;

	utc_to_civil(now + AHEAD_MAX, zone, &today);
	for (i = 0, year = today.year; i < 9 && year > 1; i++, year--) {
		c.year = year;
		c.hour %= 24; /* 24:00:00 is of a day that must exist too */
		if (utc_valid(&c) &&
		    utc_from_civil(&c, zone) <= now + AHEAD_MAX)
			return year;
	}
	return today.year;
}

int64_t
clock_resolve(const struct stamp *s, const struct clock_zones *z,
    enum event_clock *rule)
{
	struct utc_civil c = s->c;
	int zone;

	if (s->has_zone) {
		zone = s->zone;
		*rule = EVENT_CLOCK_OFFSET;
	} else if (z->has_device) {
		zone = z->device;
		*rule = EVENT_CLOCK_LEDGER;
	} else {
		zone = z->site;
		*rule = EVENT_CLOCK_SITE;
	}
	if (c.year == 0) {
		c.year = infer_year(c, zone, z->now);
		*rule = EVENT_CLOCK_YEAR;
	}
	return utc_from_civil(&c, zone);
}

bool
clock_zone_of(const struct stamp *local, int64_t epoch, int *zone)
{
	int64_t off, quarter = 15 * UTC_MINUTE, rest;

	if (local->c.year == 0)
		return false;
	off = utc_from_civil(&local->c, 0) - epoch;
	if (off > 14 * UTC_HOUR + 2 * UTC_MINUTE ||
	    off < -12 * UTC_HOUR - 2 * UTC_MINUTE)
		return false;
	*zone =
	    (int)((off + (off < 0 ? -quarter / 2 : quarter / 2)) / quarter) *
	    900;
	rest = off - *zone * UTC_SECOND;
	return rest <= 2 * UTC_MINUTE && rest >= -2 * UTC_MINUTE;
}
