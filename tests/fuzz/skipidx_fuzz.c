/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/find/keyset.h"
#include "analyzer/find/skipidx.h"
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

/* Whatever is read lies within what was read, and prints to the same. */
static void
use(const struct skipidx *x, struct span in)
{
	const struct skipidx_stream *who;
	struct buf again;
	size_t i;

	for (i = 0; i < x->n_members; i++) {
		const struct skipidx_member *m = &x->members[i];

		assert((uint64_t)m->at + m->n <=
		    x->filters.len / KEYSET_PIECE);
		if (m->n > 0)
			(void)keyset_has(x->filters.p +
				(size_t)m->at * KEYSET_PIECE,
			    m->n, UINT64_C(0x123456789abcdef) * (i + 1));
	}
	for (i = 0; i < x->n_streams; i++) {
		who = skipidx_who(x, x->streams[i].stream, UINT64_MAX);
		assert(who != NULL && who->source < x->n_sources);
	}
	buf_init(&again);
	skipidx_print(x, &again);
	assert(span_eq(buf_view(&again), in));
	buf_fini(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct skipidx x;
	struct buf in;

	skipidx_init(&x);
	buf_init(&in);
	vouch(span_make(p, len), &in);
	if (skipidx_parse(buf_view(&in), &x) == 0)
		use(&x, buf_view(&in));
	skipidx_fini(&x);
	buf_fini(&in);
	return 0;
}
