/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/cursor.h"

#include "tests/tap.h"

/* "e1 12 0aff\nrest": what a record head is made of. */
static bool
parse(struct span in, uint64_t *n, uint8_t hex[2], struct span *rest)
{
	struct cursor c = cursor_make(in);

	cursor_expect(&c, SPAN("e1 "));
	*n = cursor_decimal(&c, 1000);
	cursor_expect(&c, SPAN(" "));
	cursor_hex(&c, hex, 2);
	cursor_expect(&c, SPAN("\n"));
	*rest = cursor_take(&c, 4);
	return cursor_done(&c);
}

static const struct {
	const char *name, *in;
	bool good;
} cases[] = {
	{ "a whole record", "e1 12 0aff\nrest", true },
	{ "zero is a number", "e1 0 0aff\nrest", true },
	{ "the largest number", "e1 1000 0aff\nrest", true },
	{ "a number beyond the largest", "e1 1001 0aff\nrest", false },
	{ "a number beyond 64 bits", "e1 99999999999999999999 0aff\nrest",
	    false },
	{ "a leading zero", "e1 012 0aff\nrest", false },
	{ "no number", "e1  0aff\nrest", false },
	{ "a sign", "e1 +1 0aff\nrest", false },
	{ "another literal", "e2 12 0aff\nrest", false },
	{ "upper-case hex", "e1 12 0aFF\nrest", false },
	{ "hex that is too short", "e1 12 0af\nrest", false },
	{ "a byte too few", "e1 12 0aff\nres", false },
	{ "a byte left over", "e1 12 0aff\nrest.", false },
	{ "nothing", "", false },
};

static void
check_sticky(void)
{
	struct cursor c = cursor_make(SPAN("ab,cd"));
	struct span s;
	uint8_t hex[2] = { 9, 9 };

	s = cursor_until(&c, ',');
	ok(span_is(s, "ab"), "until leaves the delimiter out");
	ok(cursor_left(&c) == 2, "but reads it");
	s = cursor_until(&c, ',');
	ok(s.len == 0 && c.bad, "until needs its delimiter");
	ok(cursor_take(&c, 1).len == 0 && cursor_take(&c, 0).len == 0,
	    "after a failure nothing is read");
	ok(cursor_decimal(&c, 9) == 0, "no number either");
	cursor_hex(&c, hex, 2);
	ok(hex[0] == 0 && hex[1] == 0, "and hex is zeroed");
	ok(!cursor_done(&c), "a failure is never done, even at the end");
}

int
main(void)
{
	struct cursor c;
	struct span rest;
	uint8_t hex[2];
	uint64_t n;
	size_t i, cut, whole = strlen(cases[0].in);
	bool any = false;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ok(parse(span_str(cases[i].in), &n, hex, &rest) ==
			cases[i].good,
		    "%s is %s", cases[i].name,
		    cases[i].good ? "read" : "refused");
	ok(parse(SPAN("e1 12 0aff\nrest"), &n, hex, &rest) && n == 12 &&
		hex[0] == 0x0a && hex[1] == 0xff && span_is(rest, "rest"),
	    "the values come out");
	for (cut = 0; cut < whole; cut++)
		any |= parse(span_make(cases[0].in, cut), &n, hex, &rest);
	ok(!any, "no part of a record is a record");

	check_sticky();
	c = cursor_make(span_make(NULL, 0));
	ok(cursor_done(&c) && cursor_left(&c) == 0, "a span of nothing");
	cursor_until(&c, 'x');
	ok(c.bad, "has no delimiter");
	c = cursor_make(SPAN("abc"));
	ok(cursor_take(&c, SIZE_MAX).len == 0 && c.bad,
	    "a length beyond the end is refused");
	return done();
}
