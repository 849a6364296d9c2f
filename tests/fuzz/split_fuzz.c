/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <string.h>

#include "common/split.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * Pieces laid end to end are the text, none is too long, and it makes no
 * difference in which blocks the text comes.
 */
static void
check(struct split s, struct span all, size_t block)
{
	struct split t = s;
	enum split_end one, two;
	size_t at = 0, have = 0, n, m;

	while (at < all.len) {
		n = split_next(&s, span_sub(all, at, all.len), true, &one);
		assert(n > 0 && n <= s.max && n <= all.len - at);
		while ((m = split_next(&t, span_sub(all, at, have - at),
			    have == all.len, &two)) == 0) {
			assert(have < all.len && have - at <= s.max);
			have = all.len - have > block ? have + block : all.len;
		}
		assert(m == n && one == two);
		assert(one != SPLIT_CUT || n == s.max);
		assert(one != SPLIT_PARTIAL || at + n == all.len);
		at += n;
	}
	assert(s.open == t.open);
}

/* The first bytes say how the rest is read. */
int
LLVMFuzzerTestOneInput(const uint8_t *buf, size_t len)
{
	struct split s = { .separator = ',' };

	if (len < 4)
		return 0;
	s.unit = (enum split_unit)(buf[0] % 4);
	s.encoding = (enum text_encoding)(buf[1] % (TEXT_ISO_2022_JP + 1));
	s.max = 2u * (buf[2] + 1u);
	check(s, span_make(buf + 4, len - 4), buf[3] + 1u);
	return 0;
}
