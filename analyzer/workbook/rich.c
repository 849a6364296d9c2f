/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/workbook/rich.h"

#include <string.h>

#include "common/text.h"

void
rich_start(struct rich *r, const char *name)
{
	if (strcmp(name, "rPh") == 0)
		r->phonetic++;
	else if (strcmp(name, "t") == 0)
		r->inside = r->phonetic == 0;
}

void
rich_end(struct rich *r, const char *name)
{
	if (strcmp(name, "rPh") == 0 && r->phonetic > 0)
		r->phonetic--;
	else if (strcmp(name, "t") == 0)
		r->inside = false;
}

int
rich_text(struct rich *r, struct span s)
{
	if (!r->inside)
		return 0;
	if (r->text.len + s.len > WORKBOOK_TEXT)
		return -1;
	buf_span(&r->text, s);
	return 0;
}

/* The character of "_x000D_" at the start of s, or -1. */
static int
escaped(struct span s)
{
	static const char hex[] = "0123456789abcdef";
	const char *at;
	int value = 0;
	size_t i;

	if (s.len < 7 || s.p[0] != '_' || s.p[1] != 'x' || s.p[6] != '_')
		return -1;
	for (i = 2; i < 6; i++) {
		uint8_t c = s.p[i];

		c |= c >= 'A' ? 0x20 : 0;
		at = c == '\0' ? NULL : strchr(hex, c);
		if (at == NULL)
			return -1;
		value = value * 16 + (int)(at - hex);
	}
	return value >= 0xD800 && value < 0xE000 ? -1 : value;
}

struct span
rich_take(struct rich *r, struct arena *arena)
{
	struct span s = buf_view(&r->text), out;
	struct buf b;
	size_t i = 0;
	int c;

	if (s.len < 7 || memmem(s.p, s.len, "_x", 2) == NULL) {
		out = arena_copy(arena, s);
		r->text.len = 0;
		return out;
	}
	buf_init(&b);
	while (i < s.len) {
		c = escaped(span_sub(s, i, s.len));
		if (c < 0)
			buf_byte(&b, s.p[i++]);
		else {
			text_append((uint32_t)c, &b);
			i += 7;
		}
	}
	out = arena_copy(arena, buf_view(&b));
	buf_fini(&b);
	r->text.len = 0;
	return out;
}
