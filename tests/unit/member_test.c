/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/member.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "tests/tap.h"

/* Inflate as zcat would; return 1 at the end of a member, 0 before, or -1. */
static int
gunzip(struct span in, struct buf *out)
{
	z_stream z = { 0 };
	int rc;

	inflateInit2(&z, 16 + MAX_WBITS);
	z.next_in = (Bytef *)(uintptr_t)in.p;
	z.avail_in = (uInt)in.len;
	do {
		z.next_out = buf_reserve(out, 65536);
		z.avail_out = 65536;
		rc = inflate(&z, Z_NO_FLUSH);
		out->len += 65536 - z.avail_out;
	} while (rc == Z_OK && z.avail_out == 0);
	if (z.avail_in > 0)
		rc = Z_DATA_ERROR;
	inflateEnd(&z);
	return rc == Z_STREAM_END	      ? 1
	    : rc == Z_OK || rc == Z_BUF_ERROR ? 0
					      : -1;
}

/* Text that packs well, and every third time noise that does not pack. */
static void
fill(struct buf *b, size_t len, unsigned seed)
{
	static const uint8_t text[] = "date=2026 srcip=192.0.2.";
	uint32_t x = seed * 2654435761u + 1;
	size_t i;

	for (i = 0; i < len; i++) {
		x = x * 1664525u + 1013904223u;
		buf_byte(b,
		    seed % 3 == 2 ? (uint8_t)(x >> 24) : text[x >> 20 & 15]);
	}
}

static const size_t steps[] = { 1, 3, 70000, 65536, 2, 300, 0 };

/* Each flush ends at a byte boundary, and all before it can be inflated. */
static void
test_flushes(struct member *m, unsigned level, bool empty_end)
{
	struct buf in, out, back;
	bool aligned = true, whole = true, last;
	size_t i, before;

	buf_init(&in);
	buf_init(&out);
	buf_init(&back);
	member_begin(m, level, &out);
	for (i = 0; steps[i] != 0; i++) {
		before = in.len;
		fill(&in, steps[i], (unsigned)i);
		last = !empty_end && steps[i + 1] == 0;
		member_write(m, span_sub(buf_view(&in), before, steps[i]), last,
		    &out);
		if (last)
			break;
		aligned = aligned &&
		    memcmp(out.p + out.len - 4, "\0\0\xff\xff", 4) == 0;
		back.len = 0;
		whole = whole && gunzip(buf_view(&out), &back) == 0 &&
		    span_eq(buf_view(&in), buf_view(&back));
	}
	if (empty_end)
		member_write(m, SPAN(""), true, &out);
	ok(aligned, "level %u: flushes end in 00 00 ff ff", level);
	ok(whole, "level %u: what was flushed inflates", level);
	back.len = 0;
	ok(gunzip(buf_view(&out), &back) == 1 &&
		span_eq(buf_view(&in), buf_view(&back)),
	    "level %u: a member%s", level, empty_end ? " that ends empty" : "");
	ok(memcmp(out.p, "\x1f\x8b\x08\0\0\0\0\0\0\xff", 10) == 0,
	    "level %u: header", level);
	buf_fini(&in);
	buf_fini(&out);
	buf_fini(&back);
}

static void
test_whole(struct member *m, unsigned level, size_t len, unsigned seed)
{
	struct buf in, out, back;

	buf_init(&in);
	buf_init(&out);
	buf_init(&back);
	fill(&in, len, seed);
	member_begin(m, level, &out);
	member_write(m, buf_view(&in), true, &out);
	ok(gunzip(buf_view(&out), &back) == 1 &&
		span_eq(buf_view(&in), buf_view(&back)),
	    "level %u: %zu bytes at once", level, len);
	buf_fini(&in);
	buf_fini(&out);
	buf_fini(&back);
}

/*
 * A member of len bytes, written step by step: how long it gets, or 0 if it is
 * not whole.
 */
static size_t
packed_by(struct member *m, size_t len, unsigned seed, size_t step)
{
	struct buf in, out, back;
	size_t n, at;

	buf_init(&in);
	buf_init(&out);
	buf_init(&back);
	fill(&in, len, seed);
	member_begin(m, 1, &out);
	for (at = 0; at < len; at += step)
		member_write(m, span_sub(buf_view(&in), at, step),
		    at + step >= len, &out);
	n = gunzip(buf_view(&out), &back) == 1 &&
		span_eq(buf_view(&in), buf_view(&back))
	    ? out.len
	    : 0;
	buf_fini(&in);
	buf_fini(&out);
	buf_fini(&back);
	return n;
}

static size_t
packed(struct member *m, size_t len, unsigned seed)
{
	return packed_by(m, len, seed, len);
}

/* The same where each seal ends a few bytes. */
static void
test_learns_of_few(size_t step)
{
	const size_t len = MEMBER_CLOSE, few = len + len / 8 + 256 * len / step;
	struct member *m = member_new();
	size_t n = packed(m, len, 0);

	n = packed_by(m, len, 2, step);
	ok(n > 0 && n < 2 * len, "noise by %zu bytes: %zu", step, n);
	n = packed_by(m, len, 5, step);
	ok(n > 0 && n <= few, "is seen as well: %zu", n);
	member_free(m);
}

/* The fast level packs by what it learnt, as long as that fits. */
static void
test_learns(void)
{
	const size_t len = MEMBER_CLOSE, few = len + len / 50;
	struct member *m = member_new();
	size_t first = packed(m, len, 0), n, most = 0;
	unsigned i;

	for (i = 1; i < 300; i += 3) {
		n = packed(m, len, i);
		if (n > most || n == 0)
			most = n == 0 ? SIZE_MAX : n;
	}
	ok(first > 0 && most <= first + first / 8,
	    "the like packs alike: %zu of %zu bytes, at most %zu", first, len,
	    most);
	n = packed(m, len, 2);
	ok(n > 0 && n < 2 * len, "noise by a code for text: %zu", n);
	n = packed(m, len, 5);
	ok(n > 0 && n <= few, "and once it is seen that it fits not: %zu", n);
	n = packed(m, len, 8);
	ok(n > 0 && n <= few, "and so it is with more: %zu", n);
	n = packed(m, len, 1);
	ok(n > 0 && n <= first + first / 8, "text again: %zu", n);
	member_free(m);
}

int
main(void)
{
	static const unsigned levels[] = { 1, 6, 1, 3, 6 };
	struct member *m = member_new();
	struct buf back;
	size_t i;

	for (i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		test_flushes(m, levels[i], false);
		test_flushes(m, levels[i], true);
		test_whole(m, levels[i], 1, 0);
		test_whole(m, levels[i], MEMBER_CLOSE, 0);
		test_whole(m, levels[i], MEMBER_MAX, 2);
	}
	member_free(m);
	member_free(NULL);
	test_learns();
	test_learns_of_few(60000);
	test_learns_of_few(2000);
	buf_init(&back);
	ok(gunzip(span_make(member_empty, MEMBER_EMPTY_LEN), &back) == 1 &&
		back.len == 0,
	    "the empty member");
	buf_fini(&back);
	return done();
}
