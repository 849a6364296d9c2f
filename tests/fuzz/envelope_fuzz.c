/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>

#include "evidence/envelope.h"

/*
 * Any bytes are an envelope or not; one that is says the same when it is
 * printed anew, whatever framing its message is taken to have, and its leaf is
 * bounded and the same.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
again(const struct envelope *e, enum record_framing framing)
{
	uint8_t a[SHA256_LEN], b[SHA256_LEN];
	struct buf out, text;
	struct envelope f;

	buf_init(&out);
	buf_init(&text);
	envelope_print(e, framing, &out);
	assert(out.len <= ENVELOPE_OWN_MAX + e->r.body.len);
	assert(envelope_parse(buf_view(&out), &f, &text) == 0);
	assert(span_eq(e->origin, f.origin) && e->index == f.index &&
	    e->seq == f.seq && span_eq(e->words, f.words) &&
	    span_eq(e->r.body, f.r.body));
	envelope_leaf(e, a);
	envelope_leaf(&f, b);
	assert(memcmp(a, b, sizeof(a)) == 0);
	buf_fini(&text);
	buf_fini(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct envelope e;
	struct buf text;

	buf_init(&text);
	if (envelope_parse(span_make(data, size), &e, &text) == 0) {
		again(&e, RECORD_FRAMING_NONE);
		again(&e, RECORD_FRAMING_LF);
		again(&e, RECORD_FRAMING_OCTET);
	}
	buf_fini(&text);
	return 0;
}
