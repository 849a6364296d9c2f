/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/jsonscan.h"

#include <stdbool.h>
#include <string.h>

#include "analyzer/format/jsonpath.h"
#include "common/log.h"
#include "common/text.h"

void
jsonscan_begin(struct jsonscan *j, struct span text, struct arena *arena)
{
	static const uint8_t empty[1];

	j->from = j->p = text.len == 0 ? empty : text.p;
	j->end = j->p + text.len;
	j->arena = arena;
	j->fault = NULL;
	j->at = 0;
}

int
jsonscan_fail(struct jsonscan *j, const char *what)
{
	j->fault = what;
	j->at = (size_t)(j->p - j->from);
	return -1;
}

uint8_t
jsonscan_peek(struct jsonscan *j)
{
	while (j->p < j->end &&
	    (*j->p == ' ' || *j->p == '\t' || *j->p == '\r' || *j->p == '\n'))
		j->p++;
	return j->p < j->end ? *j->p : 0;
}

static const char *
missing(uint8_t c)
{
	switch (c) {
	case '{':
		return tr("'{' is missing", "「{」がありません");
	case '}':
		return tr("',' or '}' is missing", "「,」か「}」がありません");
	case ']':
		return tr("',' or ']' is missing", "「,」か「]」がありません");
	default:
		return tr("':' is missing", "「:」がありません");
	}
}

int
jsonscan_byte(struct jsonscan *j, uint8_t c)
{
	if (jsonscan_peek(j) != c || j->p == j->end)
		return jsonscan_fail(j, missing(c));
	j->p++;
	return 0;
}

/* The escapes of [j->p, end) undone. */
static int
unescape(struct jsonscan *j, const uint8_t *end, struct span *s)
{
	static const char from[] = "bfnrt\"\\/", to[] = "\b\f\n\r\t\"\\/";
	uint8_t *out = arena_alloc(j->arena, (size_t)(end - j->p));
	const char *at;
	size_t n = 0, len;
	uint32_t rune;

	while (j->p < end) {
		if (*j->p != '\\') {
			out[n++] = *j->p++;
			continue;
		}
		at = j->p[1] == '\0' ? NULL : strchr(from, j->p[1]);
		if (at != NULL) {
			out[n++] = (uint8_t)to[at - from];
			j->p += 2;
			continue;
		}
		len = j->p[1] == 'u'
		    ? jsonpath_rune(span_make(j->p, (size_t)(end - j->p)),
			  &rune)
		    : 0;
		if (len == 0)
			return jsonscan_fail(j,
			    tr("no escape of JSON",
				"JSONのエスケープではありません"));
		n += text_put(rune, out + n);
		j->p += len;
	}
	*s = span_make(out, n);
	return 0;
}

int
jsonscan_string(struct jsonscan *j, struct span *s)
{
	const uint8_t *p;
	bool escaped = false;

	if (jsonscan_peek(j) != '"')
		return jsonscan_fail(j,
		    tr("a name in quotes is missing",
			"引用符で囲んだ名前がありません"));
	for (p = ++j->p; p < j->end && *p != '"' && *p >= ' '; p++)
		if (*p == '\\' && p + 1 < j->end) {
			escaped = true;
			p++;
		}
	if (p == j->end || *p != '"') {
		j->p = p;
		return jsonscan_fail(j,
		    p == j->end ? tr("the string does not end",
				      "文字列が閉じていません")
				: tr("a control character in a string",
				      "文字列に制御文字があります"));
	}
	*s = span_make(j->p, (size_t)(p - j->p));
	if (escaped && unescape(j, p, s) == -1)
		return -1;
	j->p = p + 1;
	return 0;
}

/* -int[.fraction][e[+-]exponent] in parts. */
struct number {
	bool minus;
	struct span whole, fraction;
	bool exponent;
	int power;
};

static struct span
take_digits(const uint8_t **p, const uint8_t *end)
{
	const uint8_t *from = *p;

	while (*p < end && **p >= '0' && **p <= '9')
		(*p)++;
	return span_make(from, (size_t)(*p - from));
}

