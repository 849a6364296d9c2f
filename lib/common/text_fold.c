/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/text.h"

/* Full-width forms of U+FF61 to U+FF9F (JIS X 0201 to JIS X 0208). */
static const uint16_t wide[] = { 0x3002, 0x300C, 0x300D, 0x3001, 0x30FB, 0x30F2,
	0x30A1, 0x30A3, 0x30A5, 0x30A7, 0x30A9, 0x30E3, 0x30E5, 0x30E7, 0x30C3,
	0x30FC, 0x30A2, 0x30A4, 0x30A6, 0x30A8, 0x30AA, 0x30AB, 0x30AD, 0x30AF,
	0x30B1, 0x30B3, 0x30B5, 0x30B7, 0x30B9, 0x30BB, 0x30BD, 0x30BF, 0x30C1,
	0x30C4, 0x30C6, 0x30C8, 0x30CA, 0x30CB, 0x30CC, 0x30CD, 0x30CE, 0x30CF,
	0x30D2, 0x30D5, 0x30D8, 0x30DB, 0x30DE, 0x30DF, 0x30E0, 0x30E1, 0x30E2,
	0x30E4, 0x30E6, 0x30E8, 0x30E9, 0x30EA, 0x30EB, 0x30EC, 0x30ED, 0x30EF,
	0x30F3, 0x309B, 0x309C };

#define MARK_VOICED 0x309B
#define MARK_HALF_VOICED 0x309C

/* Hiragana and katakana stand in the same order, 0x60 apart. */
static uint32_t
join_kana(uint32_t kana, uint32_t mark)
{
	uint32_t k = kana >= 0x30A1 ? kana - 0x60 : kana;
	bool h_row = k >= 0x306F && k <= 0x307B && (k - 0x306F) % 3 == 0;

	if (kana < 0x3041 || kana > 0x30F6)
		return 0;
	if (mark == MARK_HALF_VOICED)
		return h_row ? kana + 2 : 0;
	if (h_row || (k >= 0x304B && k <= 0x3061 && (k - 0x304B) % 2 == 0) ||
	    k == 0x3064 || k == 0x3066 || k == 0x3068)
		return kana + 1;
	if (k == 0x3046)
		return kana + 0x4E; /* u to vu */
	if (kana == 0x30EF || kana == 0x30F2)
		return kana + 8; /* wa to va, wo to vo */
	return 0;
}

static uint32_t
fold_rune(uint32_t u, bool lower)
{
	if (u >= 0xFF01 && u <= 0xFF5E)
		u -= 0xFF01 - '!';
	else if (u >= 0xFF61 && u <= 0xFF9F)
		u = wide[u - 0xFF61];
	else if (u == 0x3000)
		u = ' ';
	else if (u == 0x3099 || u == 0x309A) /* as macOS names its files */
		u = u - 0x3099 + MARK_VOICED;
	if (lower && u >= 'A' && u <= 'Z')
		u += 'a' - 'A';
	return u;
}

/*
 * A mark that was written apart joins the kana before it; the full-width
 * marks U+309B and U+309C are characters of their own, as in NFKC.
 */
void
text_fold(struct span s, bool lower, struct buf *out)
{
	uint32_t u, folded, joined, before = 0;
	size_t i, n, at = out->len;

	for (i = 0; i < s.len; i += n) {
		n = text_step(span_sub(s, i, 4));
		if (n == 0) {
			buf_byte(out, s.p[i]);
			before = 0;
			n = 1;
			continue;
		}
		u = text_rune(span_sub(s, i, n));
		folded = fold_rune(u, lower);
		joined = folded != u ? join_kana(before, folded) : 0;
		if (joined != 0 &&
		    (folded == MARK_VOICED || folded == MARK_HALF_VOICED)) {
			out->len = at;
			folded = joined;
		}
		at = out->len;
		text_append(folded, out);
		before = folded;
	}
}
