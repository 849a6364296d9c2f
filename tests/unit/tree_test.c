/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "common/hex.h"
#include "evidence/tree.h"
#include "tests/tap.h"

/*
 * The tree against RFC 6962 2.1 written down as it stands there: slow,
 * recursive, on an array of all leaves.
 */
#define N 130
static uint8_t leaf[N][SHA256_LEN];

/* The largest power of two below n. */
static size_t
split(size_t n)
{
	size_t k = 1;

	while (2 * k < n)
		k *= 2;
	return k;
}

/* MTH(D[from:from + n]) */
static void
mth(size_t from, size_t n, uint8_t out[SHA256_LEN])
{
	uint8_t node[65] = { 1 };

	if (n == 0) {
		sha256(SPAN(""), out);
		return;
	}
	if (n == 1) {
		memcpy(out, leaf[from], SHA256_LEN);
		return;
	}
	mth(from, split(n), node + 1);
	mth(from + split(n), n - split(n), node + 33);
	sha256(span_make(node, sizeof(node)), out);
}

/* PATH(m, D[from:from + n]) */
static size_t
path(size_t m, size_t from, size_t n, uint8_t (*out)[SHA256_LEN])
{
	size_t k, i;

	if (n <= 1)
		return 0;
	k = split(n);
	if (m < k) {
		i = path(m, from, k, out);
		mth(from + k, n - k, out[i]);
	} else {
		i = path(m - k, from + k, n - k, out);
		mth(from, k, out[i]);
	}
	return i + 1;
}

/* SUBPROOF(m, D[from:from + n], whole) */
static size_t
proof(size_t m, size_t from, size_t n, int whole, uint8_t (*out)[SHA256_LEN])
{
	size_t k, i;

	if (m == n) {
		if (whole)
			return 0;
		mth(from, n, out[0]);
		return 1;
	}
	k = split(n);
	if (m <= k) {
		i = proof(m, from, k, whole, out);
		mth(from + k, n - k, out[i]);
	} else {
		i = proof(m - k, from + k, n - k, 0, out);
		mth(from, k, out[i]);
	}
	return i + 1;
}

static void
range(size_t from, size_t to, struct tree_range *r)
{
	tree_range_init(r, from);
	for (; from < to; from++)
		tree_range_append(r, leaf[from]);
}

/* Whether a range is what its bounds say: each hash the root of its node. */
static int
range_is(const struct tree_range *r, size_t from, size_t to)
{
	uint8_t want[SHA256_LEN];
	uint64_t index, pos = from;
	unsigned level;
	size_t i;

	if (r->begin != from || r->end != to ||
	    r->n != tree_range_count(from, to))
		return 0;
	for (i = 0; i < r->n; i++) {
		tree_range_node(from, to, i, &level, &index);
		if (index << level != pos)
			return 0;
		mth((size_t)pos, (size_t)1 << level, want);
		if (memcmp(want, r->hash[i], SHA256_LEN) != 0)
			return 0;
		pos += UINT64_C(1) << level;
	}
	return pos == to;
}

static int
in(size_t i, size_t n, size_t which, uint8_t (*p)[SHA256_LEN], size_t len)
{
	uint8_t root[SHA256_LEN];

	mth(0, n, root);
	return tree_verify_inclusion(i, n, leaf[which],
		   (const uint8_t(*)[SHA256_LEN])p, len, root) == 0;
}

/* The root and every inclusion proof of a tree of n leaves. */
static int
size_holds(size_t n)
{
	uint8_t root[SHA256_LEN], got[SHA256_LEN], p[16][SHA256_LEN];
	struct tree_range r;
	size_t i, len;

	mth(0, n, root);
	range(0, n, &r);
	if (tree_range_root(&r, got) != 0 || memcmp(root, got, 32) != 0)
		return 0;
	for (i = 0; i < n; i++) {
		len = path(i, 0, n, p);
		if (!in(i, n, i, p, len) || in(i, n, (i + 1) % N, p, len) ||
		    in(i ^ 1, n, i, p, len) || in(i, n, i, p, len + 1))
			return 0;
		if (len == 0)
			continue;
		p[len - 1][31] ^= 1;
		if (in(i, n, i, p, len) || in(i, n, i, p, len - 1))
			return 0;
	}
	return !in(n, n, 0, p, 0);
}

static int
grows(size_t m, size_t n, uint8_t (*p)[SHA256_LEN], size_t len,
    const uint8_t *old, const uint8_t *root)
{
	return tree_verify_consistency(m, n, (const uint8_t(*)[SHA256_LEN])p,
		   len, old, root) == 0;
}

/* All older sizes: consistency, and the two ranges that make the whole. */
static int
growth_holds(size_t n)
{
	uint8_t old[SHA256_LEN], root[SHA256_LEN], p[17][SHA256_LEN];
	struct tree_range a, b;
	size_t m, len;

	mth(0, n, root);
	for (m = 1; m <= n; m++) {
		mth(0, m, old);
		len = proof(m, 0, n, 1, p);
		if (!grows(m, n, p, len, old, root))
			return 0;
		if (m == n)
			break;
		if (grows(m, n, p, len, root, root) ||
		    grows(m, n, p, len, old, old) ||
		    grows(m, n, p, len - 1, old, root) ||
		    grows(m, n, p, len + 1, old, root))
			return 0;
		p[len / 2][0] ^= 1;
		if (grows(m, n, p, len, old, root))
			return 0;
	}
	for (m = 0; m <= n; m++) {
		range(0, m, &a);
		range(m, n, &b);
		if (!range_is(&b, m, n) || tree_range_merge(&a, &b) != 0 ||
		    !range_is(&a, 0, n))
			return 0;
	}
	return 1;
}

