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
		    strchr("YyEmbdaHIMSpfzZ%", pattern.p[i]) == NULL)
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

/* A digit of half or of full width, or -1. */
static int
take_digit(struct reader *r)
{
	int c = peek(r);
	const uint8_t *p;

	if (is_digit(c)) {
		r->pos++;
		return c - '0';
	}
	if (c != 0xEF || r->piece->len - r->pos < 3)
		return -1;
	p = r->piece->p + r->pos;
	if (p[1] != 0xBC || p[2] < 0x90 || p[2] > 0x99)
		return -1;
	r->pos += 3;
	return p[2] - 0x90;
}

/* One blank may stand where a digit would: "2026年 6月 7日". */
static bool
take_number(struct reader *r, int max, int *v)
{
	int n, digit;

	if (max == 2 && peek(r) == ' ') {
		r->pos++;
		max = 1;
	}
	*v = 0;
	for (n = 0; n < max && (digit = take_digit(r)) >= 0; n++)
		*v = *v * 10 + digit;
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
	bool inside = peek(r) == '('; /* "(GMT-5:00)", "CST(+0800)" */
	int c;

	for (; (c = peek(r)) != -1 && c != ' ' && c != ']'; r->pos++) {
		if (c == ')' && !inside)
			break;
		inside = c == '(' || (inside && c != ')');
	}
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

/* The text as it stands, if it comes next. */
static bool
take_text(struct reader *r, const char *text)
{
	size_t len = strlen(text);

	if (r->piece == r->end || r->piece->len - r->pos < len ||
	    memcmp(r->piece->p + r->pos, text, len) != 0)
		return false;
	r->pos += len;
	return true;
}

/* An era and its year, which is 元 for the first: 令和7, R7. */
static bool
take_era(struct reader *r, int *year)
{
	static const struct {
		const char *name;
		int before; /* the year before its first */
	} eras[] = {
		{ "令和", 2018 },
		{ "平成", 1988 },
		{ "昭和", 1925 },
		{ "R", 2018 },
		{ "H", 1988 },
		{ "S", 1925 },
		{ "Ｒ", 2018 },
		{ "Ｈ", 1988 },
		{ "Ｓ", 1925 },
	};
	size_t i;

	for (i = 0; i < sizeof(eras) / sizeof(eras[0]); i++)
		if (take_text(r, eras[i].name))
			break;
	if (i == sizeof(eras) / sizeof(eras[0]))
		return false;
	if (take_text(r, "元"))
		*year = 1;
	else if (!take_number(r, 2, year) || *year == 0)
		return false;
	*year += eras[i].before;
	return true;
}

/* A weekday, which is not looked at: Fri, Friday, 金, 金曜日. */
static bool
take_weekday(struct reader *r)
{
	static const char *const names[] = { "Sun", "Mon", "Tue", "Wed", "Thu",
		"Fri", "Sat", "日", "月", "火", "水", "木", "金", "土" };
	size_t i, n = sizeof(names) / sizeof(names[0]);
	int c;

	for (i = 0; i < n; i++)
		if (take_text(r, names[i]))
			break;
	if (i == n)
		return false;
	while ((c = peek(r)) >= 'a' && c <= 'z')
		r->pos++;
	(void)(take_text(r, "曜日") || take_text(r, "曜"));
	return true;
}

/* AM and PM, 午前 and 午後; 12 o'clock is the hour 0 of its half. */
static bool
take_half(struct reader *r, int *half)
{
	int a, m;

	if (take_text(r, "午前") || take_text(r, "午後")) {
		*half =
		    memcmp(r->piece->p + r->pos - 6, "午後", 6) == 0 ? 12 : 0;
		return true;
	}
	a = peek(r) | 0x20;
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
	case 'Y': /* never 26 for 2026 */
		return take_number(r, 4, &c->year) && c->year >= 1000;
	case 'y':
		if (!take_number(r, 2, &c->year))
			return false;
		c->year += c->year < 69 ? 2000 : 1900;
		return true;
	case 'E':
		return take_era(r, &c->year);
	case 'm':
		return take_number(r, 2, &c->month);
	case 'a':
		return take_weekday(r);
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
	return stamp_valid(s);
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
	else if (whole == 9 || whole == 10)
		v *= UTC_SECOND;
	else if (whole != 16)
		return false;
	if (i < text.len && text.p[i] == '.' && whole <= 10) {
		int64_t scale = 100000;

		for (i++; i < text.len && is_digit(text.p[i]); i++) {
			v += (text.p[i] - '0') * scale;
			scale /= 10;
		}
	}
	*usec = v;
	return i == text.len;
}

/*
 * The instant in the latest year that does not put the stamp far behind now;
 * if there is none, in this one.
 */
static int64_t
infer_year(struct utc_civil c, int zone, int64_t now)
{
	struct utc_civil today, try = c;
	int64_t at;
	int i;

	utc_to_civil(now + AHEAD_MAX, zone, &today);
	try.hour %= 24; /* 24:00:00 is of a day that must exist too */
	for (i = 0, try.year = today.year; i < 9 && try.year > 1;
	     i++, try.year--) {
		if (!utc_valid(&try) ||
		    (at = utc_from_civil(&try, zone)) > now + AHEAD_MAX)
			continue;
		if (c.hour < 24)
			return at;
		c.year = try.year;
		return utc_from_civil(&c, zone);
	}
	c.year = today.year;
	return utc_from_civil(&c, zone);
}

int64_t
clock_resolve(const struct stamp *s, const struct clock_zones *z,
    enum event_clock *rule, uint8_t *mark)
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
	if (c.year == 0)
		*mark |= EVENT_MARK_YEAR;
	if (s->quality == '*')
		*mark |= EVENT_MARK_UNSET;
	else if (s->quality == '.')
		*mark |= EVENT_MARK_UNSYNCED;
	return c.year == 0 ? infer_year(c, zone, z->now)
			   : utc_from_civil(&c, zone);
}

static bool
zone_of(const struct utc_civil *local, int64_t utc, int *zone)
{
	int64_t off, quarter = 15 * UTC_MINUTE, rest;

	off = utc_from_civil(local, 0) - utc;
	if (off > 14 * UTC_HOUR + 2 * UTC_MINUTE ||
	    off < -12 * UTC_HOUR - 2 * UTC_MINUTE)
		return false;
	*zone =
	    (int)((off + (off < 0 ? -quarter / 2 : quarter / 2)) / quarter) *
	    900;
	rest = off - *zone * UTC_SECOND;
	return rest <= 2 * UTC_MINUTE && rest >= -2 * UTC_MINUTE;
}

bool
clock_zone_of(struct stamp *local, int64_t utc, int *zone)
{
	struct utc_civil c = local->c, there;
	int i;

	if (c.year != 0)
		return zone_of(&c, utc, zone);
	utc_to_civil(utc, 0, &there);
	for (i = -1; i <= 1; i++) { /* at New Year it is another one */
		c.year = there.year + i;
		if (c.year < 1 || !utc_valid(&c) || !zone_of(&c, utc, zone))
			continue;
		local->c.year = c.year;
		return true;
	}
	return false;
}
