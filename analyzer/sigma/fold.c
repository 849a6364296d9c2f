/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/fold.h"

#include <string.h>

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

size_t
fold_case(struct span s, uint8_t *out)
{
	size_t i, step, n = 0;
	struct span one;

	for (i = 0; i < s.len; i += step) {
		if (s.p[i] < 0x80) {
			out[n++] = (uint8_t)(s.p[i] |
			    (s.p[i] - (unsigned)'A' < 26 ? 0x20 : 0));
			step = 1;
			continue;
		}
		one = span_sub(s, i, 4);
		step = text_step(one);
		if (step == 0) {
			out[n++] = s.p[i];
			step = 1;
		} else if (is_caseless(s.p[i])) {
			memcpy(out + n, one.p, step);
			n += step;
		} else
			n += text_put(
			    fold_rune(text_rune(span_sub(one, 0, step))),
			    out + n);
	}
	return n;
}
