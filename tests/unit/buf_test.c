/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/buf.h"

#include "tests/tap.h"

int
main(void)
{
	struct buf b;
	bool same = true;
	size_t i;

	buf_init(&b);
	ok(strcmp(buf_cstr(&b), "") == 0, "an empty buffer is a string");
	ok(buf_view(&b).len == 0, "of no bytes");

	buf_append(&b, NULL, 0);
	buf_str(&b, "ab");
	buf_span(&b, SPAN("cd"));
	buf_byte(&b, 'e');
	ok(span_is(buf_view(&b), "abcde"), "the pieces stand in order");
	ok(strcmp(buf_cstr(&b), "abcde") == 0 && b.len == 5,
	    "the NUL of a string is not counted");

	b.len = 0;
	for (i = 0; i < 3000; i++)
		buf_byte(&b, (uint8_t)i);
	for (i = 0; i < 3000; i++)
		same &= b.p[i] == (uint8_t)i;
	ok(b.len == 3000 && same, "nothing is lost where it grows");

	/* Each length once, so that one of them ends at the last byte held. */
	for (i = 0; i < 300; i++) {
		struct buf c;

		buf_init(&c);
		buf_printf(&c, "%*s|", (int)i, "");
		same &= c.len == i + 1 && c.p[i] == '|' &&
		    strlen(buf_cstr(&c)) == c.len;
		buf_fini(&c);
	}
	ok(same, "printf of 1 to 300 bytes");

	b.len = 0;
	memset(buf_reserve(&b, 10000), 'x', 10000);
	ok(b.len == 0 && b.cap >= 10000, "room is not yet content");
	buf_fini(&b);
	ok(b.p == NULL && b.len == 0 && b.cap == 0, "fini leaves it empty");
	return done();
}
