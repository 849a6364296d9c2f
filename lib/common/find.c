/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/find.h"

#if defined(__SSE2__) && defined(__x86_64__)
#define FIND_AVX2
#include <immintrin.h>
#endif

/* One place after another: for few places. */
static const uint8_t *
find_narrow(struct span text, struct span part)
{
	size_t i;

	for (i = 0; i + part.len <= text.len; i++)
		if (text.p[i] == part.p[0] &&
		    memcmp(text.p + i, part.p, part.len) == 0)
			return text.p + i;
	return NULL;
}

#ifdef __SSE2__
/* As memcmp() == 0, without a call for the few bytes that words have. */
static inline bool
same(const uint8_t *a, const uint8_t *b, size_t n)
{
	uint64_t x, y;

	for (; n > 8; a += 8, b += 8, n -= 8) {
		memcpy(&x, a, 8);
		memcpy(&y, b, 8);
		if (x != y)
			return false;
	}
	for (; n > 0; n--)
		if (a[n - 1] != b[n - 1])
			return false;
	return true;
}

/* Where in the sixteen places from p on; last is their part's last byte. */
static inline const uint8_t *
find_block(const uint8_t *p, struct span part, __m128i first, __m128i last)
{
	unsigned hits = (unsigned)_mm_movemask_epi8(
	    _mm_and_si128(_mm_cmpeq_epi8(find_load(p), first),
		_mm_cmpeq_epi8(find_load(p + part.len - 1), last)));

	for (; hits != 0; hits &= hits - 1) {
		const uint8_t *at = p + __builtin_ctz(hits);

		if (same(at, part.p, part.len))
			return at;
	}
	return NULL;
}

/* Sixteen at once: those where first and last byte stand are compared. */
static const uint8_t *
find_wide(struct span text, struct span part)
{
	const __m128i first = _mm_set1_epi8((char)part.p[0]),
		      last = _mm_set1_epi8((char)part.p[part.len - 1]);
	size_t i, places = text.len - part.len + 1;
	const uint8_t *at;

	for (i = 0; i + 16 <= places; i += 16)
		if ((at = find_block(text.p + i, part, first, last)) != NULL)
			return at;
	/* What is left, together with some that was looked at. */
	return find_block(text.p + places - 16, part, first, last);
}
#endif

#ifdef FIND_AVX2
#define TARGET __attribute__((target("avx2")))

TARGET static inline __m256i
load_wider(const uint8_t *p)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

TARGET static inline const uint8_t *
find_wider_block(const uint8_t *p, struct span part, __m256i first,
    __m256i last)
{
	unsigned hits = (unsigned)_mm256_movemask_epi8(_mm256_and_si256(
	    _mm256_cmpeq_epi8(load_wider(p), first),
	    _mm256_cmpeq_epi8(load_wider(p + part.len - 1), last)));

	for (; hits != 0; hits &= hits - 1) {
		const uint8_t *at = p + __builtin_ctz(hits);

		if (same(at, part.p, part.len))
			return at;
	}
	return NULL;
}

/* As find_wide(), by 32, where the machine can. */
TARGET static const uint8_t *
find_wider(struct span text, struct span part)
{
	const __m256i first = _mm256_set1_epi8((char)part.p[0]),
		      last = _mm256_set1_epi8((char)part.p[part.len - 1]);
	size_t i, places = text.len - part.len + 1;
	const uint8_t *at;

	for (i = 0; i + 32 <= places; i += 32)
		if ((at = find_wider_block(text.p + i, part, first, last)) !=
		    NULL)
			return at;
	return find_wider_block(text.p + places - 32, part, first, last);
}
#endif

/*
 * Bytes that a line may well have none of, so that a word with one in front is
 * not there either: one look with memchr(), which goes by the machine's widest
 * steps, instead of two compares for each sixteen bytes.
 */
static bool
is_rare(uint8_t c)
{
	return c == '|' || c == ',' || c == '<' || c == '{' || c == '%' ||
	    c == '#' || c == '@' || c == ';';
}

const uint8_t *
find_part(struct span text, struct span part)
{
	const uint8_t *from;

	if (part.len == 0)
		return text.p;
	if (is_rare(part.p[0]) && text.len >= 32) {
		from = memchr(text.p, part.p[0], text.len);
		if (from == NULL)
			return NULL;
		text = span_sub(text, (size_t)(from - text.p), text.len);
	}
#ifdef FIND_AVX2
	if (text.len >= part.len + 31 && __builtin_cpu_supports("avx2"))
		return find_wider(text, part);
#endif
#ifdef __SSE2__
	if (text.len >= part.len + 15)
		return find_wide(text, part);
#endif
	return find_narrow(text, part);
}
