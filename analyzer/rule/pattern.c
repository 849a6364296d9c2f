/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/pattern.h"

#include "common/buf.h"

/* Bytes that no UTF-8 text holds. */
#define ANY 0xFF
#define ONE 0xFE

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

static void
put_folded(struct buf *b, struct span s, bool cased)
{
	uint8_t c[3];
	size_t i, n;

	for (i = 0; i < s.len; i += n) {
		n = cased ? 1 : fold_at(s, i, c);
		buf_append(b, cased ? s.p + i : c, n);
	}
}

struct pattern
pattern_parse(struct span value, enum pattern_place place, bool cased,
    struct arena *arena)
{
	struct pattern p = { .cased = cased, .plain = true };
	size_t i, from = 0;
	struct buf raw, b;
	uint8_t c;

	buf_init(&raw);
	buf_init(&b);
	if (place == PATTERN_CONTAINS || place == PATTERN_ENDS)
		buf_byte(&raw, ANY);
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
		buf_byte(&raw, c);
	}
	if (place == PATTERN_CONTAINS || place == PATTERN_STARTS)
		buf_byte(&raw, ANY);
	for (i = 0; i <= raw.len; i++) {
		if (i < raw.len && raw.p[i] != ANY && raw.p[i] != ONE)
			continue;
		put_folded(&b, span_sub(buf_view(&raw), from, i - from), cased);
		if (i < raw.len) {
			buf_byte(&b, raw.p[i]);
			p.plain = false;
		}
		from = i + 1;
	}
	p.text = arena_copy(arena, buf_view(&b));
	buf_fini(&raw);
	buf_fini(&b);
	return p;
}

/* One literal step: how many bytes of value the pattern's next ones are. */
static size_t
step(const struct pattern *p, size_t at, struct span value, size_t i)
{
	uint8_t c[3] = { value.p[i] };
	size_t n = p->cased ? 1 : fold_at(value, i, c), k;

	if (n > p->text.len - at)
		return 0;
	for (k = 0; k < n; k++)
		if (p->text.p[at + k] != c[k])
			return 0;
	return n;
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
	size_t at = 0, i = 0, star = SIZE_MAX, from = 0, n;

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
		n = at < p->text.len ? step(p, at, value, i) : 0;
		if (n > 0) {
			at += n;
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
