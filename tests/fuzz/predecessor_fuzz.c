/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>

#include "evidence/predecessor.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What parses prints as the same bytes. */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct predecessor before;
	struct buf out;

	if (predecessor_parse(span_make(p, len), &before) != 0)
		return 0;
	assert(before.origin[0] != '\0');
	buf_init(&out);
	predecessor_print(&before, &out);
	assert(span_eq(buf_view(&out), span_make(p, len)));
	buf_fini(&out);
	return 0;
}
