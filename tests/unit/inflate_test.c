/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

#include "common/buf.h"
#include "evidence/inflate.h"
#include "evidence/member.h"
#include "tests/tap.h"

/* Members as a writer makes them: '|' ends one, '~' is a sync flush. */
static void
compose(const char *s, unsigned level, struct buf *out)
{
	struct member *m = member_new();
	bool open = false;
	size_t n;

	for (; *s != '\0'; s += n + (s[n] != '\0')) {
		n = strcspn(s, "|~");
		if (!open)
			member_begin(m, level, out);
		open = s[n] != '|';
		member_write(m, span_make(s, n), !open, out);
	}
	member_free(m);
}

/* Inflate in pieces of step bytes: "a|b" and how it ended. */
static enum inflate_step
inflate_all(struct span in, size_t step, struct buf *out)
{
	struct inflate *z = inflate_new();
	enum inflate_step e = INFLATE_MORE;
	struct span part;
	size_t pos = 0;

	do {
		part = span_sub(in, pos, step);
		pos += part.len;
		for (;;) {
			e = inflate_next(z, &part);
			if (e == INFLATE_MORE ||
			    (e == INFLATE_END && part.len == 0))
				break;
			if (e == INFLATE_END)
				continue;
			if (e != INFLATE_MEMBER)
				goto done;
			buf_span(out, inflate_data(z));
			buf_byte(out, '|');
			if (part.len == 0)
				break;
		}
	} while (pos < in.len);
	if (e == INFLATE_MORE && inflate_data(z).len > 0)
		buf_span(out, inflate_data(z));
done:
	inflate_free(z);
	return e;
}

