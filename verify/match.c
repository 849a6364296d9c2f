/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "verify/match.h"

#include <stdarg.h>
#include <string.h>

#include "common/hex.h"

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
	size_t len = 0;

	for (*n = 0; len < in.len && in.p[len] >= '0' && in.p[len] <= '9';
	     len++)
		if (__builtin_mul_overflow(*n, 10, n) ||
		    __builtin_add_overflow(*n, in.p[len] - '0', n))
			return 0;
	return len > 1 && in.p[0] == '0' ? 0 : len;
}

static bool
take_base64(struct span *in, uint8_t *out)
{
	size_t len;

	return base64_parse(take(in, base64_len(32)), out, 32, &len) == 0 &&
	    len == 32;
}

static bool
take_text(struct span *in, char end, struct span *out)
{
	size_t len = 0;

	while (
	    len < in->len && in->p[len] != (uint8_t)end && in->p[len] != '\n')
		len++;
	*out = take(in, len);
	return len > 0;
}

static bool
take_origin(struct span *in, struct span *out)
{
	size_t len = 0;

	while (len < in->len && in->p[len] != '\0' &&
	    strchr("abcdefghijklmnopqrstuvwxyz0123456789./-", in->p[len]) !=
		NULL)
		len++;
	*out = take(in, len);
	return len > 0 && len <= 120;
}

bool
match(struct span *in, const char *pattern, ...)
{
	struct span s = *in;
	bool fits = true;
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
			fits =
			    (len = match_number(s, va_arg(ap, uint64_t *))) > 0;
			take(&s, len);
			break;
		case 'x':
			fits = hex_parse(take(&s, 64), va_arg(ap, uint8_t *),
				   32) == 0;
			break;
		case 'n':
			fits = hex_parse(take(&s, 32), va_arg(ap, uint8_t *),
				   16) == 0;
			break;
		case 'b':
			fits = take_base64(&s, va_arg(ap, uint8_t *));
			break;
		case 'o':
			fits = take_origin(&s, va_arg(ap, struct span *));
			break;
		default:
			fits = take_text(&s, pattern[1],
			    va_arg(ap, struct span *));
		}
	}
	va_end(ap);
	if (fits)
		*in = s;
	return fits;
}

static int
upper_hex(uint8_t c)
{
	return c >= '0' && c <= '9' ? c - '0'
	    : c >= 'A' && c <= 'F'  ? c - 'A' + 10
				    : -1;
}

/* The byte that an escape at i stands for, or -1. */
static int
escaped(struct span s, size_t i)
{
	int hi = i + 2 < s.len ? upper_hex(s.p[i + 1]) : -1;
	int lo = i + 2 < s.len ? upper_hex(s.p[i + 2]) : -1;

	return hi < 0 || lo < 0 ? -1 : hi << 4 | lo;
}

static bool
word_ok(struct span s)
{
	int c;

	for (size_t i = 0; i < s.len && s.len > 1; i++) {
		if (s.p[i] <= ' ' || s.p[i] > '~')
			return false;
		if (s.p[i] != '%')
			continue;
		c = escaped(s, i);
		if (c < 0 || (c > ' ' && c <= '~' && c != '%'))
			return false;
	}
	return s.len > 1 || (s.len == 1 && s.p[0] > ' ' && s.p[0] <= '~');
}

static bool
word_find(struct span body, const char *key, struct span *value)
{
	size_t len = strlen(key);
	struct span word;
	const uint8_t *end;

	while (body.len > 0) {
		end = memchr(body.p, ' ', body.len);
		word = take(&body,
		    end == NULL ? body.len : (size_t)(end - body.p));
		take(&body, 1);
		if (word.len <= len || word.p[len] != '=' ||
		    memcmp(word.p, key, len) != 0)
			continue;
		*value = span_sub(word, len + 1, word.len);
		return true;
	}
	return false;
}

struct span
match_word(struct match_words *w, const char *key)
{
	struct span s = { NULL, 0 };

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

bool
match_word_is(struct match_words *w, const char *key, const char *value)
{
	return span_is(match_word(w, key), value);
}

void
match_unescape(struct span s, char *out, size_t size)
{
	size_t n = 0;
	int c;

	for (size_t i = 0; i < s.len && n + 1 < size; i++) {
		c = s.p[i] == '%' ? escaped(s, i) : s.p[i];
		if (c < 0)
			continue; /* "%" alone: the empty value */
		i += s.p[i] == '%' ? 2 : 0;
		out[n++] = (char)c;
	}
	out[n] = '\0';
}
