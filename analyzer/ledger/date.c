/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/date.h"

#include "common/buf.h"
#include "common/num.h"
#include "common/text.h"
#include "common/utc.h"

/* The first year of an era is its year 1 (元年). */
static const struct {
	const char *name;
	int before; /* western year - year of the era */
} eras[] = {
	{ "令和", 2018 },
	{ "平成", 1988 },
	{ "昭和", 1925 },
	{ "r", 2018 },
	{ "h", 1988 },
	{ "s", 1925 },
};

/* Excel counts days from 1899-12-30 (it believes in a 1900-02-29). */
#define EXCEL_EPOCH (-25569)
#define EXCEL_FIRST 20000 /* 1954 */
#define EXCEL_LAST 80000  /* 2119 */

static size_t
digits(struct span s, size_t at, int *value)
{
	size_t i;

	*value = 0;
	for (i = at; i < s.len && i < at + 8; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			break;
		*value = *value * 10 + (s.p[i] - '0');
	}
	return i - at;
}

/* Skip word at *at, blanks before it. */
static bool
word(struct span s, size_t *at, const char *w)
{
	size_t i = *at;

	while (i < s.len && s.p[i] == ' ')
		i++;
	if (!span_starts(span_sub(s, i, s.len), span_str(w)))
		return false;
	*at = i + span_str(w).len;
	return true;
}

static void
blanks(struct span s, size_t *at)
{
	while (*at < s.len && s.p[*at] == ' ')
		(*at)++;
}

/* The year, era or not; *width = digits it was written with, 0 for 元. */
static bool
scan_year(struct span s, size_t *at, struct date *d, bool *era)
{
	size_t i, n;

	*era = false;
	for (i = 0; i < sizeof(eras) / sizeof(eras[0]); i++) {
		if (!word(s, at, eras[i].name))
			continue;
		*era = true;
		blanks(s, at);
		if (word(s, at, "元")) {
			d->year = eras[i].before + 1;
			return true;
		}
		n = digits(s, *at, &d->year);
		*at += n;
		d->year += eras[i].before;
		return n == 1 || n == 2;
	}
	n = digits(s, *at, &d->year);
	*at += n;
	if (n == 2) {
		d->short_year = true;
		d->year += 2000;
		return true;
	}
	return n == 4;
}

static size_t
scan_compact(struct span s, struct date *d)
{
	int n;

	if (digits(s, 0, &n) != 8 ||
	    (s.len > 8 && s.p[8] >= '0' && s.p[8] <= '9'))
		return 0;
	d->year = n / 10000;
	d->month = n / 100 % 100;
	d->day = n % 100;
	return 8;
}

/* Month and day behind the year and its separator. */
static size_t
scan_rest(struct span s, size_t at, char separator, struct date *d)
{
	const char sep[2] = { separator, '\0' };
	size_t n;

	blanks(s, &at);
	n = digits(s, at, &d->month);
	if (n == 0 || n > 2)
		return 0;
	at += n;
	if (separator == '\0' ? !word(s, &at, "月") : !word(s, &at, sep)) {
		if (separator == '\0')
			return 0;
		d->form = DATE_MONTH;
		return at;
	}
	n = at;
	blanks(s, &n);
	if (digits(s, n, &d->day) == 0 || digits(s, n, &d->day) > 2) {
		d->form = DATE_MONTH;
		d->day = 1;
		return separator == '\0' || separator == '.' ? at : 0;
	}
	at = n + digits(s, n, &d->day);
	if (separator == '\0') {
		if (!word(s, &at, "日"))
			return 0;
	} else
		(void)word(s, &at, "日");
	return at;
}

size_t
date_scan(struct span s, struct date *d)
{
	size_t at = 0, end;
	char separator = '\0';
	bool era;

	*d = (struct date){ .form = DATE_DAY, .day = 1 };
	if ((end = scan_compact(s, d)) == 0) {
		if (!scan_year(s, &at, d, &era))
			return 0;
		if (!word(s, &at, "年")) {
			if (at == s.len ||
			    (s.p[at] != '/' && s.p[at] != '-' &&
				s.p[at] != '.'))
				return 0;
			separator = (char)s.p[at++];
		}
		end = scan_rest(s, at, separator, d);
	}
	/* 10/1 is a day without its year rather than January of 2010. */
	if (d->short_year && separator != '\0' && d->form == DATE_MONTH)
		return 0;
	if (end == 0 || d->year < 1926 || d->year > 2999 || d->day < 1 ||
	    d->day > utc_month_days(d->year, d->month))
		return 0;
	return end;
}

/* Fold a short cell into out; NULL if it is too long to be a date. */
static struct span
fold(struct span cell, struct buf *out)
{
	text_fold(text_trim(cell), true, out);
	return text_trim(buf_view(out));
}

int
date_parse(struct span cell, int64_t *days)
{
	struct buf b;
	struct span s;
	struct date d;
	uint64_t serial;
	int rc = -1;

	buf_init(&b);
	s = fold(cell, &b);
	if (s.len == 5 && num_parse(s, EXCEL_LAST, &serial) == 0 &&
	    serial >= EXCEL_FIRST) {
		*days = (int64_t)serial + EXCEL_EPOCH;
		rc = 0;
	} else if (s.len > 0 && date_scan(s, &d) == s.len &&
	    d.form == DATE_DAY) {
		*days = date_first(&d);
		rc = 0;
	}
	buf_fini(&b);
	return rc;
}

/* "1:00" or "01:00:30" to seconds; 24:00 is the end of the day. */
static int
clock_time(struct span s, int64_t *seconds)
{
	int part[3] = { 0, 0, 0 };
	size_t at = 0, n, i;

	for (i = 0; i < 3; i++) {
		n = digits(s, at, &part[i]);
		if (n == 0 || n > 2)
			return -1;
		at += n;
		if (at == s.len)
			break;
		if (s.p[at++] != ':')
			return -1;
	}
	if (at != s.len || i == 0 || i == 3 || part[1] > 59 || part[2] > 59)
		return -1;
	*seconds = part[0] * 3600 + part[1] * 60 + part[2];
	return *seconds <= 86400 ? 0 : -1;
}

int
date_parse_time(struct span cell, int64_t *seconds, bool *dated)
{
	struct buf b;
	struct span s, rest;
	struct date d;
	int64_t days, of_day = 0;
	size_t n;
	int rc = -1;

	if (date_parse(cell, &days) == 0) {
		*dated = true;
		*seconds = days * 86400;
		return 0;
	}
	buf_init(&b);
	s = fold(cell, &b);
	n = date_scan(s, &d);
	rest = span_sub(s, n, s.len);
	if (rest.len > 0 && rest.p[0] == 't')
		rest = span_sub(rest, 1, rest.len);
	rest = text_trim(rest);
	if (n > 0 && d.form == DATE_DAY && clock_time(rest, &of_day) == 0) {
		*dated = false;
		*seconds = date_first(&d) * 86400 + of_day;
		rc = 0;
	}
	buf_fini(&b);
	return rc;
}

int64_t
date_first(const struct date *d)
{
	return utc_days(d->year, d->month, d->form == DATE_DAY ? d->day : 1);
}

int64_t
date_last(const struct date *d)
{
	return utc_days(d->year, d->month,
	    d->form == DATE_DAY ? d->day : utc_month_days(d->year, d->month));
}
