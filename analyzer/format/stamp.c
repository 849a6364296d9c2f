/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/stamp.h"

#include <string.h>

#define STAMP_MIN 13 /* "Jun 7 8:54:52" */

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
	uint32_t w;

	if (len < 3)
		return 0;
	w = (uint32_t)lower(p[0]) << 16 | (uint32_t)lower(p[1]) << 8 |
	    lower(p[2]);
	switch (w) {
#define MONTH(a, b, c)                                                         \
	((uint32_t)(a) << 16 | (uint32_t)(b) << 8 | (uint32_t)(c))
	case MONTH('j', 'a', 'n'):
		return 1;
	case MONTH('f', 'e', 'b'):
		return 2;
	case MONTH('m', 'a', 'r'):
		return 3;
	case MONTH('a', 'p', 'r'):
		return 4;
	case MONTH('m', 'a', 'y'):
		return 5;
	case MONTH('j', 'u', 'n'):
		return 6;
	case MONTH('j', 'u', 'l'):
		return 7;
	case MONTH('a', 'u', 'g'):
		return 8;
	case MONTH('s', 'e', 'p'):
		return 9;
	case MONTH('o', 'c', 't'):
		return 10;
	case MONTH('n', 'o', 'v'):
		return 11;
	case MONTH('d', 'e', 'c'):
		return 12;
#undef MONTH
	default:
		return 0;
	}
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

/* A fraction after '.' or ','. */
static void
take_fraction(struct reader *r, struct utc_civil *c)
{
	int scale = 100000;

	c->usec = 0;
	if (r->end - r->p >= 2 && (*r->p == '.' || *r->p == ',') &&
	    is_digit(r->p[1])) {
		for (r->p++; r->p < r->end && is_digit(*r->p); r->p++) {
			c->usec += (*r->p - '0') * scale;
			scale /= 10;
		}
	}
}

/* hh:mm:ss with a fraction. */
static bool
take_clock(struct reader *r, struct utc_civil *c)
{
	if (!take_number(r, 1, 2, &c->hour) || !take(r, ':') ||
	    !take_number(r, 2, 2, &c->minute) || !take(r, ':') ||
	    !take_number(r, 2, 2, &c->second))
		return false;
	take_fraction(r, c);
	return true;
}

static int
two(const uint8_t *p)
{
	return (p[0] - '0') * 10 + (p[1] - '0');
}

/*
 * "hh:mm:ss" in just these eight bytes and no digit behind them, all told at
 * once: of what is xored a digit is at most 9 and a colon is 0, so that no
 * byte of the sum reaches its high bit.
 */
static bool
take_eight(const uint8_t *p, struct utc_civil *c)
{
	uint64_t v, zero, more;

	memcpy(&v, p, 8);
	memcpy(&zero, "00:00:00", 8);
	memcpy(&more, "\x76\x76\x7f\x76\x76\x7f\x76\x76", 8);
	v ^= zero;
	if ((((v + more) | v) & UINT64_C(0x8080808080808080)) != 0 ||
	    is_digit(p[8]))
		return false;
	c->hour = two(p);
	c->minute = two(p + 3);
	c->second = two(p + 6);
	return true;
}

/* "Jun  7 18:54:52", as most write it, without a look at each byte. */
static bool
take_common_bsd(struct reader *r, struct stamp *s)
{
	const uint8_t *p = r->p;

	if (r->end - p < 16 || p[3] != ' ' || p[6] != ' ' || !is_digit(p[5]) ||
	    (p[4] != ' ' && !is_digit(p[4])) || !take_eight(p + 7, &s->c) ||
	    (s->c.month = stamp_month(p, 3)) == 0)
		return false;
	s->c.day = p[4] == ' ' ? p[5] - '0' : two(p + 4);
	r->p += 15;
	take_fraction(r, &s->c);
	return true;
}

/* The same of "2026-06-07T18:54:52" and "2026/06/07 18:54:52". */
static bool
take_common_year(struct reader *r, struct stamp *s)
{
	const uint8_t *p = r->p;
	int i;

	if (r->end - p < 20 || (p[4] != '-' && p[4] != '/') || p[7] != p[4] ||
	    (p[10] != 'T' && p[10] != ' '))
		return false;
	for (i = 0; i < 10; i++)
		if (!is_digit(p[i]) && i != 4 && i != 7)
			return false;
	if (!take_eight(p + 11, &s->c))
		return false;
	s->c.year = two(p) * 100 + two(p + 2);
	s->c.month = two(p + 5);
	s->c.day = two(p + 8);
	r->p += 19;
	take_fraction(r, &s->c);
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
	    (t.p == t.end || *t.p == ' ' ||
		(*t.p == ':' && (t.end - t.p < 2 || t.p[1] == ' ')))) {
		c->year = year;
		*r = t;
	}
}

/*
 * A zone, glued to the time or behind one blank; there an offset is of four
 * digits, for "-5" may be anything.
 */
static void
take_zone(struct reader *r, struct stamp *s)
{
	const uint8_t *from = r->p;
	size_t len;

	if (from < r->end && *from == ' ')
		from++;
	if (from == r->end)
		return;
	if (r->end - r->p > 2 && r->p[0] == '-' && r->p[1] == '-')
		from++; /* "--5:00", Check Point's -05:00 */
	switch (stamp_zone_take(span_make(from, (size_t)(r->end - from)),
	    &s->zone, &len)) {
	case STAMP_ZONE_NONE:
		return;
	case STAMP_ZONE_KNOWN:
		if (*r->p == ' ' && (*from == '+' || *from == '-') && len < 5)
			return;
		s->has_zone = true;
		break;
	case STAMP_ZONE_ODD:
		s->odd_zone = true;
		break;
	}
	r->p = from + len;
}

