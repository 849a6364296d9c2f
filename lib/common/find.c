/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/find.h"

#ifdef __SSE2__
/*
 * Sixteen places at once: those where the first and the last byte of part
 * stand are compared.  *from goes to the first place that was not looked at.
 */
static const uint8_t *
find_wide(struct span text, struct span part, size_t *from)
{
	const __m128i first = _mm_set1_epi8((char)part.p[0]),
		      last = _mm_set1_epi8((char)part.p[part.len - 1]);
	size_t i, places = text.len - part.len + 1;
	unsigned hits;

	for (i = 0; i + 16 <= places; i += 16) {
		const uint8_t *p = text.p + i;

		hits = (unsigned)_mm_movemask_epi8(
		    _mm_and_si128(_mm_cmpeq_epi8(find_load(p), first),
			_mm_cmpeq_epi8(find_load(p + part.len - 1), last)));
		for (; hits != 0; hits &= hits - 1) {
			const uint8_t *at = p + __builtin_ctz(hits);

			if (memcmp(at, part.p, part.len) == 0)
				return at;
		}
	}
	*from = i;
	return NULL;
}
#endif

const uint8_t *
find_part(struct span text, struct span part)
{
	const uint8_t *at;
	size_t from = 0;

	if (part.len == 0)
		return text.p;
	if (text.len < part.len)
		return NULL;
#ifdef __SSE2__
	if ((at = find_wide(text, part, &from)) != NULL)
		return at;
#endif
	text = span_sub(text, from, text.len);
	at = text.len < part.len
	    ? NULL
	    : memmem(text.p, text.len, part.p, part.len);
	return at;
}
