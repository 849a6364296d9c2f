/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

#include "evidence/inflate.h"
#include "evidence/member.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What comes out, and how it ends, does not depend on how the bytes come. */
static enum inflate_step
run(struct inflate *z, struct span in, size_t step, struct buf *out)
{
	enum inflate_step e = INFLATE_MORE;
	struct span part;

	inflate_reset(z);
	while (in.len > 0 && (e == INFLATE_MORE || e == INFLATE_MEMBER)) {
		part = span_sub(in, 0, step);
		in = span_sub(in, part.len, in.len);
		do {
			e = inflate_next(z, &part);
			assert(inflate_data(z).len <= MEMBER_MAX + 1);
			if (e == INFLATE_MEMBER)
				buf_span(out, inflate_data(z));
		} while (e == INFLATE_MEMBER && part.len > 0);
	}
	return e;
}

/* Where zlib too takes the first member, it reads the same in it. */
static void
compare(struct inflate *z, struct span in)
{
	static uint8_t out[MEMBER_MAX];
	z_stream s = { .next_in = in.p,
		.avail_in = (uInt)in.len,
		.next_out = out,
		.avail_out = sizeof(out) };

	inflate_reset(z);
	if (inflate_next(z, &in) == INFLATE_MEMBER) {
		assert(inflateInit2(&s, 31) == Z_OK);
		if (inflate(&s, Z_FINISH) == Z_STREAM_END)
			assert(span_eq(inflate_data(z),
				   span_make(out, s.total_out)) &&
			    s.avail_in == in.len);
		inflateEnd(&s);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct inflate *z = inflate_new();
	struct buf in, a, b;
	size_t step;

	buf_init(&in);
	buf_init(&a);
	buf_init(&b);
	step = len > 0 ? 1 + p[0] : 1;
	/* Half of the time the header is given, to get behind it. */
	if (len > 0 && (p[0] & 1) != 0)
		buf_append(&in, member_empty, MEMBER_HEAD_LEN);
	if (len > 1)
		buf_append(&in, p + 1, len - 1);
	if (run(z, buf_view(&in), in.len, &a) ==
	    run(z, buf_view(&in), step, &b))
		assert(span_eq(buf_view(&a), buf_view(&b)));
	else
		abort();
	compare(z, buf_view(&in));
	inflate_free(z);
	buf_fini(&in);
	buf_fini(&a);
	buf_fini(&b);
	return 0;
}
