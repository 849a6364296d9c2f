/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/leaf.h"

#include <string.h>

#include "tests/tap.h"

static uint8_t body[4096];

/* The same with another hash beside them. */
static bool
agree_beside(const struct leaf *in, size_t n, const uint8_t salt[RECORD_SALT],
    uint8_t (*one)[SHA256_LEN])
{
	uint8_t out[LEAF_BATCH][SHA256_LEN], hash[SHA256_LEN];
	uint8_t want[SHA256_LEN];
	struct span all = span_make(body, (size_t)in[0].index * 31 % 4096);
	struct sha256x2_job beside;

	sha256(all, want);
	sha256x2_whole(&beside, all, hash);
	leaf_hash(in, n, salt, &beside, out);
	return memcmp(out, one, n * SHA256_LEN) == 0 &&
	    memcmp(hash, want, SHA256_LEN) == 0;
}

/* n records from that index on, hashed one by one and together. */
static bool
agree(uint64_t first, size_t n)
{
	static struct leaf in[LEAF_BATCH];
	uint8_t out[LEAF_BATCH][SHA256_LEN], one[LEAF_BATCH][SHA256_LEN];
	uint8_t salt[RECORD_SALT] = { 5 };
	struct tree_range a, b;
	size_t i;

	for (i = 0; i < n; i++) {
		in[i] = (struct leaf){ .r = { .kind = RECORD_RECEIVED,
					   .rx = 1795000000000000 + i,
					   .stream = 1 + (uint32_t)(i % 3),
					   .flags = i % 5 == 0 ? RECORD_CUT : 0,
					   .port = i % 7 == 0 ? 514 : 0,
					   .body = span_make(body,
					       i * i % sizeof(body)) },
			.index = first + i,
			.seq = i / 3 };
		record_leaf(&in[i].r, in[i].index, in[i].seq, salt, one[i]);
	}
	leaf_hash(in, n, salt, NULL, out);
	if (memcmp(out, one, n * SHA256_LEN) != 0 ||
	    !agree_beside(in, n, salt, one))
		return false;
	tree_range_init(&a, first / 2);
	tree_range_init(&b, first / 2);
	for (uint64_t at = first / 2; at < first; at++) {
		tree_range_append(&a, salt);
		tree_range_append(&b, salt);
	}
	for (i = 0; i < n; i++)
		tree_range_append(&a, one[i]);
	leaf_append(&b, out, n);
	return a.begin == b.begin && a.end == b.end && a.n == b.n &&
	    memcmp(a.hash, b.hash, a.n * SHA256_LEN) == 0;
}

int
main(void)
{
	uint64_t first;
	size_t n, bad = 0;

	for (size_t i = 0; i < sizeof(body); i++)
		body[i] = (uint8_t)(i * 7);
	for (first = 0; first < 200; first++)
		for (n = 1; n <= LEAF_BATCH; n++)
			bad += !agree(first, n);
	ok(bad == 0, "any number of leaves from any index");
	ok(agree(UINT64_C(1) << 14, LEAF_BATCH), "and far in a log");
	return done();
}
