/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/pattern.h"

#include <string.h>

#include "analyzer/sigma/fold.h"
#include "common/buf.h"
#include "common/find.h"

/* Bytes that no UTF-8 text holds. */
#define ANY 0xFF
#define ONE 0xFE
#define DASH 0xFD
#define IS_WILD(c) ((c) >= DASH)

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

	return span_make(out, fold_case(s, out));
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
 * Where the * before star ends next: at the end, one character further on, or
 * where the letter behind it is next, if that is ASCII, which no other
 * character has within.
 */
static size_t
retreat(const struct pattern *p, size_t star, struct span value, size_t from)
{
	const uint8_t *next;

	if (star == p->text.len)
		return value.len;
	from += character(value, from);
	if (p->text.p[star] >= 0x80 || from >= value.len)
		return from;
	next = memchr(value.p + from, p->text.p[star], value.len - from);
	return next == NULL ? value.len : (size_t)(next - value.p);
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
		from = retreat(p, star, value, from);
		i = from;
		at = star;
	}
	while (at < p->text.len && p->text.p[at] == ANY)
		at++;
	return at == p->text.len;
}

bool
pattern_stands(struct span s, struct span part, enum pattern_place place)
{
	if (part.len > s.len)
		return false;
	switch (place) {
	case PATTERN_WHOLE:
		return span_eq(s, part);
	case PATTERN_STARTS:
		return span_starts(s, part);
	case PATTERN_ENDS:
		return span_starts(span_sub(s, s.len - part.len, part.len),
		    part);
	case PATTERN_CONTAINS:
		break;
	}
	return part.len == 0 || find_part(s, part) != NULL;
}

bool
pattern_match(const struct pattern *p, struct span value, struct span folded)
{
	struct span s = p->cased ? value : folded;

	return p->simple ? pattern_stands(s, p->core, p->place) : fits(p, s);
}
