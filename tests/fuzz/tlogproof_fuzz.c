/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>

#include "evidence/rangeproof.h"
#include "evidence/tlogproof.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * What parses prints as the same bytes, in both kinds of proof; what does not
 * says which line; nothing is proved to one who has a key that never signed,
 * of whatever kind.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	static struct tlogproof t;
	static const uint8_t key[KEY_LEN] = { 1 };
	struct span in = span_make(p, len);
	struct rangeproof r;
	struct checkpoint c;
	struct note_key k;
	unsigned line = 0;
	struct buf out;

	buf_init(&out);
	if (tlogproof_parse(in, &t, &line) == 0) {
		assert(t.proof.n <= PROOF_MAX && t.note.len <= NOTE_MAX);
		tlogproof_print(&t.proof, span_make(t.extra, t.extra_len),
		    t.note, &out);
		assert(span_eq(buf_view(&out), in));
	} else
		assert(line > 0);
	out.len = 0;
	line = 0;
	if (tlogproof_parse_old(in, &t, &line) == 0) {
		tlogproof_print_old(&t.proof, t.note, &out);
		assert(span_eq(buf_view(&out), in));
	} else
		assert(line > 0);
	assert(note_key_init(&k, SPAN("test.example/log"), key) == 0);
	assert(tlogproof_check(in, SPAN("e1"), &k, &t, &c) != TLOGPROOF_OK);
	assert(rangeproof_check(in, &k, &r) != TLOGPROOF_OK);
	if (rangeproof_check(in, NULL, &r) == TLOGPROOF_OK) {
		assert(r.first <= r.last && r.last < r.checkpoint.size);
		assert(tlogproof_check_old(in, &r.checkpoint, NULL, &t, &c) !=
		    TLOGPROOF_OK);
	}
	buf_fini(&out);
	return 0;
}
