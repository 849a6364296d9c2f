/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/mark.h"

#include <stdio.h>
#include <string.h>

#include "tests/tap.h"

/* The ends of so many bytes, added so many at a time. */
static void
check_add(size_t len, size_t step)
{
	static uint8_t text[3 * MARK_END];
	struct mark m = { 0 };
	size_t i, n, end = len < MARK_END ? len : MARK_END;

	for (i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)(i * 7 + i / 256);
	for (i = 0; i < len; i += n) {
		n = len - i < step ? len - i : step;
		mark_add(&m, span_make(text + i, n));
	}
	if (m.taken != len || mark_len(&m) != end ||
	    mark_tail_at(&m) != len - end || memcmp(m.head, text, end) != 0 ||
	    memcmp(m.tail, text + len - end, end) != 0)
		ok(false, "%zu bytes, %zu at a time", len, step);
}

static const struct {
	const char *base, *name;
	int want; /* 0 no, 1 yes, 2 packed */
} rotations[] = {
	{ "a.log", "a.log", 0 },
	{ "a.log", "a.log.1", 1 },
	{ "a.log", "a.log.12.gz", 2 },
	{ "a.log", "a.log-20261126", 1 },
	{ "a.log", "a.log-2026-11-26T10:00:00.gz", 2 },
	{ "a.log", "a.log.gz", 0 },
	{ "a.log", "a.log.", 0 },
	{ "a.log", "a.log.bak", 0 },
	{ "a.log", "a.log.1.swp", 0 },
	{ "a.log", "a.log~", 0 },
	{ "a.log", "b.log.1", 0 },
	{ "a.log", "a.lo", 0 },
	{ "a.log", "a.log2.1", 0 },
};

static const char *const bad[] = { "", "1 2", "1 2 3", "01 2 3\n", "1 2 3 4\n",
	"1 2 3\n\n", "-1 2 3\n", "1 2 3 4 00 00\n",
	"18446744073709551616 2 3\n" };

int
main(void)
{
	struct mark_note n = { 1, 2, 3, 4, { { 5 }, { 6 } }, true }, back;
	struct mark a = { 0 }, b = { 0 };
	struct mark_ends x, y;
	char text[MARK_NOTE_MAX];
	size_t i, len, step;
	bool packed;
	int got;

	for (len = 0; len <= 3 * MARK_END; len += 97)
		for (step = 1; step < 3 * MARK_END; step += 113)
			check_add(len, step);
	ok(true, "first and last bytes, however they come");
	mark_add(&a, SPAN("one\n"));
	mark_add(&b, SPAN("two\n"));
	x = mark_ends(&a);
	y = mark_ends(&b);
	ok(mark_same(&x, &x) && !mark_same(&x, &y), "two files differ");
	len = mark_note_print(&n, text);
	ok(mark_note_parse(span_make(text, len), &back) == 0 && back.dev == 1 &&
		back.ino == 2 && back.taken == 3 && back.at == 4 &&
		back.marked && mark_same(&n.ends, &back.ends),
	    "a note there and back");
	ok(mark_note_parse(SPAN("7 8 9\n"), &back) == 0 && back.dev == 7 &&
		back.ino == 8 && back.taken == 9 && !back.marked,
	    "a note of version 0.1");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(mark_note_parse(span_str(bad[i]), &back) == -1,
		    "no note: %zu", i);
	for (i = 0; i < sizeof(rotations) / sizeof(rotations[0]); i++) {
		got =
		    mark_rotated(rotations[i].base, rotations[i].name, &packed)
		    ? 1 + packed
		    : 0;
		ok(got == rotations[i].want, "%s", rotations[i].name);
	}
	return done();
}
