/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/pattern.h"

#include <string.h>

#include "common/buf.h"
#include "common/find.h"

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
pattern_fold(struct span s, uint8_t *out)
{
	uint8_t c[3];
	size_t i, k, n;

	for (i = 0; i < s.len; i += n) {
		if (s.p[i] < 0x80) {
			out[i] = (uint8_t)(s.p[i] |
			    (s.p[i] - (unsigned)'A' < 26 ? 0x20 : 0));
			n = 1;
			continue;
		}
		n = fold_at(s, i, c);
		for (k = 0; k < n; k++)
			out[i + k] = c[k];
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

static struct span
folded_copy(struct span s, struct arena *arena)
{
	uint8_t *out = arena_alloc(arena, s.len + 1);

	pattern_fold(s, out);
	return span_make(out, s.len);
}

/* Which place a pattern without inner wildcards is at: "*x*" is contains. */
static void
find_core(struct pattern *p)
{
	struct span t = p->text;
	bool front = t.len > 0 && t.p[0] == ANY;
	bool back = t.len > 1 && t.p[t.len - 1] == ANY;

	p->core = span_sub(t, front, t.len - front - back);
	p->place = front && back ? PATTERN_CONTAINS
	    : front		 ? PATTERN_ENDS
	    : back		 ? PATTERN_STARTS
				 : PATTERN_WHOLE;
	p->simple = is_plain(p->core);
}

struct pattern
pattern_parse(struct span value, enum pattern_place place, unsigned how,
    struct arena *arena)
{
	struct pattern p = { .cased = (how & PATTERN_CASED) != 0 };
	struct buf raw;

	buf_init(&raw);
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
	p.text = p.cased ? arena_copy(arena, buf_view(&raw))
			 : folded_copy(buf_view(&raw), arena);
	find_core(&p);
	buf_fini(&raw);
	return p;
}

struct span
pattern_literal(const struct pattern *p, struct arena *arena)
{
	struct span best = { NULL, 0 };
	size_t i, from = 0;

	for (i = 0; i <= p->text.len; i++) {
		if (i < p->text.len && !IS_WILD(p->text.p[i]))
			continue;
		if (i - from > best.len)
			best = span_sub(p->text, from, i - from);
		from = i + 1;
	}
	return p->cased ? folded_copy(best, arena) : best;
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
	*n = 1;
	if (p->text.p[at] == DASH)
		return dash(value, i);
	return p->text.p[at] == value.p[i];
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
static bool
fits(const struct pattern *p, struct span value)
{
	size_t at = 0, i = 0, star = SIZE_MAX, from = 0, n, taken = 0;

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

bool
pattern_match(const struct pattern *p, struct span value, struct span folded)
{
	struct span s = p->cased ? value : folded;

	if (!p->simple)
		return fits(p, s);
	if (s.len < p->core.len)
		return false;
	if (p->core.len == 0 && p->place != PATTERN_WHOLE)
		return true;
	switch (p->place) {
	case PATTERN_WHOLE:
		return span_eq(s, p->core);
	case PATTERN_STARTS:
		return span_starts(s, p->core);
	case PATTERN_ENDS:
		return span_starts(span_sub(s, s.len - p->core.len, s.len),
		    p->core);
	case PATTERN_CONTAINS:
		break;
	}
	return find_part(s, p->core) != NULL;
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
