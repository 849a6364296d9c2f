/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/literals.h"

#include <stdio.h>
#include <string.h>

#include "common/find.h"
#include "tests/tap.h"

/* Against memmem(), over texts that a small dice throws. */
static uint32_t seed = 1;

static uint32_t
dice(uint32_t below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

static void
throw(uint8_t *out, size_t len, unsigned letters)
{
	while (len-- > 0)
		*out++ = (uint8_t)('a' + dice(letters));
}

#define WORDS 40

/* Words of so many bytes at least, of which some stand in the text. */
static void
test_scan(unsigned letters, size_t least)
{
	struct literals_word word[WORDS];
	uint8_t bytes[WORDS][12], text[300];
	unsigned round, i, wrong = 0;
	struct arena *a = arena_new();

	for (i = 0; i < WORDS; i++) {
		word[i].text = span_make(bytes[i], least + dice(5));
		word[i].number = i;
		throw(bytes[i], word[i].text.len, letters);
	}
	for (round = 0; round < 2000; round++) {
		struct span s = span_make(text, dice(sizeof(text)));
		struct literals *t = literals_make(a, word, round % WORDS);
		uint64_t found[1] = { 0 }, want = 0;

		throw(text, s.len, letters);
		for (i = dice(4); i > 0 && s.len > 12; i--)
			memcpy(text + dice((uint32_t)s.len - 12),
			    bytes[i], word[i].text.len);
		literals_scan(t, s, found);
		for (i = 0; i < round % WORDS; i++)
			if (memmem(s.p, s.len, word[i].text.p,
				word[i].text.len) != NULL)
				want |= UINT64_C(1) << i;
		wrong += found[0] != want;
		arena_reset(a);
	}
	ok(wrong == 0, "as memmem, %u letters, words from %zu on: %u differ",
	    letters, least, wrong);
	arena_free(a);
}

static void
test_find(unsigned letters)
{
	uint8_t text[80], part[20];
	unsigned round, wrong = 0;

	for (round = 0; round < 100000; round++) {
		struct span s = span_make(text, dice(sizeof(text))),
			    w = span_make(part, dice(1 + dice(sizeof(part))));
		const uint8_t *want;

		throw(text, s.len, letters);
		throw(part, w.len, letters);
		want = memmem(s.p, s.len, w.p, w.len);
		wrong += find_part(s, w) != want;
		want = memchr(s.p, 'a', s.len);
		wrong += find_byte(s.p, s.p + s.len, 'a', 'a') !=
		    (want == NULL ? s.p + s.len : want);
	}
	ok(wrong == 0, "find_part as memmem, %u letters: %u differ", letters,
	    wrong);
}

/* Every byte has its class; one number for several words. */
static void
test_bytes(void)
{
	struct arena *a = arena_new();
	struct literals_word word[256];
	uint8_t bytes[256];
	uint64_t found[2] = { 0, 0 };
	struct literals *t;
	int i;

	for (i = 0; i < 256; i++) {
		bytes[i] = (uint8_t)i;
		word[i].text = span_make(&bytes[i], 1);
		word[i].number = i < 255 ? 3 : 100;
	}
	t = literals_make(a, word, 256);
	literals_scan(t, SPAN("x"), found);
	ok(found[0] == 8 && found[1] == 0, "a byte");
	literals_scan(t, SPAN("\xff"), found);
	ok(found[1] == UINT64_C(1) << 36, "the last byte");
	arena_free(a);
}

static void
test_too_many(void)
{
	static uint8_t bytes[70000];
	struct literals_word word = { { bytes, sizeof(bytes) }, 0 };
	struct arena *a = arena_new();

	memset(bytes, 'x', sizeof(bytes));
	ok(literals_make(a, &word, 1) == NULL, "too many bytes are refused");
	arena_free(a);
}

int
main(void)
{
	test_scan(2, 1);
	test_scan(4, 4);
	test_scan(26, 1);
	test_scan(2, 5);
	test_scan(26, 5);
	test_scan(4, 6);
	test_scan(26, 7);
	test_scan(26, 8);
	test_find(2);
	test_find(26);
	test_bytes();
	test_too_many();
	return done();
}
