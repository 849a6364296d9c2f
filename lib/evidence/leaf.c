/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/leaf.h"

#include <stdlib.h>
#include <string.h>

#include "common/sha256x2.h"

#define NONCE_IN (9 + RECORD_SALT + 8)
#define COMMIT_IN (16 + SHA256_LEN)
#define NODE_IN (1 + 2 * SHA256_LEN)

static void
nonce_in(uint64_t index, const uint8_t salt[RECORD_SALT], uint8_t in[NONCE_IN])
{
	memcpy(in, "ev1 nonce", 9);
	memcpy(in + 9, salt, RECORD_SALT);
	for (unsigned i = 0; i < 8; i++)
		in[9 + RECORD_SALT + i] = (uint8_t)(index >> (56 - 8 * i));
}

/* record_leaf() of two records. */
static void
leaf_pair(const struct leaf *l, const uint8_t salt[RECORD_SALT],
    uint8_t (*out)[SHA256_LEN])
{
	uint8_t nonce[2][NONCE_IN], hash[2][SHA256_LEN];
	uint8_t commit[2][COMMIT_IN];
	char line[2][1 + RECORD_LEAF_MAX];
	size_t len[2];

	for (unsigned i = 0; i < 2; i++)
		nonce_in(l[i].index, salt, nonce[i]);
	sha256x2(span_make(nonce[0], NONCE_IN), span_make(nonce[1], NONCE_IN),
	    hash[0], hash[1]);
	memcpy(commit[0], hash[0], 16);
	memcpy(commit[1], hash[1], 16);
	sha256x2(l[0].r.body, l[1].r.body, commit[0] + 16, commit[1] + 16);
	sha256x2(span_make(commit[0], COMMIT_IN),
	    span_make(commit[1], COMMIT_IN), hash[0], hash[1]);
	for (unsigned i = 0; i < 2; i++) {
		line[i][0] = 0; /* RFC 6962: a leaf, not a node */
		len[i] = 1 +
		    record_leaf_line(&l[i].r, l[i].index, l[i].seq, hash[i],
			line[i] + 1);
	}
	sha256x2(span_make(line[0], len[0]), span_make(line[1], len[1]), out[0],
	    out[1]);
}

void
leaf_hash(const struct leaf *in, size_t n, const uint8_t salt[RECORD_SALT],
    uint8_t (*out)[SHA256_LEN])
{
	size_t i;

	for (i = 0; i + 1 < n; i += 2)
		leaf_pair(in + i, salt, out + i);
	if (i < n)
		record_leaf(&in[i].r, in[i].index, in[i].seq, salt, out[i]);
}

/* Halve n nodes (a multiple of 4) in place: each two give their parent. */
static void
node_pairs(uint8_t (*node)[SHA256_LEN], size_t n)
{
	uint8_t in[2][NODE_IN];

	in[0][0] = in[1][0] = 1;
	for (size_t i = 0; i < n; i += 4) {
		memcpy(in[0] + 1, node[i], NODE_IN - 1);
		memcpy(in[1] + 1, node[i + 2], NODE_IN - 1);
		sha256x2(span_make(in[0], NODE_IN), span_make(in[1], NODE_IN),
		    node[i / 2], node[i / 2 + 1]);
	}
}

void
leaf_append(struct tree_range *range, uint8_t (*leaf)[SHA256_LEN], size_t n)
{
	struct tree_range whole;

	if (n != LEAF_BATCH || range->end % LEAF_BATCH != 0) {
		for (size_t i = 0; i < n; i++)
			tree_range_append(range, leaf[i]);
		return;
	}
	for (; n > 2; n /= 2)
		node_pairs(leaf, n);
	whole.begin = range->end;
	whole.end = whole.begin + LEAF_BATCH;
	whole.n = 1;
	tree_node_hash(leaf[0], leaf[1], whole.hash[0]);
	if (tree_range_merge(range, &whole) != 0)
		abort(); /* a wrong tree is worse than none */
}
