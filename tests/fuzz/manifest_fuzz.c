/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>

#include "evidence/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What parses prints as the same bytes; what does not says which line. */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct manifest m;
	unsigned line = 0;
	struct buf out;

	if (manifest_parse(span_make(p, len), &m, &line) != 0) {
		assert(line > 0);
		return 0;
	}
	assert(m.first <= m.last && len <= MANIFEST_MAX);
	buf_init(&out);
	manifest_print(&m, &out);
	assert(span_eq(buf_view(&out), span_make(p, len)));
	buf_fini(&out);
	return 0;
}
