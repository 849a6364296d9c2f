/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/prove.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "evidence/evread.h"
#include "evidence/tree.h"
#include "tests/tap.h"
#include "tests/unit/forge.h"

/*
 * Proofs from a log of four short segments, at every size up to 300, compared
 * with the definitions of RFC 9162 computed over all leaves.
 */
#define SIZES 300u
#define RECORDS 330u

typedef const uint8_t (*hashes)[SHA256_LEN];

static struct forge forge;
static uint8_t leaves[RECORDS][SHA256_LEN];
static struct buf why;

/* MTH(D[begin:end]), remembered. */
static void
naive_root(size_t begin, size_t end, uint8_t out[SHA256_LEN])
{
	static struct memo {
		bool known;
		uint8_t hash[SHA256_LEN];
	} memo[RECORDS + 1][RECORDS + 1];
	struct memo *m = &memo[begin][end];
	uint8_t left[SHA256_LEN], right[SHA256_LEN];
	size_t k = 1;

	if (!m->known && end - begin == 1)
		memcpy(m->hash, leaves[begin], SHA256_LEN);
	else if (!m->known) {
		while (2 * k < end - begin)
			k *= 2;
		naive_root(begin, begin + k, left);
		naive_root(begin + k, end, right);
		tree_node_hash(left, right, m->hash);
	}
	m->known = true;
	memcpy(out, m->hash, SHA256_LEN);
}

/* PATH(m, D[begin:end]), leaf sibling first. */
static void
naive_path(size_t m, size_t begin, size_t end, struct proof *out)
{
	size_t k = 1;

	if (end - begin == 1)
		return;
	while (2 * k < end - begin)
		k *= 2;
	if (m < begin + k) {
		naive_path(m, begin, begin + k, out);
		naive_root(begin + k, end, out->hash[out->n++]);
	} else {
		naive_path(m, begin + k, end, out);
		naive_root(begin, begin + k, out->hash[out->n++]);
	}
}

/* SUBPROOF(m, D[begin:end], whole) */
static void
naive_subproof(size_t m, size_t begin, size_t end, bool whole,
    struct proof *out)
{
	size_t k = 1;

	if (m == end) {
		if (!whole)
			naive_root(begin, end, out->hash[out->n++]);
		return;
	}
	while (2 * k < end - begin)
		k *= 2;
	if (m <= begin + k) {
		naive_subproof(m, begin, begin + k, whole, out);
		naive_root(begin + k, end, out->hash[out->n++]);
	} else {
		naive_subproof(m, begin + k, end, false, out);
		naive_root(begin, begin + k, out->hash[out->n++]);
	}
}

static bool
same_proof(const struct proof *a, const struct proof *b)
{
	return a->n == b->n && memcmp(a->hash, b->hash, a->n * SHA256_LEN) == 0;
}

/* Four segments, closed but the last; two streams. */
static void
build(void)
{
	uint8_t none[SHA256_LEN] = { 0 };
	char text[32];

	forge_begin(&forge);
	for (unsigned i = 0; forge.index < RECORDS; i++) {
		forge_segment(&forge, i, forge.index,
		    i == 0 ? none : forge.manifest);
		if (i == 0)
			forge_epoch(&forge, FORGE_T0, &forge.epoch[0], true);
		forge_stream(&forge, FORGE_T0, 1, forge.seq[1]);
		for (unsigned k = 0; k < 80 + 9 * i; k++) {
			if (k == 5)
				forge_stream(&forge, FORGE_T0, 2, forge.seq[2]);
			snprintf(text, sizeof(text), "record %u of %u", k, i);
			forge_record(&forge, RECORD_RECEIVED, FORGE_T0 + k,
			    k > 5 && k % 3 == 0 ? 2 : 1, text);
			if (k == 9)
				forge_flush(&forge, true);
		}
		if (forge.index < RECORDS)
			forge_close(&forge, true);
		else
			forge_flush(&forge, true);
	}
}

static void
checkpoint_at(size_t size)
{
	uint8_t root[SHA256_LEN];

	naive_root(0, size, root);
	forge_checkpoint(&forge, "checkpoint", size, root, 0);
}

