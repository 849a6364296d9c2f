/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>

#include "evidence/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What parses prints as the same bytes; what is escaped comes back. */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct span in = span_make(p, len);
	struct buf out, value;
	struct record r;
	size_t size;

	buf_init(&out);
	buf_init(&value);
	if (record_parse(in, &r, &size) == RECORD_OK) {
		assert(size <= len);
		record_print(&r, &out);
		assert(span_eq(buf_view(&out), span_sub(in, 0, size)));
		if (record_word_get(r.body, "a", &value) == 1) {
			out.len = 0;
			record_word(&out, "a", buf_view(&value));
			assert(out.len <= r.body.len);
		}
		assert(record_message(r.body, RECORD_FRAMING_OCTET).len <=
		    r.body.len);
	}
	out.len = value.len = 0;
	record_word(&out, "key", in);
	assert(record_word_get(buf_view(&out), "key", &value) == 1);
	assert(span_eq(buf_view(&value), in));
	buf_fini(&out);
	buf_fini(&value);
	return 0;
}