static bool
read_power(const uint8_t **p, const uint8_t *end, int *power)
{
	bool minus = *p < end && **p == '-';
	struct span digits;
	size_t i;

	if (*p < end && (**p == '-' || **p == '+'))
		(*p)++;
	digits = take_digits(p, end);
	*power = 0;
	for (i = 0; i < digits.len && *power < 10000; i++)
		*power = *power * 10 + (digits.p[i] - '0');
	if (minus)
		*power = -*power;
	return digits.len > 0;
}

static bool
read_number(struct span s, struct number *n)
{
	const uint8_t *p = s.p, *end = s.p + s.len;

	*n = (struct number){ .minus = p < end && *p == '-' };
	p += n->minus;
	n->whole = take_digits(&p, end);
	if (n->whole.len == 0 || (n->whole.len > 1 && n->whole.p[0] == '0'))
		return false;
	if (p < end && *p == '.') {
		p++;
		n->fraction = take_digits(&p, end);
		if (n->fraction.len == 0)
			return false;
	}
	if (p < end && (*p | 0x20) == 'e') {
		p++;
		n->exponent = true;
		if (!read_power(&p, end, &n->power))
			return false;
	}
	return p == end;
}

#define NUMBER_DIGITS 21 /* written out; longer ones stay as they are */

/* Without its exponent: the digits, with the point moved. */
static struct span
write_out(const struct number *n, struct arena *arena, struct span as)
{
	char digits[NUMBER_DIGITS * 2 + 1], *out;
	int len = (int)(n->whole.len + n->fraction.len), point, first = 0;

	if (n->whole.len + n->fraction.len > NUMBER_DIGITS)
		return as;
	memcpy(digits, n->whole.p, n->whole.len);
	if (n->fraction.len > 0)
		memcpy(digits + n->whole.len, n->fraction.p, n->fraction.len);
	point = (int)n->whole.len + n->power;
	while (len > 0 && digits[len - 1] == '0')
		len--;
	while (first < len && digits[first] == '0')
		first++;
	if (first == len)
		return SPAN("0");
	len -= first;
	point -= first;
	if (point > NUMBER_DIGITS || len - point > NUMBER_DIGITS)
		return as;
	out = point <= 0 ? arena_printf(arena, "%s0.%.*s%.*s",
			       n->minus ? "-" : "", -point,
			       "000000000000000000000", len, digits + first)
	    : point >= len ? arena_printf(arena, "%s%.*s%.*s",
				 n->minus ? "-" : "", len, digits + first,
				 point - len, "000000000000000000000")
			   : arena_printf(arena, "%s%.*s.%.*s",
				 n->minus ? "-" : "", point, digits + first,
				 len - point, digits + first + point);
	return span_str(out);
}

static struct span
canonical(const struct number *n, struct arena *arena, struct span as)
{
	if (n->exponent)
		return write_out(n, arena, as);
	if (n->fraction.len > 0) {
		while (as.p[as.len - 1] == '0')
			as.len--;
		if (as.p[as.len - 1] == '.')
			as.len--;
	}
	return span_is(as, "-0") ? SPAN("0") : as;
}

static bool
is_word(uint8_t c)
{
	return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' ||
	    ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

int
jsonscan_word(struct jsonscan *j, struct span *s)
{
	const uint8_t *from;
	struct number n;

	(void)jsonscan_peek(j);
	from = j->p;
	while (j->p < j->end && is_word(*j->p))
		j->p++;
	*s = span_make(from, (size_t)(j->p - from));
	if (span_is(*s, "true") || span_is(*s, "false") || span_is(*s, "null"))
		return 0;
	if (read_number(*s, &n)) {
		*s = canonical(&n, j->arena, *s);
		return 0;
	}
	j->p = from;
	return jsonscan_fail(j, tr("a value is missing", "値がありません"));
}

int
jsonscan_end(struct jsonscan *j)
{
	(void)jsonscan_peek(j);
	return j->p == j->end
	    ? 0
	    : jsonscan_fail(j,
		  tr("something stands behind the object",
		      "オブジェクトの後に文字があります"));
}