/* The leaves as another reader sees them; it wants a checkpoint. */
static void
load_leaves(void)
{
	struct evread_record rec;
	struct evread *in;
	uint64_t n = 0;

	forge_checkpoint(&forge, "checkpoint", RECORDS, leaves[0], 0);
	if (evread_open(&in, forge.dir, true, &why) != 0)
		abort();
	while (n < RECORDS && evread_next(in, &rec, &why) > 0)
		memcpy(leaves[n++], rec.leaf, SHA256_LEN);
	evread_close(in);
	ok(n == RECORDS, "all leaves are read");
}

static bool
inclusion_ok(struct prove *p, size_t index, size_t size)
{
	struct proof got, want = { .n = 0 };

	naive_path(index, 0, size, &want);
	return prove_inclusion(p, index, &got, &why) == 0 &&
	    same_proof(&got, &want) && got.index == index && got.size == size &&
	    tree_verify_inclusion(index, size, leaves[index], (hashes)got.hash,
		got.n, prove_root(p)) == 0;
}

static bool
record_ok(struct prove *p, size_t index)
{
	struct prove_record rec;
	uint8_t leaf[SHA256_LEN], commit[SHA256_LEN];
	char line[RECORD_LEAF_MAX];

	if (prove_record(p, index, &rec, &why) != 0)
		return false;
	record_commit(rec.nonce, rec.r.body, commit);
	tree_leaf_hash(span_make(line,
			   record_leaf_line(&rec.r, rec.index, rec.seq, commit,
			       line)),
	    leaf);
	return rec.index == index &&
	    memcmp(line, rec.line, rec.line_len) == 0 &&
	    memcmp(leaf, leaves[index], SHA256_LEN) == 0 &&
	    memcmp(rec.leaf, leaf, SHA256_LEN) == 0;
}

static bool
consistency_ok(struct prove *p, size_t old, size_t size)
{
	struct proof got, want = { .n = 0 };
	uint8_t root[SHA256_LEN], at[SHA256_LEN];

	naive_subproof(old, 0, size, true, &want);
	naive_root(0, old, root);
	return prove_consistency(p, old, &got, &why) == 0 &&
	    same_proof(&got, &want) && got.index == old && got.size == size &&
	    prove_root_at(p, old, at, &why) == 0 &&
	    memcmp(at, root, SHA256_LEN) == 0 &&
	    tree_verify_consistency(old, size, (hashes)got.hash, got.n, root,
		prove_root(p)) == 0;
}

/* The leaves between the two ranges give the root. */
static bool
range_ok(struct prove *p, size_t begin, size_t end)
{
	struct tree_range before, after;
	uint8_t root[SHA256_LEN];

	if (prove_range(p, begin, end, &before, &after, &why) != 0)
		return false;
	for (size_t i = begin; i < end; i++)
		tree_range_append(&before, leaves[i]);
	return tree_range_merge(&before, &after) == 0 &&
	    tree_range_root(&before, root) == 0 &&
	    memcmp(root, prove_root(p), SHA256_LEN) == 0;
}

static void
every_size(void)
{
	size_t bad[4] = { 0 };
	struct prove *p;

	for (size_t size = 1; size <= SIZES; size++) {
		checkpoint_at(size);
		if (prove_open(&p, forge.dir, NULL, &why) != 0) {
			bad[0]++;
			continue;
		}
		for (size_t i = 0; i < size; i++)
			bad[0] += !inclusion_ok(p, i, size);
		for (size_t i = 1; i <= size; i++)
			bad[1] += !consistency_ok(p, i, size);
		for (size_t i = 0; i <= size; i += 1 + i / 8)
			bad[2] += !range_ok(p, i, i + (size - i) / 2);
		for (size_t i = size % 17; i < size; i += 17)
			bad[3] += !record_ok(p, i);
		prove_close(p);
	}
	ok(bad[0] == 0, "inclusion of every record at every size");
	ok(bad[1] == 0, "consistency with every size before");
	ok(bad[2] == 0, "ranges");
	ok(bad[3] == 0, "records with what their leaves are made of");
	if (why.len > 0)
		printf("# %.200s\n", buf_cstr(&why));
}

int
main(void)
{
	buf_init(&why);
	build();
	load_leaves();
	every_size();
	forge_end(&forge);
	buf_fini(&why);
	return done();
}
