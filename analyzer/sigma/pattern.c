/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/pattern.h"

#include <string.h>

#include "common/buf.h"

/* Bytes that no UTF-8 text holds. */
#define ANY 0xFF
#define ONE 0xFE
#define DASH 0xFD
#define IS_WILD(c) ((c) >= DASH)

/*
 * Lower case of the two- and three-byte letters whose lower case is as long:
 * so folding changes no length, and text can be folded while it is compared.
 * Writes n bytes, 1 to 3, and returns n.
 */
static size_t
fold_at(struct span s, size_t i, uint8_t out[3])
{
	uint8_t a = s.p[i], b;
	unsigned u;

	out[0] = a >= 'A' && a <= 'Z' ? (uint8_t)(a + 32) : a;
	if (a < 0xC3 || i + 1 >= s.len)
		return 1;
	b = s.p[i + 1];
	if (a >= 0xC3 && a <= 0xD1 && (b & 0xC0) == 0x80) {
		u = (a & 0x1Fu) << 6 | (b & 0x3Fu);
		if ((u >= 0xC0 && u <= 0xDE && u != 0xD7) ||
		    (u >= 0x391 && u <= 0x3A9 && u != 0x3A2) ||
		    (u >= 0x410 && u <= 0x42F))
			u += 32;
		else if (u >= 0x400 && u <= 0x40F)
			u += 80;
		out[0] = (uint8_t)(0xC0 | u >> 6);
		out[1] = (uint8_t)(0x80 | (u & 0x3F));
		return 2;
	}
	if (a == 0xEF && b == 0xBC && i + 2 < s.len && s.p[i + 2] >= 0xA1 &&
	    s.p[i + 2] <= 0xBA) { /* U+FF21 to U+FF3A */
		out[1] = 0xBD;
		out[2] = (uint8_t)(s.p[i + 2] - 0x20);
		return 3;
	}
	return 1;
}

void
pattern_fold(struct span s, struct buf *out)
{
	uint8_t c[3];
	size_t i, n;

	for (i = 0; i < s.len; i += n) {
		n = fold_at(s, i, c);
		buf_append(out, c, n);
	}
}

/* The value with its wildcards as bytes of their own. */
static void
put_marked(struct span value, struct buf *raw)
{
	size_t i;
	uint8_t c;

	for (i = 0; i < value.len; i++) {
		c = value.p[i];
		if (c == '\\' && i + 1 < value.len &&
		    (value.p[i + 1] == '*' || value.p[i + 1] == '?' ||
			value.p[i + 1] == '\\'))
			c = value.p[++i];
		else if (c == '*')
			c = ANY;
		else if (c == '?')
			c = ONE;
		buf_byte(raw, c);
	}
}

static bool
is_word(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '_' ||
	    (c >= 'a' && c <= 'z') || (c >= 0x80 && c < DASH);
}

/* \B[-/]\b: no word before it, one behind. */
static void
mark_dashes(struct buf *raw)
{
	size_t i;

	for (i = 0; i + 1 < raw->len; i++)
		if ((raw->p[i] == '-' || raw->p[i] == '/') &&
		    is_word(raw->p[i + 1]) &&
		    (i == 0 || !is_word(raw->p[i - 1])))
			raw->p[i] = DASH;
}

static bool
is_plain(struct span s)
{
	size_t i;

	for (i = 0; i < s.len && !IS_WILD(s.p[i]); i++)
		;
	return i == s.len;
}

struct pattern
pattern_parse(struct span value, enum pattern_place place, unsigned how,
    struct arena *arena)
{
	struct pattern p = { .cased = (how & PATTERN_CASED) != 0 };
	struct buf raw, b;

	buf_init(&raw);
	buf_init(&b);
	if (place == PATTERN_CONTAINS || place == PATTERN_ENDS)
		buf_byte(&raw, ANY);
	if (how & PATTERN_LITERAL)
		buf_span(&raw, value);
	else
		put_marked(value, &raw);
	if (how & PATTERN_WINDASH)
		mark_dashes(&raw);
	if (place == PATTERN_CONTAINS || place == PATTERN_STARTS)
		buf_byte(&raw, ANY);
	if (p.cased)
		buf_span(&b, buf_view(&raw));
	else
		pattern_fold(buf_view(&raw), &b);
	p.text = arena_copy(arena, buf_view(&b));
	p.plain = is_plain(p.text);
	buf_fini(&raw);
	buf_fini(&b);
	return p;
}

