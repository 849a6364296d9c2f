/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/workbook/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/utc.h"

#define VALUE 64		/* bytes of a number; longer ones are none */
#define UNIX_EPOCH 25569	/* the serial number of 1970-01-01 */
#define MACINTOSH 1462		/* days from 1900's epoch to 1904's */
#define DAYS 2958466		/* the serial number of 10000-01-01 */
#define NO_DAY 60		/* 1900-02-29, which never was */
#define DIGITS 1e15		/* beyond this the last digits are lost */

/* Formats that files name by number: ECMA-376 18.8.30, Japanese ones too. */
static const struct {
	unsigned first, last;
	enum number_kind kind;
	uint8_t digits, decimals;
} builtin[] = {
	{ 1, 1, NUMBER_FIXED, 1, 0 },
	{ 2, 2, NUMBER_FIXED, 1, 2 },
	{ 14, 16, NUMBER_DAY, 0, 0 },
	{ 17, 17, NUMBER_MONTH, 0, 0 },
	{ 18, 21, NUMBER_CLOCK, 0, 0 },
	{ 22, 22, NUMBER_MOMENT, 0, 0 },
	{ 27, 31, NUMBER_DAY, 0, 0 },
	{ 32, 35, NUMBER_CLOCK, 0, 0 },
	{ 36, 36, NUMBER_DAY, 0, 0 },
	{ 45, 47, NUMBER_CLOCK, 0, 0 },
	{ 50, 54, NUMBER_DAY, 0, 0 },
	{ 55, 56, NUMBER_MONTH, 0, 0 },
	{ 57, 58, NUMBER_DAY, 0, 0 },
};

struct number_format
number_builtin(unsigned id)
{
	struct number_format f = { .kind = NUMBER_PLAIN };
	size_t i;

	for (i = 0; i < sizeof(builtin) / sizeof(builtin[0]); i++) {
		if (id < builtin[i].first || id > builtin[i].last)
			continue;
		f.kind = builtin[i].kind;
		f.digits = builtin[i].digits;
		f.decimals = builtin[i].decimals;
		f.elapsed = id == 46;
	}
	return f;
}

/* What a code asks for. */
struct code {
	bool year, month, day, clock, elapsed, other;
	unsigned digits, decimals;
	bool point;
	char around[2][NUMBER_AROUND]; /* before and behind the digits */
	size_t len[2];
};

static void
literal(struct code *c, struct span s)
{
	int side = c->digits + c->decimals > 0 || c->point;
	size_t room = NUMBER_AROUND - 1 - c->len[side];

	if (s.len > room) {
		c->other = true; /* longer than any that we print */
		return;
	}
	if (s.len > 0)
		memcpy(c->around[side] + c->len[side], s.p, s.len);
	c->len[side] += s.len;
}

/* "[h]" counts hours; "[$-411]", "[Red]" and conditions are no matter. */
static void
bracket(struct code *c, struct span s)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		if (strchr("hms", s.p[i] | 0x20) == NULL)
			return;
	if (s.len > 0)
		c->clock = c->elapsed = true;
}

static bool
letter(struct code *c, uint8_t ch)
{
	switch (ch | 0x20) {
	case 'y':
	case 'e':
	case 'g':
	case 'b':
		c->year = true;
		return true;
	case 'm':
		c->month = true;
		return true;
	case 'd':
	case 'a': /* aaa: 月 */
		c->day = true;
		return true;
	case 'h':
	case 's':
		c->clock = true;
		return true;
	default:
		return false;
	}
}

static void
digit(struct code *c, uint8_t ch)
{
	if (ch == '.')
		c->point = true;
	else if (ch == '0' && c->point)
		c->decimals++;
	else if (ch == '0')
		c->digits++;
	else
		c->other = true; /* # ? , % and the like */
}

/* One element of the code at i; returns where the next begins. */
static size_t
element(struct code *c, struct span s, size_t i)
{
	static const char *const skipped[] = { "AM/PM", "am/pm", "A/P",
		"a/p" };
	struct span rest = span_sub(s, i, s.len);
	const uint8_t *to;
	size_t k;

	if (s.p[i] == '"' || s.p[i] == '[') {
		to = memchr(rest.p + 1, s.p[i] == '"' ? '"' : ']',
		    rest.len - 1);
		k = to == NULL ? rest.len : (size_t)(to - rest.p);
		if (s.p[i] == '"')
			literal(c, span_sub(rest, 1, k - 1));
		else
			bracket(c, span_sub(rest, 1, k - 1));
		return i + k + 1;
	}
	if (s.p[i] == '\\') {
		literal(c, span_sub(rest, 1, 1));
		return i + 2;
	}
	if (s.p[i] == '_' || s.p[i] == '*')
		return i + 2;
	for (k = 0; k < sizeof(skipped) / sizeof(skipped[0]); k++)
		if (span_starts(rest, span_str(skipped[k]))) {
			c->clock = true;
			return i + strlen(skipped[k]);
		}
	if (span_starts(rest, SPAN("General"))) {
		c->other = true; /* with a text around it */
		return i + 7;
	}
	if ((s.p[i] | 0x20) == 'e' && rest.len > 1 &&
	    (rest.p[1] == '+' || rest.p[1] == '-')) {
		c->other = true; /* 0.00E+00 */
		return i + 2;
	}
	if (strchr("0#?.,%", s.p[i]) != NULL)
		digit(c, s.p[i]);
	else if (!letter(c, s.p[i]))
		literal(c, span_sub(rest, 0, 1));
	return i + 1;
}

