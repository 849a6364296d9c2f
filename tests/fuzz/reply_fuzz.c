/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>

#include "analyzer/case/reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* A code is letters and figures that stand in what was read, and what is no
 * answer has none. */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct buf code;
	enum reply r;
	size_t i;

	buf_init(&code);
	r = reply_read(span_make(p, len), &code);
	assert((r == REPLY_CODE) == (code.len > 0) && code.len <= 9);
	for (i = 0; i < code.len; i++)
		assert(code.p[i] == '-' ||
		    (code.p[i] >= '0' && code.p[i] <= '9') ||
		    ((code.p[i] | 32) >= 'a' && (code.p[i] | 32) <= 'z'));
	buf_fini(&code);
	return 0;
}
