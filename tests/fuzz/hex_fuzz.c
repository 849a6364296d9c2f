/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>

#include "common/buf.h"
#include "common/cursor.h"
#include "common/hex.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What is read is what would be written: there is one text for any bytes. */
static void
check_text(struct span s)
{
	struct buf bytes, text;
	size_t n;

	buf_init(&bytes);
	buf_init(&text);
	if (base64_parse(s, buf_reserve(&bytes, s.len), s.len, &n) == 0) {
		base64_print(bytes.p, n,
		    (char *)buf_reserve(&text, base64_len(n)));
		text.len = base64_len(n);
		assert(span_eq(buf_view(&text), s));
		assert(n == 0 || base64_parse(s, bytes.p, n - 1, &n) == -1);
	}
	if (hex_parse(s, bytes.p, s.len / 2) == 0) {
		text.len = 0;
		hex_print(bytes.p, s.len / 2,
		    (char *)buf_reserve(&text, s.len + 1));
		text.len = s.len;
		assert(span_eq(buf_view(&text), s));
	}
	buf_fini(&text);
	buf_fini(&bytes);
}

/* And any bytes come back. */
static void
check_bytes(struct span s)
{
	struct buf text, back;
	size_t n, len = base64_len(s.len);

	buf_init(&text);
	buf_init(&back);
	buf_reserve(&text, 4 * s.len + 4);
	buf_reserve(&back, s.len);
	base64_print(s.p, s.len, (char *)text.p);
	assert(base64_parse(span_make(text.p, len), back.p, s.len, &n) == 0);
	assert(span_eq(span_make(back.p, n), s));
	hex_print(s.p, s.len, (char *)text.p);
	assert(hex_parse(span_make(text.p, 2 * s.len), back.p, s.len) == 0);
	assert(span_eq(span_make(back.p, s.len), s));
	buf_fini(&back);
	buf_fini(&text);
}

/* A cursor never reads backwards or beyond, and fails for good. */
static void
check_cursor(struct span s)
{
	struct cursor c = cursor_make(s);
	uint8_t hex[4];
	size_t left;
	bool bad;

	while (cursor_left(&c) > 0) {
		left = cursor_left(&c);
		bad = c.bad;
		switch (*c.p & 3) {
		case 0:
			cursor_take(&c, *c.p);
			break;
		case 1:
			cursor_until(&c, *c.p);
			break;
		case 2:
			cursor_hex(&c, hex, 1 + *c.p % 4);
			break;
		default:
			assert(cursor_decimal(&c, 1000) <= 1000);
		}
		assert(c.bad || cursor_left(&c) <= left);
		assert(c.bad ? !cursor_done(&c) && cursor_left(&c) == 0 : !bad);
		if (!c.bad && cursor_left(&c) == left)
			break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *buf, size_t len)
{
	check_text(span_make(buf, len));
	check_bytes(span_make(buf, len));
	check_cursor(span_make(buf, len));
	return 0;
}