static void
test_splits(void)
{
	static const char *const text[] = { "abc|", "abc|de|", "abc~", "ab~cd~",
		"ab~cd~ef|g~", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa|b~" };
	struct buf in, out;
	size_t i, step, bad = 0;
	unsigned level;

	buf_init(&in);
	buf_init(&out);
	for (i = 0; i < sizeof(text) / sizeof(text[0]); i++) {
		for (level = 1; level <= 6; level += 5) {
			char want[64], *w = want;

			for (const char *t = text[i]; *t != '\0'; t++)
				if (*t != '~')
					*w++ = *t;
			*w = '\0';
			in.len = 0;
			compose(text[i], level, &in);
			for (step = 1; step <= in.len; step++) {
				out.len = 0;
				inflate_all(buf_view(&in), step, &out);
				bad += strcmp(buf_cstr(&out), want) != 0;
			}
			ok(bad == 0, "%s, level %u, at every split", text[i],
			    level);
		}
	}
	in.len = 0;
	compose("abc|", 6, &in);
	buf_append(&in, member_empty, MEMBER_EMPTY_LEN);
	for (step = 1; step <= in.len; step++) {
		out.len = 0;
		bad += inflate_all(buf_view(&in), step, &out) != INFLATE_END;
	}
	ok(bad == 0, "the closing empty member is seen at every split");
	buf_fini(&in);
	buf_fini(&out);
}

/* Every bit of two members and the end, flipped: no other bytes come out. */
static void
test_flips(void)
{
	struct buf in, want, out;
	size_t bit, same = 0, bad = 0;

	buf_init(&in);
	buf_init(&want);
	buf_init(&out);
	compose("one record~and another, another|a second member|", 6, &in);
	buf_append(&in, member_empty, MEMBER_EMPTY_LEN);
	inflate_all(buf_view(&in), in.len, &want);
	for (bit = 0; bit < in.len * 8; bit++) {
		in.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
		out.len = 0;
		if (inflate_all(buf_view(&in), in.len, &out) == INFLATE_END) {
			same++; /* padding bits of a deflate stream */
			bad += !span_eq(buf_view(&out), buf_view(&want));
		}
		in.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	ok(bad == 0, "no flipped bit changes what comes out unseen");
	ok(same < 32, "and only padding bits pass (%zu)", same);
	for (bit = 0; bit < in.len; bit++) {
		out.len = 0;
		bad += inflate_all(span_make(in.p, bit), in.len, &out) ==
		    INFLATE_END;
	}
	ok(bad == 0, "no truncation looks like an end");
	buf_fini(&in);
	buf_fini(&want);
	buf_fini(&out);
}

static void
put_raw(struct buf *b, const char *deflate, size_t len, uint32_t crc,
    uint32_t isize)
{
	buf_append(b, member_empty, MEMBER_HEAD_LEN);
	buf_append(b, deflate, len);
	for (int i = 0; i < 4; i++)
		buf_byte(b, (uint8_t)(crc >> 8 * i));
	for (int i = 0; i < 4; i++)
		buf_byte(b, (uint8_t)(isize >> 8 * i));
}

static void
test_strict(void)
{
	/* "a" as a stored block; crc from zlib */
	static const char a[] = "\x01\x01\x00\xfe\xff"
				"a";
	uint32_t crc = (uint32_t)crc32(0, (const Bytef *)"a", 1);
	struct buf in, out;

	buf_init(&in);
	buf_init(&out);
#define CASE(want, ...)                                                        \
	do {                                                                   \
		out.len = 0;                                                   \
		ok(inflate_all(buf_view(&in), 7, &out) == want, __VA_ARGS__);  \
		in.len = 0;                                                    \
	} while (0)
	put_raw(&in, a, 6, crc, 1);
	CASE(INFLATE_MEMBER, "a stored block");
	put_raw(&in, a, 6, crc ^ 1, 1);
	CASE(INFLATE_BAD_CRC, "a wrong CRC");
	put_raw(&in, a, 6, crc, 2);
	CASE(INFLATE_BAD_LENGTH, "a wrong length");
	put_raw(&in, "\x01\x00\x00\xff\xff", 5, 0, 0);
	CASE(INFLATE_BAD_EMPTY, "an empty member of another form");
	put_raw(&in, "\x03\x00", 2, 0, 0);
	CASE(INFLATE_END, "the empty member");
	put_raw(&in, "\x03\x08", 2, 0, 0);
	CASE(INFLATE_BAD_EMPTY, "padding bits set in the empty member");
	put_raw(&in, "\x03\x00", 2, 0, 0);
	buf_byte(&in, 0);
	CASE(INFLATE_TRAILING, "a byte behind the end");
	put_raw(&in, "\x03\x00", 2, 0, 0);
	put_raw(&in, a, 6, crc, 1);
	CASE(INFLATE_TRAILING, "a member behind the end");
	put_raw(&in, "\x07", 1, 0, 0);
	CASE(INFLATE_BAD_DATA, "a reserved block type");
	put_raw(&in, a, 6, crc, 1);
	in.p[3] = 8; /* FNAME */
	CASE(INFLATE_BAD_HEADER, "a file name in the header");
	put_raw(&in, a, 6, crc, 1);
	in.p[4] = 1;
	CASE(INFLATE_BAD_HEADER, "a time in the header");
	put_raw(&in, a, 6, crc, 1);
	buf_byte(&in, 0);
	CASE(INFLATE_BAD_HEADER, "zero padding between members");
	buf_fini(&in);
	buf_fini(&out);
}

static void
test_bounds(void)
{
	struct member *m = member_new();
	struct inflate *z = inflate_new();
	struct buf in, big;
	struct span s;

	buf_init(&in);
	buf_init(&big);
	memset(buf_reserve(&big, MEMBER_MAX), 'x', MEMBER_MAX);
	big.len = MEMBER_MAX;
	member_begin(m, 6, &in);
	member_write(m, buf_view(&big), true, &in);
	s = buf_view(&in);
	ok(inflate_next(z, &s) == INFLATE_MEMBER && s.len == 0 &&
		inflate_data(z).len == MEMBER_MAX,
	    "the largest member passes");
	in.len = 0;
	member_begin(m, 6, &in);
	member_write(m, buf_view(&big), false, &in);
	for (int i = 0; i < 40; i++) /* 50 MB out of 60 kB */
		member_write(m, buf_view(&big), i == 39, &in);
	s = buf_view(&in);
	ok(inflate_next(z, &s) == INFLATE_TOO_BIG &&
		inflate_next(z, &s) == INFLATE_TOO_BIG,
	    "a bomb is refused, and stays refused");
	inflate_reset(z);
	s = span_make(in.p, 4);
	ok(inflate_next(z, &s) == INFLATE_MORE && inflate_inside(z) &&
		inflate_taken(z) == 4,
	    "reset begins anew");
	member_free(m);
	inflate_free(z);
	buf_fini(&in);
	buf_fini(&big);
}

/* Where a writer may have stopped: at flushes and ends, nowhere else. */
static void
test_flushed(void)
{
	struct inflate *z = inflate_new();
	struct buf in;
	struct span s;
	size_t n, found = 0;

	buf_init(&in);
	compose("record one~record two~record three|record four~", 6, &in);
	buf_append(&in, "torn", 4);
	for (n = 1; n <= in.len; n++) {
		inflate_reset(z);
		for (s = span_make(in.p, n);
		     inflate_next(z, &s) == INFLATE_MEMBER && s.len > 0;)
			;
		found += inflate_flushed(z);
	}
	ok(found == 4, "three flushes and one end are found (%zu)", found);
	inflate_free(z);
	buf_fini(&in);
}

int
main(void)
{
	test_splits();
	test_flips();
	test_strict();
	test_bounds();
	test_flushed();
	return done();
}