struct span
pattern_literal(const struct pattern *p, struct arena *arena)
{
	struct span best = { NULL, 0 };
	size_t i, from = 0;
	struct buf b;

	for (i = 0; i <= p->text.len; i++) {
		if (i < p->text.len && !IS_WILD(p->text.p[i]))
			continue;
		if (i - from > best.len)
			best = span_sub(p->text, from, i - from);
		from = i + 1;
	}
	if (!p->cased || best.len == 0)
		return best;
	buf_init(&b);
	pattern_fold(best, &b);
	best = arena_copy(arena, buf_view(&b));
	buf_fini(&b);
	return best;
}

/* U+2013, U+2014, U+2015, and what they stand for: its bytes, or 0. */
static size_t
dash(struct span s, size_t i)
{
	if (s.p[i] == '-' || s.p[i] == '/')
		return 1;
	return s.len - i > 2 && s.p[i] == 0xE2 && s.p[i + 1] == 0x80 &&
		s.p[i + 2] >= 0x93 && s.p[i + 2] <= 0x95
	    ? 3
	    : 0;
}

/*
 * One literal step: how many bytes of value the pattern's next ones are, of
 * which there are *n.
 */
static size_t
step(const struct pattern *p, size_t at, struct span value, size_t i,
    size_t *n)
{
	uint8_t c[3] = { value.p[i] };
	size_t k;

	*n = 1;
	if (p->text.p[at] == DASH)
		return dash(value, i);
	*n = p->cased ? 1 : fold_at(value, i, c);
	if (*n > p->text.len - at)
		return 0;
	for (k = 0; k < *n; k++)
		if (p->text.p[at + k] != c[k])
			return 0;
	return *n;
}

/* Bytes of the character at i; one if it is ill-formed. */
static size_t
character(struct span s, size_t i)
{
	uint8_t a = s.p[i];
	size_t n = a < 0xC2 ? 1 : a < 0xE0 ? 2 : a < 0xF0 ? 3 : 4, k;

	for (k = 1; k < n; k++)
		if (i + k >= s.len || (s.p[i + k] & 0xC0) != 0x80)
			return 1;
	return n;
}

/*
 * Greedy with one retreat: the last * takes one character more when what
 * follows does not fit.  Linear in practice, quadratic at worst.
 */
bool
pattern_match(const struct pattern *p, struct span value)
{
	size_t at = 0, i = 0, star = SIZE_MAX, from = 0, n, taken = 0;

	if (p->plain && p->text.len != value.len)
		return false;
	while (i < value.len) {
		if (at < p->text.len && p->text.p[at] == ANY) {
			star = ++at;
			from = i;
			continue;
		}
		if (at < p->text.len && p->text.p[at] == ONE) {
			i += character(value, i);
			at++;
			continue;
		}
		n = at < p->text.len ? step(p, at, value, i, &taken) : 0;
		if (n > 0) {
			at += taken;
			i += n;
			continue;
		}
		if (star == SIZE_MAX)
			return false;
		from += character(value, from);
		i = from;
		at = star;
	}
	while (at < p->text.len && p->text.p[at] == ANY)
		at++;
	return at == p->text.len;
}

/* Whether s begins with part; folding changes no length. */
static bool
begins(struct span s, struct span part, bool cased)
{
	uint8_t a[3], b[3];
	size_t i, n;

	if (cased)
		return span_starts(s, part);
	for (i = 0; i < part.len && i < s.len; i += n) {
		n = fold_at(part, i, a);
		if (fold_at(s, i, b) != n || memcmp(a, b, n) != 0)
			return false;
	}
	return i == part.len;
}

bool
pattern_stands(struct span s, struct span part, enum pattern_place place,
    bool cased)
{
	size_t i;

	if (part.len > s.len || (place == PATTERN_WHOLE && part.len != s.len))
		return false;
	if (place == PATTERN_ENDS)
		s = span_sub(s, s.len - part.len, part.len);
	if (place != PATTERN_CONTAINS)
		return begins(s, part, cased);
	for (i = 0; i <= s.len - part.len; i++)
		if (begins(span_sub(s, i, s.len), part, cased))
			return true;
	return false;
}
