/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/utc.h"

#include <stddef.h>
#include <time.h>

#include "common/num.h"

/* Division that rounds down, so that instants before 1970 come out right. */
static int64_t
div_down(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/*
 * The calendar repeats every 400 years = 146097 days.  Years are counted from
 * 1 March, so that the leap day is the last of its year, and months from
 * March by (153 m + 2) / 5, which yields 0, 31, 61, 92 ...
 */
int64_t
utc_days(int year, int month, int day)
{
	int64_t y = year - (month <= 2), era = div_down(y, 400);
	int64_t of_era = y - era * 400, m = (month + 9) % 12;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	    (153 * m + 2) / 5 + day - 1 - 719468;
}

void
utc_date(int64_t days, int *year, int *month, int *day)
{
	int64_t z = days + 719468, era = div_down(z, 146097);
	int64_t doe = z - era * 146097, yoe, doy, m;

	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	m = (5 * doy + 2) / 153;
	*day = (int)(doy - (153 * m + 2) / 5 + 1);
	*month = (int)(m < 10 ? m + 3 : m - 9);
	*year = (int)(yoe + era * 400 + (*month <= 2));
}

int
utc_weekday(int64_t days)
{
	return (int)(((days + 4) % 7 + 7) % 7);
}

static bool
is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int
utc_month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };

	if (month < 1 || month > 12)
		return 0;
	return days[month - 1] + (month == 2 && is_leap(year));
}

bool
utc_valid(const struct utc_civil *c)
{
	return c->year >= 1 && c->year <= 9999 && c->day >= 1 &&
	    c->day <= utc_month_days(c->year, c->month) && c->hour >= 0 &&
	    c->hour <= 23 && c->minute >= 0 && c->minute <= 59 &&
	    c->second >= 0 && c->second <= 60 && c->usec >= 0 &&
	    c->usec <= 999999;
}

int64_t
utc_from_civil(const struct utc_civil *c, int zone)
{
	return utc_days(c->year, c->month, c->day) * UTC_DAY +
	    c->hour * UTC_HOUR + c->minute * UTC_MINUTE +
	    c->second * UTC_SECOND + c->usec - zone * UTC_SECOND;
}

/* First and last second of the years 1-9999, local time. */
#define FIRST_SECOND INT64_C(-62135596800)
#define LAST_SECOND INT64_C(253402300799)

void
utc_to_civil(int64_t usec, int zone, struct utc_civil *c)
{
	int64_t sec = div_down(usec, UTC_SECOND), days;
	int rest;

	c->usec = (int)((usec % UTC_SECOND + UTC_SECOND) % UTC_SECOND);
	sec += zone;
	if (sec < FIRST_SECOND)
		sec = FIRST_SECOND;
	if (sec > LAST_SECOND)
		sec = LAST_SECOND;
	days = div_down(sec, 86400);
	rest = (int)(sec - days * 86400);
	utc_date(days, &c->year, &c->month, &c->day);
	c->hour = rest / 3600;
	c->minute = rest / 60 % 60;
	c->second = rest % 60;
}

/* Exactly width digits, and the byte behind them. */
static char *
put(char *out, int n, int width, char behind)
{
	int i;

	for (i = width - 1; i >= 0; i--, n /= 10)
		out[i] = (char)('0' + n % 10);
	out[width] = behind;
	return out + width + 1;
}

static char *
put_civil(char *out, const struct utc_civil *c, char between)
{
	out = put(out, c->year, 4, '-');
	out = put(out, c->month, 2, '-');
	out = put(out, c->day, 2, between);
	out = put(out, c->hour, 2, ':');
	out = put(out, c->minute, 2, ':');
	return put(out, c->second, 2, '\0') - 1;
}

char *
utc_print(int64_t usec, int zone, char *out)
{
	struct utc_civil c;
	int minutes = (zone < 0 ? -zone : zone) / 60;
	char *p;

	utc_to_civil(usec, zone, &c);
	p = put_civil(out, &c, 'T');
	if (c.usec != 0) {
		*p++ = '.';
		p = put(p, c.usec, 6, '\0') - 1;
	}
	if (zone == 0) {
		*p++ = 'Z';
		*p = '\0';
		return out;
	}
	*p++ = zone < 0 ? '-' : '+';
	p = put(p, minutes / 60, 2, ':');
	put(p, minutes % 60, 2, '\0');
	return out;
}

char *
utc_print_local(int64_t usec, int zone, char *out)
{
	struct utc_civil c;

	utc_to_civil(usec, zone, &c);
	put_civil(out, &c, ' ');
	return out;
}

/* Exactly width digits at pos, or -1; whoever calls has checked the length. */
static int
get(struct span s, size_t pos, size_t width)
{
	uint64_t n;

	return num_parse(span_sub(s, pos, width), 9999, &n) == 0 ? (int)n : -1;
}

int
utc_parse_zone(struct span s, int *zone)
{
	bool colon = s.len == 6;
	int h, m, sec;

	if (s.len == 1 && (s.p[0] == 'Z' || s.p[0] == 'z')) {
		*zone = 0;
		return 0;
	}
	if ((s.len != 5 && !colon) || (s.p[0] != '+' && s.p[0] != '-') ||
	    (colon && s.p[3] != ':'))
		return -1;
	h = get(s, 1, 2);
	m = get(s, colon ? 4 : 3, 2);
	if (h < 0 || h > 23 || m < 0 || m > 59)
		return -1;
	sec = h * 3600 + m * 60;
	*zone = s.p[0] == '-' ? -sec : sec;
	return 0;
}

/* "YYYY-MM-DDThh:mm:ss", with a blank for the T as RFC 3339, 5.6 allows. */
static int
parse_civil(struct span s, struct utc_civil *c)
{
	if (s.p[4] != '-' || s.p[7] != '-' || s.p[13] != ':' ||
	    s.p[16] != ':' ||
	    (s.p[10] != 'T' && s.p[10] != 't' && s.p[10] != ' '))
		return -1;
	*c = (struct utc_civil){ .year = get(s, 0, 4),
		.month = get(s, 5, 2),
		.day = get(s, 8, 2),
		.hour = get(s, 11, 2),
		.minute = get(s, 14, 2),
		.second = get(s, 17, 2) };
	return utc_valid(c) ? 0 : -1;
}

int
utc_parse(struct span s, int64_t *usec, int *zone)
{
	struct utc_civil c;
	int64_t at;
	size_t i = 19;
	int z, unit = 100000;

	if (s.len < 20 || parse_civil(s, &c) != 0)
		return -1;
	if (s.p[i] == '.') {
		for (i++; i < s.len && s.p[i] >= '0' && s.p[i] <= '9'; i++) {
			c.usec += (s.p[i] - '0') * unit;
			unit /= 10;
		}
		if (i == 20)
			return -1;
	}
	s = span_sub(s, i, s.len);
	/* RFC 3339 has the colon always; utc_parse_zone() is kinder. */
	if (s.len == 5 || utc_parse_zone(s, &z) != 0)
		return -1;
	at = utc_from_civil(&c, z);
	if (div_down(at, UTC_SECOND) + z > LAST_SECOND)
		return -1; /* a leap second at the end of time */
	*usec = at;
	*zone = z;
	return 0;
}

int64_t
utc_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * UTC_SECOND + ts.tv_nsec / 1000;
}