/* Ranges that begin in the middle merge too, in every way. */
static int
middles_hold(void)
{
	struct tree_range a, b;
	size_t i, j, k;

	for (i = 0; i < 40; i++)
		for (j = i; j < 40; j++)
			for (k = j; k < 40; k++) {
				range(i, j, &a);
				range(j, k, &b);
				if (tree_range_merge(&a, &b) != 0 ||
				    !range_is(&a, i, k))
					return 0;
			}
	return 1;
}

static void
refusals(void)
{
	static const uint8_t none[1][SHA256_LEN];
	uint8_t root[SHA256_LEN], other[SHA256_LEN];
	uint8_t one[1][SHA256_LEN];
	struct tree_range a, b;

	range(0, 5, &a);
	range(6, 9, &b);
	ok(tree_range_merge(&a, &b) == -1, "a hole between ranges");
	range(5, 9, &b);
	b.n++;
	ok(tree_range_merge(&a, &b) == -1, "a hash too many");
	b.n -= 2;
	ok(tree_range_merge(&a, &b) == -1, "a hash too few");
	b.n = 0;
	b.end = 4;
	ok(tree_range_merge(&a, &b) == -1, "an end before the begin");
	b.end = UINT64_C(1) << 41;
	b.n = tree_range_count(b.begin, b.end);
	ok(tree_range_merge(&a, &b) == -1, "an end beyond 2^40");
	ok(range_is(&a, 0, 5), "a refused merge changes nothing");
	range(5, 9, &b);
	ok(tree_range_root(&b, root) == -1, "no root from the middle");
	a.n--;
	ok(tree_range_root(&a, root) == -1, "no root of an ill-formed range");
	mth(0, 3, root);
	mth(0, 4, other);
	ok(tree_verify_consistency(3, 3, none, 0, root, other) == -1,
	    "one size, two roots");
	ok(tree_verify_consistency(3, 3, none, 1, root, root) == -1,
	    "one size, and a proof");
	ok(tree_verify_consistency(4, 3, none, 0, other, root) == -1,
	    "sizes do not fall");
	ok(tree_verify_consistency(0, 3, none, 0, root, root) == -1,
	    "size 0 shows nothing");
	ok(tree_verify_consistency(0, 0, none, 0, root, root) == -1,
	    "nor twice");
	ok(tree_verify_consistency(2, 3, none, 0, root, root) == -1,
	    "no proof");
	mth(0, 2, root);
	memcpy(one[0], leaf[1], SHA256_LEN);
	ok(tree_verify_inclusion(0, 4, leaf[0], one, 1, root) == -1,
	    "a proof that ends below the root");
	ok(in(0, 2, 0, one, 1), "it is one for two leaves");
	memcpy(one[0], leaf[0], SHA256_LEN);
	ok(tree_verify_inclusion(0, 1, leaf[1], one, 1, root) == -1,
	    "a proof that goes on above it");
}

/* Counts far beyond what can be hashed here. */
static void
big(void)
{
	const uint64_t top = UINT64_C(1) << 40;
	uint64_t index;
	unsigned level;

	ok(tree_range_count(0, top) == 1, "2^40 leaves are one subtree");
	ok(tree_range_count(0, top - 1) == 40, "2^40 - 1 leaves are forty");
	ok(tree_range_count(1, top - 1) == 78, "and the widest cover is 78");
	tree_range_node(1, top - 1, 39, &level, &index);
	ok(level == 38 && index == 2, "its fortieth is [2^39, 2^39 + 2^38)");
	tree_range_node(0, top, 0, &level, &index);
	ok(level == 40 && index == 0, "level and index of the one");
}

/* Vectors that everybody has: the eight leaves of Certificate Transparency. */
static void
known(void)
{
	static const char *const hex[] = { "", "00", "10", "2021", "3031",
		"40414243", "5051525354555657",
		"606162636465666768696a6b6c6d6e6f" };
	static const size_t len[] = { 0, 1, 1, 2, 2, 4, 8, 16 };
	uint8_t data[16], hash[SHA256_LEN], root[SHA256_LEN];
	char text[64];
	struct tree_range r;
	size_t i;

	tree_range_init(&r, 0);
	tree_range_root(&r, root);
	hex_print(root, 32, text);
	ok(memcmp(text,
	       "e3b0c44298fc1c149afbf4c8996fb924"
	       "27ae41e4649b934ca495991b7852b855",
	       64) == 0,
	    "the root of no leaves");
	for (i = 0; i < 8; i++) {
		hex_parse(span_str(hex[i]), data, len[i]);
		tree_leaf_hash(span_make(data, len[i]), hash);
		tree_range_append(&r, hash);
	}
	tree_range_root(&r, root);
	hex_print(root, 32, text);
	ok(memcmp(text,
	       "5dc9da79a70659a9ad559cb701ded9a2"
	       "ab9d823aad2f4960cfe370eff4604328",
	       64) == 0,
	    "the root of eight known leaves");
}

int
main(void)
{
	size_t n;

	for (n = 0; n < N; n++)
		tree_leaf_hash(span_make(&n, sizeof(n)), leaf[n]);
	known();
	for (n = 0; n <= N; n++) {
		ok(size_holds(n), "root and inclusion, %zu leaves", n);
		ok(growth_holds(n), "consistency and merge, %zu leaves", n);
	}
	ok(middles_hold(), "ranges from i to j and j to k");
	refusals();
	big();
	return done();
}
