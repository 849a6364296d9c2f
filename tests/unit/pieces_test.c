/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/pieces.h"

#include <string.h>

#include "tests/tap.h"

static struct pieces p;
static struct span whole;

static int
add(uint32_t stream, const char *body, unsigned flags, enum record_framing f)
{
	struct record r = { .stream = stream,
		.flags = flags,
		.body = span_str(body) };

	return pieces_add(&p, &r, f, &whole);
}

int
main(void)
{
	uint32_t i;

	pieces_init(&p, 16);
	ok(add(1, "12 <13>a", RECORD_CUT, RECORD_FRAMING_OCTET) == 0 &&
		pieces_open(&p, 1) && !pieces_open(&p, 2),
	    "a message that was cut goes on");
	ok(add(2, "x", RECORD_CUT, RECORD_FRAMING_NONE) == 0 &&
		add(2, "y", RECORD_CUT, RECORD_FRAMING_NONE) == 0 &&
		add(2, "z", RECORD_DUPLICATE, RECORD_FRAMING_NONE) == 1 &&
		span_is(whole, "xyz"),
	    "in as many pieces as there are, others in between");
	ok(add(1, "7 bcdef", 0, RECORD_FRAMING_OCTET) == 1 &&
		span_is(whole, "<13>a7 bcdef") && !pieces_open(&p, 1),
	    "the count stands before the first piece only");
	ok(add(3, "abc", RECORD_CUT, RECORD_FRAMING_LF) == 0 &&
		add(3, "d\r\n", 0, RECORD_FRAMING_LF) == 1 &&
		span_is(whole, "abcd"),
	    "the line end behind the last");
	ok(add(4, "0123456789", RECORD_CUT, RECORD_FRAMING_NONE) == 0 &&
		add(4, "abcdef", RECORD_CUT, RECORD_FRAMING_NONE) == 0 &&
		add(4, "g", 0, RECORD_FRAMING_NONE) == -1 &&
		!pieces_open(&p, 4),
	    "what is too long is let go");
	for (i = 0; i <= PIECES_MAX; i++)
		add(100 + i, "a", RECORD_CUT, RECORD_FRAMING_NONE);
	ok(p.n == PIECES_MAX && p.unended == 1 && !pieces_open(&p, 100) &&
		pieces_open(&p, 101) && pieces_open(&p, 100 + PIECES_MAX),
	    "of too many open ones the oldest is given up");
	ok(add(101, "b", RECORD_PARTIAL, RECORD_FRAMING_NONE) == 1 &&
		span_is(whole, "ab"),
	    "the end of a stream is one");
	pieces_fini(&p);
	return done();
}
