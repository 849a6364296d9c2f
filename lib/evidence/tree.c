/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/tree.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

/*
 * Everything rests on one step: a perfect subtree of 2^level leaves is put at
 * the right end of a range, and as long as it is a right child whose left
 * sibling lies wholly in the range, the two become their parent.  The sibling
 * then is the last hash of the range, because a range is the shortest cover.
 */
#define TREE_SIZE_MAX (UINT64_C(1) << 40)

void
tree_leaf_hash(struct span data, uint8_t out[SHA256_LEN])
{
	struct sha256 h;

	sha256_init(&h);
	sha256_update(&h, "\0", 1);
	sha256_update(&h, data.p, data.len);
	sha256_final(&h, out);
}

void
tree_node_hash(const uint8_t left[SHA256_LEN], const uint8_t right[SHA256_LEN],
    uint8_t out[SHA256_LEN])
{
	uint8_t node[1 + 2 * SHA256_LEN];

	node[0] = 1;
	memcpy(node + 1, left, SHA256_LEN);
	memcpy(node + 1 + SHA256_LEN, right, SHA256_LEN);
	sha256(span_make(node, sizeof(node)), out);
}

void
tree_range_init(struct tree_range *r, uint64_t begin)
{
	r->begin = r->end = begin;
	r->n = 0;
}

/* The step of above: a subtree of 2^level leaves that begins at r->end. */
static void
tree_range_push(struct tree_range *r, unsigned level,
    const uint8_t hash[SHA256_LEN])
{
	uint64_t index = r->end >> level;

	/* A wrong tree is worse than none. */
	assert(r->n < TREE_RANGE_MAX && r->end < TREE_SIZE_MAX);
	memcpy(r->hash[r->n++], hash, SHA256_LEN);
	r->end += UINT64_C(1) << level;
	while ((index & 1) != 0 && (index - 1) << level >= r->begin) {
		r->n--;
		tree_node_hash(r->hash[r->n - 1], r->hash[r->n],
		    r->hash[r->n - 1]);
		index >>= 1;
		level++;
	}
}

void
tree_range_append(struct tree_range *r, const uint8_t leaf[SHA256_LEN])
{
	tree_range_push(r, 0, leaf);
}

/* Level of the largest perfect subtree that begins at begin, up to end. */
static unsigned
tree_level(uint64_t begin, uint64_t end)
{
	unsigned level = 63 - (unsigned)__builtin_clzll(end - begin);

	if (begin != 0 && (unsigned)__builtin_ctzll(begin) < level)
		level = (unsigned)__builtin_ctzll(begin);
	return level;
}

size_t
tree_range_count(uint64_t begin, uint64_t end)
{
	size_t n = 0;

	for (; begin < end; n++)
		begin += UINT64_C(1) << tree_level(begin, end);
	return n;
}

void
tree_range_node(uint64_t begin, uint64_t end, size_t i, unsigned *level,
    uint64_t *index)
{
	*level = 0;
	while (begin < end) {
		*level = tree_level(begin, end);
		if (i-- == 0)
			break;
		begin += UINT64_C(1) << *level;
	}
	*index = begin >> *level;
}

static bool
tree_range_ok(const struct tree_range *r)
{
	return r->begin <= r->end && r->end <= TREE_SIZE_MAX &&
	    r->n == tree_range_count(r->begin, r->end);
}

int
tree_range_merge(struct tree_range *left, const struct tree_range *right)
{
	size_t i;

	if (left->end != right->begin || !tree_range_ok(left) ||
	    !tree_range_ok(right))
		return -1;
	for (i = 0; i < right->n; i++)
		tree_range_push(left, tree_level(left->end, right->end),
		    right->hash[i]);
	return 0;
}

int
tree_range_root(const struct tree_range *r, uint8_t root[SHA256_LEN])
{
	size_t i;

	if (r->begin != 0 || !tree_range_ok(r))
		return -1;
	if (r->n == 0) {
		sha256(SPAN(""), root);
		return 0;
	}
	memcpy(root, r->hash[r->n - 1], SHA256_LEN);
	for (i = r->n - 1; i > 0; i--)
		tree_node_hash(r->hash[i - 1], root, root);
	return 0;
}

/*
 * RFC 9162, 2.1.3.2.  fn and sn are the RFC's names: the place of the node
 * that is being computed and of the last node, both of the same level.
 */
int
tree_verify_inclusion(uint64_t index, uint64_t size,
    const uint8_t leaf[SHA256_LEN], const uint8_t (*proof)[SHA256_LEN],
    size_t n, const uint8_t root[SHA256_LEN])
{
	uint64_t fn = index, sn = size - 1;
	uint8_t r[SHA256_LEN];
	size_t i;

	if (index >= size)
		return -1;
	memcpy(r, leaf, SHA256_LEN);
	for (i = 0; i < n; i++) {
		if (sn == 0)
			return -1;
		if ((fn & 1) == 0 && fn != sn) {
			tree_node_hash(r, proof[i], r);
		} else {
			tree_node_hash(proof[i], r, r);
			for (; fn != 0 && (fn & 1) == 0; fn >>= 1)
				sn >>= 1;
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && memcmp(r, root, SHA256_LEN) == 0 ? 0 : -1;
}

/* RFC 9162, 2.1.4.2, its steps 4 to 6: 0 < old_size < new_size. */
static int
tree_verify_growth(uint64_t old_size, uint64_t new_size,
    const uint8_t (*proof)[SHA256_LEN], size_t n,
    const uint8_t old_root[SHA256_LEN], const uint8_t new_root[SHA256_LEN])
{
	uint64_t fn = old_size - 1, sn = new_size - 1;
	uint8_t fr[SHA256_LEN], sr[SHA256_LEN];
	size_t i = 0;

	/* The proof leaves out the old root where it is a subtree itself. */
	if ((old_size & (old_size - 1)) == 0)
		memcpy(fr, old_root, SHA256_LEN);
	else
		memcpy(fr, proof[i++], SHA256_LEN);
	memcpy(sr, fr, SHA256_LEN);
	for (; (fn & 1) != 0; fn >>= 1)
		sn >>= 1;
	for (; i < n; i++) {
		if (sn == 0)
			return -1;
		if ((fn & 1) != 0 || fn == sn) {
			tree_node_hash(proof[i], fr, fr);
			tree_node_hash(proof[i], sr, sr);
			for (; fn != 0 && (fn & 1) == 0; fn >>= 1)
				sn >>= 1;
		} else
			tree_node_hash(sr, proof[i], sr);
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && memcmp(fr, old_root, SHA256_LEN) == 0 &&
		memcmp(sr, new_root, SHA256_LEN) == 0
	    ? 0
	    : -1;
}

int
tree_verify_consistency(uint64_t old_size, uint64_t new_size,
    const uint8_t (*proof)[SHA256_LEN], size_t n,
    const uint8_t old_root[SHA256_LEN], const uint8_t new_root[SHA256_LEN])
{
	if (old_size == 0 || old_size > new_size)
		return -1;
	if (old_size == new_size)
		return n == 0 && memcmp(old_root, new_root, SHA256_LEN) == 0
		    ? 0
		    : -1;
	if (n == 0)
		return -1;
	return tree_verify_growth(old_size, new_size, proof, n, old_root,
	    new_root);
}
