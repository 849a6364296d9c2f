/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <string.h>

#include "analyzer/handover/custody.h"
#include "analyzer/handover/handkey.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* A key that parses prints as it was. */
static void
key(struct span in)
{
	struct handkey k;
	struct buf out;

	if (handkey_parse(in, &k) != 0)
		return;
	buf_init(&out);
	handkey_print(&k, &out);
	assert(span_eq(buf_view(&out), in));
	buf_fini(&out);
}

/* What was understood of a step is what would be printed of it. */
static void
step(struct span in)
{
	struct arena *a = arena_new();
	struct custody c, again;
	struct buf out;
	size_t i;

	buf_init(&out);
	if (custody_parse(in, a, &c) == 1) {
		custody_print(&c, &out);
		assert(custody_parse(buf_view(&out), a, &again) == 1);
		assert(c.step == again.step && c.at == again.at &&
		    memcmp(c.package, again.package, SHA256_LEN) == 0);
		for (i = 0; i < CUSTODY_TEXT_COUNT; i++)
			assert(span_eq(c.text[i], again.text[i]));
	}
	buf_fini(&out);
	arena_free(a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	key(span_make(p, len));
	step(span_make(p, len));
	return 0;
}