static enum number_kind
kind_of(const struct code *c)
{
	bool date = c->year || c->day || (c->month && !c->clock);

	if (date && c->clock)
		return NUMBER_MOMENT;
	if (date)
		return c->year && c->month && !c->day ? NUMBER_MONTH
						      : NUMBER_DAY;
	if (c->clock)
		return NUMBER_CLOCK;
	if (c->other || c->digits == 0 || c->digits > 15 || c->decimals > 9)
		return NUMBER_PLAIN;
	return NUMBER_FIXED;
}

struct number_format
number_code(struct span s)
{
	struct number_format f = { .kind = NUMBER_PLAIN };
	struct code c = { .year = false };
	size_t i = 0;

	if (span_starts(s, SPAN("General")) || span_starts(s, SPAN("G/")) ||
	    span_is(s, "@"))
		return f;
	while (i < s.len && s.p[i] != ';')
		i = element(&c, s, i);
	f.kind = kind_of(&c);
	f.elapsed = c.elapsed;
	if (f.kind != NUMBER_FIXED)
		return f;
	f.digits = (uint8_t)c.digits;
	f.decimals = (uint8_t)c.decimals;
	memcpy(f.before, c.around[0], sizeof(f.before));
	memcpy(f.behind, c.around[1], sizeof(f.behind));
	return f;
}

/* "44166", "1.5", "1.2E+3"; no hex, no infinity. */
static int
parse(struct span s, double *v)
{
	char text[VALUE + 1], *end;
	size_t i;

	if (s.len == 0 || s.len > VALUE)
		return -1;
	for (i = 0; i < s.len; i++)
		if (s.p[i] == '\0' ||
		    strchr("0123456789+-.eE", s.p[i]) == NULL)
			return -1;
	memcpy(text, s.p, s.len);
	text[s.len] = '\0';
	*v = strtod(text, &end);
	return *end == '\0' && end != text && isfinite(*v) ? 0 : -1;
}

static void
print_plain(double v, struct buf *out)
{
	if (v == floor(v) && fabs(v) < DIGITS)
		buf_printf(out, "%.0f", v == 0 ? 0 : v);
	else
		buf_printf(out, "%.15g", v);
}

static void
print_day(int64_t day, bool epoch_1904, bool month, struct buf *out)
{
	int year, mon, dom;

	if (!epoch_1904 && day == NO_DAY) {
		buf_str(out, month ? "1900年2月" : "1900/2/29");
		return;
	}
	if (epoch_1904)
		day += MACINTOSH;
	else if (day < NO_DAY)
		day++;
	utc_date(day - UNIX_EPOCH, &year, &mon, &dom);
	if (month)
		buf_printf(out, "%d年%d月", year, mon);
	else
		buf_printf(out, "%d/%d/%d", year, mon, dom);
}

static void
print_clock(int64_t seconds, struct buf *out)
{
	buf_printf(out, "%d:%02d", (int)(seconds / 3600),
	    (int)(seconds / 60 % 60));
	if (seconds % 60 != 0)
		buf_printf(out, ":%02d", (int)(seconds % 60));
}

static void
print_date(const struct number_format *f, double v, bool epoch_1904,
    struct buf *out)
{
	/* Half a second: what binary fractions of a day make of 8:30. */
	int64_t seconds = (int64_t)floor(v * 86400 + 0.5);
	int64_t day = seconds / 86400;

	if (f->kind == NUMBER_DAY || f->kind == NUMBER_MONTH) {
		print_day(day, epoch_1904, f->kind == NUMBER_MONTH, out);
		return;
	}
	if (f->kind == NUMBER_MOMENT) {
		print_day(day, epoch_1904, false, out);
		buf_byte(out, ' ');
	}
	print_clock(f->kind == NUMBER_CLOCK && f->elapsed ? seconds
							  : seconds % 86400,
	    out);
}

int
number_print(const struct number_format *f, struct span value, bool epoch_1904,
    struct buf *out, bool *rounded)
{
	bool minus;
	double v;

	*rounded = false;
	if (parse(value, &v) == -1)
		return -1;
	*rounded = fabs(v) >= DIGITS;
	if (f->kind == NUMBER_FIXED && !*rounded) {
		minus = v < 0;
		buf_printf(out, "%s%s%0*.*f%s", minus ? "-" : "", f->before,
		    f->digits + (f->decimals > 0 ? f->decimals + 1 : 0),
		    f->decimals, fabs(v), f->behind);
	} else if (f->kind == NUMBER_PLAIN || f->kind == NUMBER_FIXED ||
	    v < 0 || v >= DAYS)
		print_plain(v, out);
	else
		print_date(f, v, epoch_1904, out);
	return 0;
}
