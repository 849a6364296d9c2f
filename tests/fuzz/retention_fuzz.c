/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>

#include "evidence/retention.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What parses prints as the same bytes; a line taken is kept as it was. */
static void
fuzz_words(struct span in, struct arena *arena)
{
	struct retention_extra extra;
	struct retention_gone gone;
	struct retention_act act;
	struct buf out;

	buf_init(&out);
	if (retention_act_parse(in, arena, &act) == 0) {
		retention_act_print(&act, &out);
		assert(span_eq(buf_view(&out), in));
		assert(retention_reserved(in));
	}
	out.len = 0;
	if (retention_o1_parse(in, arena, &act, &extra) == 1) {
		retention_o1_print(&act, &extra, &out);
		assert(span_eq(buf_view(&out), in));
	}
	out.len = 0;
	if (retention_x1_parse(in, arena, &gone, &extra) == 0) {
		retention_x1_print(&gone, &extra, &out);
		assert(span_eq(buf_view(&out), in));
	}
	buf_fini(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct retention *r = retention_new();
	struct arena *arena = arena_new();
	struct span in = span_make(p, len);

	fuzz_words(in, arena);
	if (retention_line_take(r, in) == 0)
		assert(
		    span_eq(span_sub(buf_view(&r->lines), 0, r->lines.len - 1),
			in));
	else
		assert(r->lines.len == 0);
	arena_free(arena);
	retention_free(r);
	return 0;
}
