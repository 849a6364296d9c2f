/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>

#include "evidence/checkpoint.h"
#include "evidence/epoch.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Notes, checkpoints, verifier keys and epoch lines: what parses prints as
 * the same bytes. */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct span in = span_make(p, len);
	struct checkpoint c;
	struct note_key k;
	struct epoch e;
	struct note n;
	struct buf out;

	buf_init(&out);
	if (note_parse(in, &n) == NOTE_OK) {
		assert(n.n > 0 && n.n <= NOTE_SIGS_MAX);
		note_print(&n, &out);
		assert(span_eq(buf_view(&out), in));
	}
	out.len = 0;
	if (checkpoint_read(in, &n, &c) == NOTE_OK) {
		checkpoint_print(&c, &out);
		assert(span_eq(buf_view(&out), n.text));
		assert(note_key_init(&k, c.origin, c.root) == 0);
		assert(checkpoint_verify_log(&n, &k) != NOTE_OK);
	}
	out.len = 0;
	if (note_key_parse(in, &k) == 0) {
		note_key_print(&k, &out);
		assert(span_eq(buf_view(&out), in));
	}
	out.len = 0;
	if (epoch_parse(in, &e) == 0) {
		assert(e.height >= 1 && e.height <= EPOCH_HEIGHT_MAX);
		epoch_print(&e, &out);
		assert(span_eq(buf_view(&out), in));
	}
	buf_fini(&out);
	return 0;
}
