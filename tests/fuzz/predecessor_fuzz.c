/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>

#include "evidence/outside.h"
#include "evidence/predecessor.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What parses prints as the same bytes, in both files of a successor; a key
 * that never signed has signed nothing. */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct predecessor before;
	static const uint8_t key[KEY_LEN] = { 1 };
	struct outside o;
	struct note_key k;
	struct buf out;

	buf_init(&out);
	if (predecessor_parse(span_make(p, len), &before) == 0) {
		assert(before.origin[0] != '\0');
		predecessor_print(&before, &out);
		assert(span_eq(buf_view(&out), span_make(p, len)));
	} else if (outside_parse(span_make(p, len), &o) == 0) {
		assert(note_key_init(&k, SPAN("test.example/log"), key) == 0 &&
		    !outside_verify(&o, &k));
		outside_print(&o, &out);
		assert(span_eq(buf_view(&out), span_make(p, len)));
	}
	buf_fini(&out);
	return 0;
}
