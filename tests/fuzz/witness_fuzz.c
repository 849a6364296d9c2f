/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>

#include "evidence/cosign.h"
#include "evidence/witness.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
judge(const struct witness_request *r, const struct note_key *key)
{
	struct witness_seen seen = { .size = r->old };
	struct checkpoint c;
	struct note n;

	if (note_parse(r->note, &n) == NOTE_OK &&
	    checkpoint_parse(n.text, &c) == 0)
		assert(
		    witness_judge(r, &n, &c, key, &seen) == WITNESS_FORBIDDEN);
}

/*
 * Requests, sizes and cosignature lines: what parses prints as the same bytes,
 * and nobody is believed who has not our keys.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	static const uint8_t seed[KEY_LEN] = { 1 };
	struct span in = span_make(p, len), rest = in;
	uint8_t public[KEY_LEN];
	struct witness_request r;
	struct note_key k;
	struct note_sig s;
	struct buf out;
	uint64_t n;

	assert(key_public(seed, public) == 0);
	buf_init(&out);
	if (witness_request_parse(in, &r) == 0) {
		witness_request_print(&r, &out);
		assert(span_eq(buf_view(&out), in));
		assert(note_key_init(&k, SPAN("fuzz"), public) == 0);
		judge(&r, &k);
	}
	out.len = 0;
	if (witness_size_parse(in, &n) == 0) {
		buf_printf(&out, "%llu\n", (unsigned long long)n);
		assert(span_eq(buf_view(&out), in));
	}
	if (note_sig_parse(&rest, &s) == 0 &&
	    note_key_init_type(&k, NOTE_COSIGNED, s.name, public) == 0)
		assert(cosign_verify(SPAN("text\n"), &s, &k, &n) != NOTE_OK);
	out.len = 0;
	if (cosign_key_parse(in, &k) == 0) {
		note_key_print(&k, &out);
		assert(span_eq(buf_view(&out), in));
	}
	buf_fini(&out);
	return 0;
}
