/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>

#include "evidence/logfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What parses prints as the same bytes; what does not says which line. */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct logfile l;
	unsigned line = 0;
	struct buf out;

	if (logfile_parse(span_make(p, len), &l, &line) != 0) {
		assert(line > 0 && line <= 6);
		return 0;
	}
	assert(l.height > 0 && l.height <= 20 && len <= LOGFILE_MAX);
	buf_init(&out);
	logfile_print(&l, &out);
	assert(span_eq(buf_view(&out), span_make(p, len)));
	buf_fini(&out);
	return 0;
}
