/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/fold.h"

#include <stdbool.h>
#include <string.h>

#include "common/find.h"
#include "common/text.h"

static const struct letters {
	uint32_t first, last, step;
	int32_t add;
} letters[] = {
#define LETTERS(first, last, step, add) { first, last, step, add },
#include "analyzer/sigma/fold_tbl.h"
#undef LETTERS
};

#define N (sizeof(letters) / sizeof(letters[0]))

static uint32_t
fold_rune(uint32_t rune)
{
	size_t low = 0, high = N, mid;
	const struct letters *l;

	while (low < high) {
		mid = (low + high) / 2;
		l = &letters[mid];
		if (rune < l->first)
			high = mid;
		else if (rune > l->last)
			low = mid + 1;
		else
			return (rune - l->first) % l->step != 0
			    ? rune
			    : (uint32_t)((int32_t)rune + l->add);
	}
	return rune;
}

/* Kana, han and hangul, E3 80 80 to ED 9F BF but for Latin in EA: no case. */
static inline int
is_caseless(uint8_t lead)
{
	return lead >= 0xE3 && lead <= 0xED && lead != 0xEA;
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))
#define BLOCK sizeof(uint64_t)

/* The highest bit of each of eight bytes of ASCII that is A to Z. */
static inline uint64_t
capitals(uint64_t x)
{
	/* No byte carries: the highest bit says from A on, and beyond Z. */
	return (x + EACH(0x80 - 'A')) & ~(x + EACH(0x80 - 'Z' - 1)) &
	    EACH(0x80);
}

static inline bool
is_done(uint64_t x)
{
	return (x & EACH(0x80)) == 0 && capitals(x) == 0;
}

static inline uint64_t
load(const uint8_t *p)
{
	uint64_t x;

	memcpy(&x, p, BLOCK);
	return x;
}

/* Fewer than eight bytes, in any order, some twice; 0 where there is none. */
static inline uint64_t
load_few(struct span s)
{
	uint32_t first, last;

	if (s.len == 0)
		return 0;
	if (s.len < 4)
		return s.p[0] | (uint64_t)s.p[s.len / 2] << 8 |
		    (uint64_t)s.p[s.len - 1] << 16;
	memcpy(&first, s.p, 4);
	memcpy(&last, s.p + s.len - 4, 4);
	return first | (uint64_t)last << 32;
}

bool
fold_is_done(struct span s)
{
	size_t i;

	if (s.len < BLOCK)
		return is_done(load_few(s));
	for (i = 0; s.len - i > BLOCK; i += BLOCK)
		if (!is_done(load(s.p + i)))
			return false;
	return is_done(load(s.p + s.len - BLOCK));
}

/* Eight bytes of ASCII without case.  False if there is something else. */
static inline bool
fold_block(const uint8_t *p, uint8_t *out)
{
	uint64_t x = load(p);

	if ((x & EACH(0x80)) != 0)
		return false;
	x |= capitals(x) >> 2;
	memcpy(out, &x, BLOCK);
	return true;
}

/* The same of as many times sixteen as there are: how many bytes. */
static inline size_t
fold_wide(struct span s, uint8_t *out)
{
	size_t i = 0;
#ifdef __SSE2__
	const __m128i below = _mm_set1_epi8('A' - 1);
	const __m128i above = _mm_set1_epi8('Z' + 1);
	const __m128i bit = _mm_set1_epi8(0x20);
	__m128i x;

	for (; s.len - i >= 16; i += 16) {
		x = find_load(s.p + i);
		if (_mm_movemask_epi8(x) != 0)
			break;
		x = _mm_or_si128(x,
		    _mm_and_si128(bit,
			_mm_and_si128(_mm_cmpgt_epi8(x, below),
			    _mm_cmpgt_epi8(above, x))));
		_mm_storeu_si128((__m128i *)(void *)(out + i), x);
	}
#else
	(void)s, (void)out;
#endif
	return i;
}

/*
 * ASCII is nearly all of a log: the blocks at the start of s, and the last
 * one, which may lie over the one before.  How many bytes that were.
 */
static inline size_t
fold_blocks(struct span s, uint8_t *out)
{
	size_t i = fold_wide(s, out);

	while (s.len - i >= BLOCK && fold_block(s.p + i, out + i))
		i += BLOCK;
	if (i > 0 && i < s.len && s.len - i < BLOCK &&
	    fold_block(s.p + s.len - BLOCK, out + s.len - BLOCK))
		i = s.len;
	return i;
}

/* One character of s, not ASCII, to out; *step: the bytes that it has there. */
static size_t
fold_other(struct span s, size_t *step, uint8_t *out)
{
	struct span one = span_sub(s, 0, 4);

	*step = text_step(one);
	if (*step == 0) {
		*step = 1;
		out[0] = s.p[0];
		return 1;
	}
	if (is_caseless(s.p[0])) {
		memcpy(out, one.p, *step);
		return *step;
	}
	return text_put(fold_rune(text_rune(span_sub(one, 0, *step))), out);
}

size_t
fold_case(struct span s, uint8_t *out)
{
	size_t i = 0, n = 0, step;

	while (i < s.len) {
		step = fold_blocks(span_sub(s, i, s.len), out + n);
		i += step;
		n += step;
		/* Up to what is not ASCII, and past it. */
		for (; i < s.len && s.p[i] < 0x80; i++)
			out[n++] = (uint8_t)(s.p[i] |
			    (s.p[i] - (unsigned)'A' < 26 ? 0x20 : 0));
		for (; i < s.len && s.p[i] >= 0x80; i += step)
			n += fold_other(span_sub(s, i, s.len), &step, out + n);
	}
	return n;
}
