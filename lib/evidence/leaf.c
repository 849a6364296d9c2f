/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/leaf.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

/*
 * All records take one step, then all the next: what a step begins with was
 * written long before, so that no load waits for a store.
 */
static const char nonce_head[9] = "ev1 nonce";
_Static_assert(1 + RECORD_LEAF_MAX <= SHA256X2_EDGE, "a line has room");

static uint8_t *
put(uint8_t *p, const void *from, size_t len)
{
	memcpy(p, from, len);
	return p + len;
}

/* Have what was written to the job's edge up to end hashed. */
static void
set_job(struct sha256x2_job *job, const uint8_t *end, uint8_t *out)
{
	sha256x2_short(job, (size_t)(end - job->edge), out);
}

/* The jobs of record_nonce() (of which it takes 16 bytes). */
static void
nonce_jobs(const struct leaf *in, size_t n, const uint8_t salt[RECORD_SALT],
    struct sha256x2_job *job, uint8_t (*out)[SHA256_LEN])
{
	uint64_t index;
	uint8_t *p;

	for (size_t i = 0; i < n; i++) {
		index = htobe64(in[i].index);
		p = put(job[i].edge, nonce_head, sizeof(nonce_head));
		p = put(p, salt, RECORD_SALT);
		set_job(job + i, put(p, &index, sizeof(index)), out[i]);
	}
}

void
leaf_hash(const struct leaf *in, size_t n, const uint8_t salt[RECORD_SALT],
    struct sha256x2_job *aside, uint8_t (*out)[SHA256_LEN])
{
	struct sha256x2_job job[1 + LEAF_BATCH], *of = job + 1;
	uint8_t body[LEAF_BATCH][SHA256_LEN], *p;
	size_t i;

	nonce_jobs(in, n, salt, of, out);
	sha256x2_run(of, n);
	if (aside != NULL)
		job[0] = *aside;
	for (i = 0; i < n; i++)
		sha256x2_whole(of + i, in[i].r.body, body[i]);
	sha256x2_run(aside != NULL ? job : of, aside != NULL ? 1 + n : n);
	for (i = 0; i < n; i++) {
		p = put(of[i].edge, out[i], 16);
		set_job(of + i, put(p, body[i], SHA256_LEN), out[i]);
	}
	sha256x2_run(of, n);
	for (i = 0; i < n; i++) {
		p = of[i].edge;
		*p++ = 0; /* RFC 6962: a leaf, not a node */
		p += record_leaf_line(&in[i].r, in[i].index, in[i].seq, out[i],
		    (char *)p);
		set_job(of + i, p, out[i]);
	}
	sha256x2_run(of, n);
}

/* Halve n nodes in place: each two give their parent. */
static void
node_pairs(uint8_t (*node)[SHA256_LEN], size_t n)
{
	struct sha256x2_job job[LEAF_BATCH / 2];

	for (size_t i = 0; i < n / 2; i++) {
		job[i].edge[0] = 1;
		set_job(job + i,
		    put(job[i].edge + 1, node[2 * i], 2 * SHA256_LEN), node[i]);
	}
	sha256x2_run(job, n / 2);
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
	for (; n > 1; n /= 2)
		node_pairs(leaf, n);
	whole.begin = range->end;
	whole.end = whole.begin + LEAF_BATCH;
	whole.n = 1;
	memcpy(whole.hash[0], leaf[0], SHA256_LEN);
	if (tree_range_merge(range, &whole) != 0)
		abort(); /* a wrong tree is worse than none */
}
