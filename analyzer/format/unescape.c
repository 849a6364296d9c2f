/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/unescape.h"

#include <string.h>

#include "common/text.h"

/* The byte of "#ooo" at the start of s, or -1: no printable one is so. */
static int
escaped(struct span s)
{
	int v, i;

	if (s.len < 4 || s.p[0] != '#')
		return -1;
	for (i = 1, v = 0; i < 4; i++) {
		if (s.p[i] < '0' || s.p[i] > '7')
			return -1;
		v = v * 8 + (s.p[i] - '0');
	}
	return v < 0x20 || (v >= 0x7F && v <= 0xFF) ? v : -1;
}

/* What is UTF-8 no more: bytes above ASCII were among them. */
static struct span
decoded(struct span s, struct arena *a)
{
	enum text_encoding e;
	struct buf out;
	size_t bom;

	if (text_is_utf8(s))
		return s;
	buf_init(&out);
	e = text_guess(s, &bom);
	(void)text_decode(e, span_sub(s, bom, s.len), &out);
	s = arena_copy(a, buf_view(&out));
	buf_fini(&out);
	return s;
}

struct span
unescape(struct span s, struct arena *a)
{
	size_t i, n = 0;
	uint8_t *out;
	int c;

	for (i = 0; i < s.len; i++)
		if (s.p[i] == '#' && escaped(span_sub(s, i, 4)) >= 0)
			break;
	if (i == s.len)
		return s;
	out = arena_alloc(a, s.len);
	for (i = 0; i < s.len; i++) {
		c = s.p[i] == '#' ? escaped(span_sub(s, i, 4)) : -1;
		out[n++] = c >= 0 ? (uint8_t)c : s.p[i];
		i += c >= 0 ? 3 : 0;
	}
	return decoded(span_make(out, n), a);
}
