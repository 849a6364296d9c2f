/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>

#include "analyzer/case/entry.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What is understood prints to something that is understood as the same. */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct arena *arena = arena_new();
	struct buf a, b;
	struct entry e;
	int i;

	buf_init(&a);
	buf_init(&b);
	if (entry_parse(span_make(p, len), arena, &e) == 0) {
		for (i = 0; i < 2; i++) {
			struct buf *out = i == 0 ? &a : &b;

			if (e.what == ENTRY_FINDING)
				entry_print_finding(&e.finding, out);
			else if (e.what == ENTRY_SEARCH)
				search_print(&e.search, out);
			else if (e.what == ENTRY_VERSION)
				version_print(&e.version, out);
			else
				entry_print_step(&e.step, out);
			assert(entry_parse(buf_view(out), arena, &e) == 0);
		}
		assert(span_eq(buf_view(&a), buf_view(&b)));
	}
	buf_fini(&a);
	buf_fini(&b);
	arena_free(arena);
	return 0;
}
