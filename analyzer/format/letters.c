/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/letters.h"

#include "analyzer/format/names.h"

/* Eight bytes at a time; what is left, together with some that were done. */

/* The high bit of each byte that is one of the 26 letters from `from` on. */
static inline uint64_t
letters(uint64_t v, uint8_t from)
{
	const uint64_t one = UINT64_C(0x0101010101010101), high = one << 7;
	uint64_t low = v & ~high, begin = low + one * (0x80u - from),
		 end = low + one * (0x80u - 26 - from);

	return begin & ~end & ~v & high;
}

/* Seven bytes at most: as one number, or as two that overlap. */
static struct span
short_case(struct span s, uint8_t from, struct arena *a)
{
	size_t n = s.len < 4 ? s.len : 4, i;
	uint64_t first = span_load(s.p, n),
		 last = span_load(s.p + s.len - n, n);
	uint64_t x = letters(first, from), y = letters(last, from);
	uint32_t head = (uint32_t)(first ^ x >> 2),
		 tail = (uint32_t)(last ^ y >> 2);
	uint8_t *out;

	if ((x | y) == 0)
		return s;
	out = arena_bytes(a, 8);
	if (n == 4) {
		memcpy(out, &head, 4);
		memcpy(out + s.len - 4, &tail, 4);
	} else
		for (i = 0; i < n; i++, head >>= 8)
			out[i] = (uint8_t)head;
	return span_make(out, s.len);
}

struct span
letters_turn(struct span s, uint8_t from, struct arena *a)
{
	uint64_t v, any = 0;
	uint8_t *out;
	size_t i;

	if (s.len < 8)
		return short_case(s, from, a);
	for (i = 0; i < s.len; i += 8) {
		if (i > s.len - 8)
			i = s.len - 8;
		any |= letters(span_load(s.p + i, 8), from);
	}
	if (any == 0)
		return s;
	out = arena_bytes(a, s.len);
	for (i = 0; i < s.len; i += 8) {
		if (i > s.len - 8) /* some of them once more */
			i = s.len - 8;
		v = span_load(s.p + i, 8);
		v ^= letters(v, from) >> 2;
		memcpy(out + i, &v, 8);
	}
	return span_make(out, s.len);
}
