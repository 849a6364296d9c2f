/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <string.h>

#include "evidence/member.h"
#include "evidence/segment.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * The input is a segment's stream; it is deflated here so that the fuzzer
 * writes records and not Huffman codes.  Header line and records laid end to
 * end are that stream again, as far as they are read.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct member *m = member_new();
	struct segment *s = segment_new();
	struct segment_record rec;
	struct segment_place place;
	struct buf file, out;

	buf_init(&file);
	buf_init(&out);
	member_begin(m, 1, &file);
	member_write(m, span_make(p, len), true, &file);
	buf_append(&file, member_empty, MEMBER_EMPTY_LEN);
	segment_feed(s, buf_view(&file));
	while (segment_next(s, &rec) == SEGMENT_RECORD) {
		if (out.len == 0)
			buf_span(&out, segment_head_line(s));
		buf_span(&out, rec.bytes);
		assert((rec.r.kind == RECORD_RECEIVED) <= (rec.stream != NULL));
		assert(evstreams_count(segment_streams(s)) <= EVSTREAMS_MAX);
		segment_place(s, &place);
		assert(place.index == rec.index + 1);
	}
	assert(
	    span_eq(buf_view(&out), span_sub(span_make(p, len), 0, out.len)));
	member_free(m);
	segment_free(s);
	buf_fini(&file);
	buf_fini(&out);
	return 0;
}
