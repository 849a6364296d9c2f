/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>

#include "analyzer/case/mask.h"
#include "common/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What is well-formed stays so, what has no identifier stays as it is, and
 * nothing grows but by its masks. */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct span in = span_make(p, len);
	struct buf out;
	size_t n;

	buf_init(&out);
	n = mask_patients(in, &out);
	assert(n > 0 || span_eq(buf_view(&out), in));
	assert(out.len <= len + 4 * n);
	if (text_is_utf8(in))
		assert(text_is_utf8(buf_view(&out)));
	buf_fini(&out);
	return 0;
}
