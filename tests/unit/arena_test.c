/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/arena.h"

#include <stdalign.h>
#include <stdint.h>

#include "tests/tap.h"

static bool
is_zero(const unsigned char *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (p[i] != 0)
			return false;
	return true;
}

/* Pieces of all sizes: zeroed, aligned, and none in another. */
static void
check_pieces(struct arena *a, const char *when)
{
	static const size_t sizes[] = { 0, 1, 15, 16, 17, 4000, 16383, 16384,
		16385, 70000, 1, 1000000, 3, 60000, 60000 };
	enum { N = sizeof(sizes) / sizeof(sizes[0]) };
	unsigned char *p[N];
	bool zero = true, aligned = true, apart = true;
	size_t i, j;

	for (i = 0; i < N; i++) {
		p[i] = arena_alloc(a, sizes[i]);
		zero &= is_zero(p[i], sizes[i]);
		aligned &= (uintptr_t)p[i] % alignof(max_align_t) == 0;
		memset(p[i], (int)i + 1, sizes[i]);
	}
	for (i = 0; i < N; i++)
		for (j = 0; j < sizes[i]; j++)
			apart &= p[i][j] == i + 1;
	ok(zero, "%s: pieces are zeroed", when);
	ok(aligned, "%s: pieces are aligned for any type", when);
	ok(apart, "%s: no piece lies in another", when);
}

/* What is not zeroed lies among the others as they do. */
static void
check_bytes(struct arena *a)
{
	unsigned char *p[3000];
	bool aligned = true, apart = true;
	size_t i, len, j;

	for (i = 0; i < 3000; i++) {
		len = i % 70 == 69 ? 20000 : i % 70;
		p[i] = i % 7 == 0 ? arena_alloc(a, len) : arena_bytes(a, len);
		aligned &= (uintptr_t)p[i] % alignof(max_align_t) == 0;
		memset(p[i], (int)(i % 251), len);
	}
	for (i = 0; i < 3000; i++) {
		len = i % 70 == 69 ? 20000 : i % 70;
		for (j = 0; j < len; j++)
			apart &= p[i][j] == i % 251;
	}
	ok(aligned, "bytes are aligned");
	ok(apart, "bytes lie in no other piece");
	ok(arena_bytes(a, 0) != arena_bytes(a, 0), "nor do none");
}

/* So many small pieces, and some that get a chunk of their own. */
static void
fill_up(struct arena *a, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		memset(arena_alloc(a, i % 97 == 96 ? 70000 : 90), 7, 90);
}

/* What was there before a mark stays; what came after it goes. */
static void
check_marks(struct arena *a)
{
	static const size_t before[] = { 0, 1, 96, 97, 98, 2000 };
	struct arena_mark m, again;
	bool same = true, kept = true, zero = true;
	size_t i, k;
	char *s;

	for (i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		arena_reset(a);
		fill_up(a, before[i]);
		s = arena_str(a, SPAN("stays"));
		m = arena_mark(a);
		for (k = 0; k < sizeof(before) / sizeof(before[0]); k++) {
			fill_up(a, before[k]);
			arena_back(a, &m);
			again = arena_mark(a);
			same &= memcmp(&m, &again, sizeof(m)) == 0;
			zero &= is_zero(arena_alloc(a, 90), 90);
			arena_back(a, &m);
		}
		kept &= strcmp(s, "stays") == 0;
	}
	ok(same, "an arena goes back to a mark");
	ok(kept, "what was taken before the mark stays");
	ok(zero, "what is taken again is zeroed");
}

int
main(void)
{
	struct arena *a = arena_new(), *large;
	struct span s;
	void *first, *again;
	size_t i;

	check_pieces(a, "new");
	arena_reset(a);
	check_pieces(a, "after a reset");
	arena_reset(a);
	check_bytes(a);
	large = arena_new_lasting();
	check_pieces(large, "on large pages");
	ok(is_zero(arena_alloc(large, (size_t)5 << 20), (size_t)5 << 20),
	    "a piece of several large pages is zeroed");
	arena_reset(large);
	check_pieces(large, "on large pages after a reset");
	arena_free(large);

	arena_reset(a);
	first = arena_alloc(a, 100);
	for (i = 0; i < 10000; i++)
		arena_alloc(a, 100);
	arena_reset(a);
	again = arena_alloc(a, 100);
	ok(first == again, "a reset keeps the first chunk");
	ok(is_zero(again, 100), "and what is used again is zeroed");

	check_marks(a);
	s = arena_copy(a, span_make("a\0b", 3));
	ok(span_eq(s, span_make("a\0b", 3)), "a copy keeps NUL bytes");
	ok(s.p[3] == 0, "and has a NUL behind it");
	ok(strcmp(arena_str(a, SPAN("abc")), "abc") == 0, "a string");
	ok(*arena_str(a, span_make(NULL, 0)) == 0, "of an empty span");
	ok(strcmp(arena_printf(a, "%s=%d", "n", -3), "n=-3") == 0, "printf");
	arena_free(a);
	arena_free(NULL);
	return done();
}
