/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "collector/mark.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The ends of the text, in whatever pieces it comes. */
static void
check_add(struct span s, size_t step)
{
	struct mark m = { 0 };
	size_t i, n, len;

	for (i = 0; i < s.len; i += n) {
		n = s.len - i < step ? s.len - i : step;
		mark_add(&m, span_sub(s, i, n));
	}
	len = mark_len(&m);
	assert(m.taken == s.len && len <= MARK_END && len <= s.len);
	assert(len == 0 || memcmp(m.head, s.p, len) == 0);
	assert(len == 0 || memcmp(m.tail, s.p + mark_tail_at(&m), len) == 0);
}

/* What parses prints as it was, but for the notes of version 0.1. */
int
LLVMFuzzerTestOneInput(const uint8_t *buf, size_t len)
{
	struct span s = span_make(buf, len);
	char text[MARK_NOTE_MAX], name[64];
	struct mark_note n;
	bool packed;

	if (mark_note_parse(s, &n) == 0 && n.marked)
		assert(span_eq(span_make(text, mark_note_print(&n, text)), s));
	if (len > 0)
		check_add(span_sub(s, 1, len), (size_t)buf[0] * 4 + 1);
	snprintf(name, sizeof(name), "%.*s", (int)(len < 60 ? len : 60),
	    (const char *)buf);
	if (mark_rotated("a.log", name, &packed))
		assert(strncmp(name, "a.log", 5) == 0 && strlen(name) > 6);
	return 0;
}
