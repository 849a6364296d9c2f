/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/encode.h"

#include <string.h>

#include "common/text.h"

#define BASE64_LEN(n) (((n) + 2) / 3 * 4)

static size_t
put_unit(uint8_t *out, uint32_t unit, bool big)
{
	out[big ? 1 : 0] = (uint8_t)unit;
	out[big ? 0 : 1] = (uint8_t)(unit >> 8);
	return 2;
}

struct span
encode_utf16(struct span s, enum encode_utf16 how, struct arena *arena)
{
	uint8_t *out = arena_alloc(arena, 2 + s.len * 2);
	bool big = how == ENCODE_BE;
	size_t i, step, n = 0;
	uint32_t rune;

	if (how == ENCODE_BOM)
		n += put_unit(out, 0xFEFF, false);
	for (i = 0; i < s.len; i += step == 0 ? 1 : step) {
		step = text_step(span_sub(s, i, s.len));
		rune = step == 0 ? TEXT_BAD : text_rune(span_sub(s, i, step));
		if (rune < 0x10000) {
			n += put_unit(out + n, rune, big);
			continue;
		}
		rune -= 0x10000;
		n += put_unit(out + n, 0xD800 | rune >> 10, big);
		n += put_unit(out + n, 0xDC00 | (rune & 0x3FF), big);
	}
	return span_make(out, n);
}

struct span
encode_base64(struct span s, struct arena *arena)
{
	static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	uint8_t *out = arena_alloc(arena, BASE64_LEN(s.len) + 1);
	size_t i, n = 0;

	for (i = 0; i < s.len; i += 3) {
		size_t left = s.len - i;
		uint32_t v = (uint32_t)s.p[i] << 16;

		if (left > 1)
			v |= (uint32_t)s.p[i + 1] << 8;
		if (left > 2)
			v |= s.p[i + 2];
		out[n++] = (uint8_t)digit[v >> 18];
		out[n++] = (uint8_t)digit[v >> 12 & 63];
		out[n++] = (uint8_t)(left > 1 ? digit[v >> 6 & 63] : '=');
		out[n++] = (uint8_t)(left > 2 ? digit[v & 63] : '=');
	}
	return span_make(out, n);
}

struct span
encode_base64_at(struct span s, unsigned of, struct arena *arena)
{
	/* Digits that hang on the bytes before s, and on those behind it. */
	static const size_t before[3] = { 0, 2, 3 }, behind[3] = { 0, 3, 2 };
	uint8_t *padded = arena_alloc(arena, s.len + of + 1);
	struct span all;
	size_t cut;

	memset(padded, ' ', of);
	if (s.len > 0)
		memcpy(padded + of, s.p, s.len);
	all = encode_base64(span_make(padded, s.len + of), arena);
	cut = before[of] + behind[(s.len + of) % 3];
	return all.len <= cut ? span_make(all.p, 0)
			      : span_sub(all, before[of], all.len - cut);
}
