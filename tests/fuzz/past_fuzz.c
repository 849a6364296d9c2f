/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/report/past.h"
#include "common/hex.h"
#include "common/sha256.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The bytes behind the first line as a file that says the right hash of them:
 * else no input would ever come as far as what the hash guards. */
static void
vouch(struct span in, struct buf *out)
{
	const uint8_t *lf = in.len > 0 ? memchr(in.p, '\n', in.len) : NULL;
	size_t head = lf != NULL ? (size_t)(lf - in.p) : 0;
	char hex[2 * SHA256_LEN];
	uint8_t hash[SHA256_LEN];

	if (head < sizeof(hex) || head > 1000) {
		buf_span(out, in);
		return;
	}
	sha256(span_sub(in, head + 1, in.len), hash);
	hex_print(hash, SHA256_LEN, hex);
	buf_append(out, in.p, head - sizeof(hex));
	buf_append(out, hex, sizeof(hex));
	buf_append(out, in.p + head, in.len - head);
}

/* Whatever is read points to what was read, and prints to the same. */
static void
use(const struct past *p, struct span in)
{
	struct buf again;
	size_t i;

	for (i = 0; i < p->n_steps; i++)
		assert(p->steps[i] >> 1 <
		    ((p->steps[i] & 1) ? p->n_speakers : p->n_names));
	for (i = 0; i < p->n_speakers; i++)
		assert(p->speakers[i].last == PAST_NONE ||
		    p->speakers[i].last < p->n_names);
	for (i = 0; i < p->n_marks; i++)
		assert(p->marks[i].kind < VISIT_KINDS);
	buf_init(&again);
	past_print(p, &again);
	assert(span_eq(buf_view(&again), in));
	buf_fini(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct past past;
	struct buf in;

	past_init(&past);
	buf_init(&in);
	vouch(span_make(p, len), &in);
	if (past_parse(buf_view(&in), &past) == 0)
		use(&past, buf_view(&in));
	past_fini(&past);
	buf_fini(&in);
	return 0;
}
