/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COMMON_FIND_H
#define COMMON_FIND_H

#include <stdbool.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "common/span.h"

/*
 * Where part stands in text first, or NULL: memmem() for the short words that
 * formats and rules look for in a line, several times as fast.  An empty part
 * is found at the start.
 */
const uint8_t *find_part(struct span text, struct span part);

#ifdef __SSE2__
static inline __m128i
find_load(const uint8_t *p)
{
	return _mm_loadu_si128((const __m128i *)(const void *)p);
}
#endif

/*
 * The first byte from p on, below end, that is a or b; or end.  For what is
 * mostly a few bytes away: a call of memchr() takes longer than the look.
 */
static inline const uint8_t *
find_byte(const uint8_t *p, const uint8_t *end, uint8_t a, uint8_t b)
{
#ifdef __SSE2__
	const __m128i x = _mm_set1_epi8((char)a), y = _mm_set1_epi8((char)b);
	int hits;

	for (; end - p >= 16; p += 16) {
		hits = _mm_movemask_epi8(
		    _mm_or_si128(_mm_cmpeq_epi8(find_load(p), x),
			_mm_cmpeq_epi8(find_load(p), y)));
		if (hits != 0)
			return p + __builtin_ctz((unsigned)hits);
	}
#endif
	while (p < end && *p != a && *p != b)
		p++;
	return p;
}

/*
 * The same where FIND_NEAR bytes can be read from p on, and none of those at
 * end or behind it is a or b but the first: what is near takes one look.
 */
#define FIND_NEAR 16

/* A bit for each of the FIND_NEAR bytes that is a or b; 0 where it is slow. */
static inline unsigned
find_bits(const uint8_t *p, uint8_t a, uint8_t b)
{
#ifdef __SSE2__
	const __m128i x = find_load(p);

	return (unsigned)_mm_movemask_epi8(
	    _mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8((char)a)),
		_mm_cmpeq_epi8(x, _mm_set1_epi8((char)b))));
#else
	(void)p, (void)a, (void)b;
	return 0;
#endif
}

static inline const uint8_t *
find_near(const uint8_t *p, const uint8_t *end, uint8_t a, uint8_t b)
{
#ifdef __SSE2__
	unsigned hits = find_bits(p, a, b);

	if (__builtin_expect(hits != 0, 1))
		return p + (unsigned)__builtin_ctz(hits);
	if (end - p <= FIND_NEAR)
		return end;
	p += FIND_NEAR;
#endif
	return find_byte(p, end, a, b);
}

#endif
