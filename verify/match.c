/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "verify/match.h"

#include <stdarg.h>
#include <string.h>

#include "common/hex.h"

#define ORIGIN "abcdefghijklmnopqrstuvwxyz0123456789./-"

static struct span
take(struct span *in, size_t len)
{
	struct span s = span_sub(*in, 0, len);

	*in = span_sub(*in, s.len, in->len);
	return s;
}

size_t
match_number(struct span in, uint64_t *n)
{
	uint64_t value = 0; /* in a register: *n might be one of in's bytes */
	unsigned digit;
	size_t len = 0;

	for (; len < in.len && (digit = (unsigned)in.p[len] - '0') < 10; len++)
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, digit, &value))
			return 0;
	*n = value;
	return len > 1 && in.p[0] == '0' ? 0 : len;
}

/* An origin; or, end being its pattern's next byte, a text up to there. */
static struct span
take_text(struct span *in, bool origin, char end)
{
	size_t len = 0;
	uint8_t c;

	while (len < in->len && (c = in->p[len]) != '\n' &&
	    (origin ? memchr(ORIGIN, c, sizeof(ORIGIN) - 1) != NULL
		    : c != (uint8_t)end))
		len++;
	return take(in, origin && len > 120 ? 0 : len);
}

bool
match(struct span *in, const char *pattern, ...)
{
	struct span s = *in, *text;
	bool fits = true;
	uint8_t *bytes;
	size_t len;
	va_list ap;

	va_start(ap, pattern);
	for (; fits && *pattern != '\0'; pattern++) {
		if (*pattern != '%') {
			fits = s.len > 0 && *take(&s, 1).p == (uint8_t)*pattern;
			continue;
		}
		switch (*++pattern) {
		case 'u':
			len = match_number(s, va_arg(ap, uint64_t *));
			fits = take(&s, len).len > 0;
			break;
		case 'x':
		case 'n':
			len = *pattern == 'x' ? 32 : 16;
			bytes = va_arg(ap, uint8_t *);
			fits = hex_parse(take(&s, 2 * len), bytes, len) == 0;
			break;
		case 'b':
			bytes = va_arg(ap, uint8_t *);
			fits = base64_parse(take(&s, base64_len(32)), bytes, 32,
				   &len) == 0 &&
			    len == 32;
			break;
		default:
			text = va_arg(ap, struct span *);
			*text = take_text(&s, *pattern == 'o', pattern[1]);
			fits = text->len > 0;
		}
	}
	va_end(ap);
	if (fits)
		*in = s;
	return fits;
}

/* The byte that the escape in front of s stands for, or -1. */
static int
escaped(struct span s)
{
	static const char digits[] = "0123456789ABCDEF";
	const char *hi = s.len < 3 ? NULL : memchr(digits, s.p[1], 16);
	const char *lo = s.len < 3 ? NULL : memchr(digits, s.p[2], 16);

	return hi == NULL || lo == NULL
	    ? -1
	    : (int)((hi - digits) << 4 | (lo - digits));
}

static bool
word_ok(struct span s)
{
	int c;

	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return false;
		if (s.p[i] != '%' || s.len == 1) /* "%": the empty value */
			continue;
		c = escaped(span_sub(s, i, 3));
		if (c < 0 || (c > ' ' && c <= '~' && c != '%'))
			return false;
	}
	return s.len > 0;
}

static bool
word_find(struct span body, const char *key, struct span *value)
{
	size_t len = strlen(key);
	struct span word;
	const uint8_t *end;

	for (; body.len > 0; take(&body, 1)) {
		end = memchr(body.p, ' ', body.len);
		word = take(&body,
		    end == NULL ? body.len : (size_t)(end - body.p));
		*value = span_sub(word, len + 1, word.len);
		if (word.len > len && word.p[len] == '=' &&
		    memcmp(word.p, key, len) == 0)
			return true;
	}
	return false;
}

struct span
match_word(struct match_words *w, const char *key)
{
	struct span s;

	if (word_find(w->body, key, &s) && word_ok(s))
		return s;
	w->bad = true;
	return span_make(NULL, 0);
}

bool
match_word_has(const struct match_words *w, const char *key)
{
	struct span s;

	return word_find(w->body, key, &s);
}

uint64_t
match_word_u64(struct match_words *w, const char *key, uint64_t max)
{
	struct span s = match_word(w, key);
	uint64_t n = 0;

	if (s.len == 0 || match_number(s, &n) != s.len || n > max)
		w->bad = true;
	return n;
}

void
match_word_hash(struct match_words *w, const char *key, uint8_t hash[32])
{
	if (hex_parse(match_word(w, key), hash, 32) != 0)
		w->bad = true;
}

void
match_unescape(struct span s, char *out, size_t size)
{
	size_t n = 0;
	int c;

	while (s.len > 0 && n + 1 < size) {
		c = s.p[0] == '%' ? escaped(s) : s.p[0];
		take(&s, s.p[0] == '%' ? 3 : 1);
		if (c >= 0) /* "%" alone: the empty value */
			out[n++] = (char)c;
	}
	out[n] = '\0';
}
