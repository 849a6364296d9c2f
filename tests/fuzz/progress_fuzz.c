/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>

#include "site/progress.h"

/* Any bytes are a progress file or not; one that is prints as it was. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct progress p;
	struct buf out;

	buf_init(&out);
	if (progress_parse(span_make(data, size), &p) == 0) {
		progress_print(&p, &out);
		assert(span_eq(buf_view(&out), span_make(data, size)));
	}
	buf_fini(&out);
	return 0;
}