/* What may stand behind "Mmm dd hh:mm:ss". */
static void
end_bsd(struct reader *r, struct stamp *s)
{
	take_late_year(r, &s->c);
	take_zone(r, s);
	take_late_year(r, &s->c);
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
	end_bsd(r, s);
	return true;
}

/* Behind "yyyy": "-mm-ddThh:mm:ss", "/mm/dd hh:mm:ss", ":mm:dd-hh:mm:ss". */
static bool
take_numbers(struct reader *r, struct stamp *s)
{
	uint8_t sep = *r->p;

	if (!take(r, sep) || !take_number(r, 1, 2, &s->c.month) ||
	    !take(r, sep) || !take_number(r, 1, 2, &s->c.day))
		return false;
	if (sep == ':')
		return take(r, '-');
	return take(r, 'T') || take_blanks(r);
}

/* yyyy-mm-dd ..., or yyyy Mmm dd hh:mm:ss. */
static bool
take_year_first(struct reader *r, struct stamp *s)
{
	if (take_common_year(r, s)) {
		take_zone(r, s);
		return true;
	}
	if (!take_number(r, 4, 4, &s->c.year) || r->p == r->end)
		return false;
	if (*r->p == ' ') {
		r->p++;
		if (!take_month(r, &s->c.month) || !take_blanks(r) ||
		    !take_number(r, 1, 2, &s->c.day) || !take_blanks(r))
			return false;
	} else if ((*r->p != '-' && *r->p != '/' && *r->p != ':') ||
	    !take_numbers(r, s))
		return false;
	if (!take_clock(r, &s->c))
		return false;
	take_zone(r, s);
	return true;
}

/* dd-Mmm-yyyy hh:mm:ss (BIND), dd Mmm yyyy hh:mm:ss (RFC 5322). */
static bool
take_day_first(struct reader *r, struct stamp *s)
{
	uint8_t sep;

	if (!take_number(r, 1, 2, &s->c.day) || r->p == r->end)
		return false;
	sep = *r->p;
	if ((sep != '-' && sep != ' ' && sep != '/') || !take(r, sep) ||
	    !take_month(r, &s->c.month) || !take(r, sep) ||
	    !take_number(r, 4, 4, &s->c.year))
		return false;
	if (!(sep == '/' && take(r, ':')) && !take_blanks(r))
		return false;
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

/* "@4000000066b2..." of multilog: TAI64N, ten seconds off as it writes it. */
static bool
take_tai(struct reader *r, struct stamp *s)
{
	uint64_t sec = 0, nsec = 0;
	int i;

	if (!take(r, '@') || r->end - r->p < 24)
		return false;
	for (i = 0; i < 24; i++) {
		uint8_t c = lower(*r->p++);
		unsigned v = c - (unsigned)'0';

		if (!is_digit(c)) {
			if (c < 'a' || c > 'f')
				return false;
			v = c - (unsigned)'a' + 10;
		}
		if (i < 16)
			sec = sec << 4 | v;
		else
			nsec = nsec << 4 | v;
	}
	sec -= UINT64_C(0x400000000000000a);
	if (sec > UINT32_MAX || nsec > 999999999)
		return false;
	utc_to_civil((int64_t)sec * UTC_SECOND + (int64_t)(nsec / 1000), 0,
	    &s->c);
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

/* What begins with a digit, in the order of how common it is. */
static bool
take_digits(struct reader *r, struct stamp *s)
{
	struct reader t = *r;

	if (take_year_first(&t, s)) {
		*r = t;
		return true;
	}
	memset(s, 0, sizeof(*s));
	if (is_digit(r->p[2]) ? take_epoch(r, s) : take_day_first(r, s))
		return true;
	return false;
}

bool
stamp_valid(const struct stamp *s)
{
	struct utc_civil c = s->c;

	if (c.year == 0)
		c.year = 2000; /* a leap year: 29 February is a date */
	if (c.hour == 24 && c.minute == 0 && c.second == 0 && c.usec == 0)
		c.hour = 0; /* the end of that day */
	return utc_valid(&c);
}

/* Whether a stamp can begin with that byte: most messages do not. */
static bool
is_first(uint8_t c)
{
#define BIT(c) (1u << ((c)&31))
	static const unsigned letters = BIT('j') | BIT('f') | BIT('m') |
	    BIT('a') | BIT('s') | BIT('o') | BIT('n') | BIT('d') | BIT('t') |
	    BIT('w');

	if (c >= 'A')
		return lower(c) >= 'a' && lower(c) <= 'z' &&
		    (letters & BIT(c)) != 0;
	return is_digit(c) || c == '*' || c == '.' || c == '@';
#undef BIT
}

bool
stamp_parse(struct span in, struct stamp *s)
{
	struct reader r = { in.p, in.len == 0 ? in.p : in.p + in.len };
	char quality = 0;

	if (in.len < STAMP_MIN || !is_first(in.p[0]))
		return false;
	memset(s, 0, sizeof(*s));
	if (*r.p == '*' || *r.p == '.')
		quality = (char)*r.p++;
	if (is_digit(*r.p)) {
		if (!take_digits(&r, s))
			return false;
	} else if (*r.p == '@') {
		if (!take_tai(&r, s))
			return false;
	} else if (take_common_bsd(&r, s))
		end_bsd(&r, s);
	else {
		if (stamp_month(r.p, (size_t)(r.end - r.p)) == 0)
			skip_weekday(&r);
		if (r.end - r.p < STAMP_MIN ||
		    !(is_digit(*r.p) ? take_day_first(&r, s) : take_bsd(&r, s)))
			return false;
	}
	s->quality = quality;
	s->len = (size_t)(r.p - in.p);
	return stamp_valid(s);
}
