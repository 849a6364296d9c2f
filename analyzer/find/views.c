/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/find/views.h"

#include <string.h>

#include "common/text.h"

static void
decoded(enum text_encoding e, struct span body, struct buf *scratch,
    views_take *take, void *cookie)
{
	scratch->len = 0;
	(void)text_decode(e, body, scratch);
	take(cookie, buf_view(scratch));
}

static void
mixed(enum text_encoding e, struct span body, struct buf *scratch,
    views_take *take, void *cookie)
{
	scratch->len = 0;
	(void)text_decode_mixed(e, body, scratch);
	take(cookie, buf_view(scratch));
}

static int
digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Words of a system record: %NN is a byte. */
static void
unescaped(struct span body, struct buf *scratch, views_take *take, void *cookie)
{
	int high, low;
	size_t i;

	scratch->len = 0;
	for (i = 0; i < body.len; i++) {
		high = body.p[i] == '%' && body.len - i > 2
		    ? digit(body.p[i + 1])
		    : -1;
		low = high < 0 ? -1 : digit(body.p[i + 2]);
		buf_byte(scratch,
		    low < 0 ? body.p[i] : (uint8_t)(high << 4 | low));
		i += low < 0 ? 0 : 2;
	}
	take(cookie, buf_view(scratch));
}

static bool
has(struct span s, int c)
{
	return s.len > 0 && memchr(s.p, c, s.len) != NULL;
}

void
views_each(enum record_kind kind, struct span body, struct buf *scratch,
    views_take *take, void *cookie)
{
	struct span rest;

	take(cookie, body);
	if (kind != RECORD_RECEIVED) {
		if (has(body, '%'))
			unescaped(body, scratch, take, cookie);
		return;
	}
	if (text_is_plain(body))
		return;
	if (!text_is_utf8(body)) {
		decoded(TEXT_CP932, body, scratch, take, cookie);
		decoded(TEXT_EUC_JP, body, scratch, take, cookie);
		if (text_is_mixed(body)) {
			mixed(TEXT_CP932, body, scratch, take, cookie);
			mixed(TEXT_EUC_JP, body, scratch, take, cookie);
		}
	}
	if (has(body, '\x1b'))
		decoded(TEXT_ISO_2022_JP, body, scratch, take, cookie);
	if (has(body, '\0')) { /* lines may begin inside a character */
		rest = span_sub(body, 1, body.len);
		decoded(TEXT_UTF16LE, body, scratch, take, cookie);
		decoded(TEXT_UTF16BE, body, scratch, take, cookie);
		decoded(TEXT_UTF16LE, rest, scratch, take, cookie);
		decoded(TEXT_UTF16BE, rest, scratch, take, cookie);
	}
}
