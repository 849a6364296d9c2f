/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>

#include "common/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Whatever comes in, UTF-8 comes out, and nothing is dropped in silence. */
static void
check_decode(enum text_encoding e, struct span s)
{
	struct buf out;
	size_t bad, i, n = 0;

	buf_init(&out);
	bad = text_decode(e, s, &out);
	assert(text_is_utf8(buf_view(&out)) && bad <= s.len);
	assert(out.len <= 3 * s.len);
	assert(e == TEXT_ISO_2022_JP || out.len >= s.len / 3); /* its escapes */
	for (i = 0; i + 2 < out.len; i++)
		n += memcmp(out.p + i, "\xEF\xBF\xBD", 3) == 0;
	assert(n >= bad);
	assert(e != TEXT_UTF8 || bad != 0 || span_eq(buf_view(&out), s));
	buf_fini(&out);
}

/*
 * What parts fields and lines (LF, NUL, blank, quotation mark, comma, '=') is
 * never taken for half a character, nor made of one.
 */
static void
check_parting(struct span s, struct span out)
{
	size_t i = 0, k = 0;

	for (;;) {
		while (i < s.len && s.p[i] >= 0x40)
			i++;
		while (k < out.len && out.p[k] >= 0x40)
			k++;
		if (i == s.len || k == out.len)
			break;
		assert(s.p[i++] == out.p[k++]);
	}
	assert(i == s.len && k == out.len);
}

/* Words of UTF-8 beside CP932 or EUC-JP come out as they are. */
static void
check_mixed(struct span s)
{
	struct buf out;
	size_t n, i;
	enum text_encoding e;

	n = text_word(s, 1);
	assert(n <= s.len && (n == 0 || text_is_utf8(span_sub(s, 0, n))));
	for (e = TEXT_CP932; e <= TEXT_EUC_JP; e++) {
		buf_init(&out);
		assert(text_decode_mixed(e, s, &out) <= s.len);
		assert(text_is_utf8(buf_view(&out)));
		check_parting(s, buf_view(&out));
		if (n > 0)
			assert(span_starts(buf_view(&out), span_sub(s, 0, n)));
		out.len = 0;
		(void)text_decode(e, s, &out);
		check_parting(s, buf_view(&out));
		buf_fini(&out);
	}
	if (text_is_cut(s)) {
		assert(!text_is_utf8(s));
		for (i = 1; !text_is_utf8(span_sub(s, 0, s.len - i)); i++)
			assert(i < 3);
	}
	if (text_is_mixed(s))
		assert(!text_is_utf8(s));
}

/* Twice is no more than once. */
static void
check_twice(struct span s, bool lower)
{
	struct buf one, two;

	buf_init(&one);
	buf_init(&two);
	text_fold(s, lower, &one);
	text_fold(buf_view(&one), lower, &two);
	assert(span_eq(buf_view(&one), buf_view(&two)));
	assert(one.len <= s.len);
	one.len = two.len = 0;
	text_escape(s, &one);
	text_escape(buf_view(&one), &two);
	assert(span_eq(buf_view(&one), buf_view(&two)));
	assert(text_is_utf8(buf_view(&one)) && one.len <= 4 * s.len);
	buf_fini(&two);
	buf_fini(&one);
}

int
LLVMFuzzerTestOneInput(const uint8_t *buf, size_t len)
{
	struct span s = span_make(buf, len), trimmed = text_trim(s);
	struct buf out;
	size_t bom;
	unsigned e;

	for (e = TEXT_UTF8; e <= TEXT_ISO_2022_JP; e++)
		check_decode((enum text_encoding)e, s);
	check_mixed(s);
	e = text_guess(s, &bom);
	assert(bom <= 3 && bom <= len);
	buf_init(&out);
	if (bom == 0 && (e == TEXT_CP932 || e == TEXT_EUC_JP))
		assert(text_decode((enum text_encoding)e, s, &out) == 0);
	out.len = 0;
	assert(text_to_cp932(s, &out) <= len && out.len <= 2 * len);
	buf_fini(&out);
	assert(trimmed.len <= len);
	check_twice(s, false);
	check_twice(s, true);
	return 0;
}
