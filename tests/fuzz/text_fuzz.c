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
	assert(out.len <= 3 * s.len && out.len >= s.len / 3);
	for (i = 0; i + 2 < out.len; i++)
		n += memcmp(out.p + i, "\xEF\xBF\xBD", 3) == 0;
	assert(n >= bad);
	assert(e != TEXT_UTF8 || bad != 0 || span_eq(buf_view(&out), s));
	buf_fini(&out);
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
