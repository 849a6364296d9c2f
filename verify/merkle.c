/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "verify/merkle.h"

#include <stdlib.h>
#include <string.h>

void
merkle_leaf(struct span data, uint8_t out[SHA256_LEN])
{
	struct sha256 h;

	sha256_init(&h);
	sha256_update(&h, "\0", 1);
	sha256_update(&h, data.p, data.len);
	sha256_final(&h, out);
}

void
merkle_node(const uint8_t left[SHA256_LEN], const uint8_t right[SHA256_LEN],
    uint8_t out[SHA256_LEN])
{
	uint8_t node[1 + 2 * SHA256_LEN] = { 1 };

	memcpy(node + 1, left, SHA256_LEN);
	memcpy(node + 1 + SHA256_LEN, right, SHA256_LEN);
	sha256(span_make(node, sizeof(node)), out);
}

void
merkle_init(struct merkle *m, uint64_t begin)
{
	m->begin = m->end = begin;
	m->n = 0;
}

/* A right child whose left sibling lies in the range becomes their parent. */
void
merkle_push(struct merkle *m, unsigned level, const uint8_t hash[SHA256_LEN])
{
	uint64_t index = m->end >> level;

	if (m->n == MERKLE_MAX || m->end > MERKLE_SIZE_MAX)
		abort(); /* a wrong tree is worse than none */
	memcpy(m->hash[m->n++], hash, SHA256_LEN);
	m->end += UINT64_C(1) << level;
	while ((index & 1) != 0 && (index - 1) << level >= m->begin) {
		m->n--;
		merkle_node(m->hash[m->n - 1], m->hash[m->n],
		    m->hash[m->n - 1]);
		index >>= 1;
		level++;
	}
}

/* Each is the largest perfect subtree that begins there, up to end. */
size_t
merkle_levels(uint64_t begin, uint64_t end, unsigned level[MERKLE_MAX])
{
	size_t n = 0;

	for (; begin < end; begin += UINT64_C(1) << level[n++]) {
		level[n] = 63 - (unsigned)__builtin_clzll(end - begin);
		if (begin != 0 && (unsigned)__builtin_ctzll(begin) < level[n])
			level[n] = (unsigned)__builtin_ctzll(begin);
	}
	return n;
}

int
merkle_merge(struct merkle *left, const struct merkle *right)
{
	unsigned level[MERKLE_MAX];

	if (left->end != right->begin || right->end < right->begin ||
	    right->end > MERKLE_SIZE_MAX + 1 ||
	    right->n != merkle_levels(right->begin, right->end, level))
		return -1;
	for (size_t i = 0; i < right->n; i++)
		merkle_push(left, level[i], right->hash[i]);
	return 0;
}

void
merkle_root(const struct merkle *m, uint8_t root[SHA256_LEN])
{
	if (m->begin != 0)
		abort();
	if (m->n == 0)
		sha256(SPAN(""), root);
	else
		memcpy(root, m->hash[m->n - 1], SHA256_LEN);
	for (size_t i = m->n; i > 1; i--)
		merkle_node(m->hash[i - 2], root, root);
}

/* RFC 9162, 2.1.3.2; fn and sn are its names. */
int
merkle_inclusion(uint64_t index, uint64_t size, const uint8_t leaf[SHA256_LEN],
    const uint8_t (*path)[SHA256_LEN], size_t n, const uint8_t root[SHA256_LEN])
{
	uint64_t fn = index, sn = size - 1;
	uint8_t r[SHA256_LEN];

	if (index >= size)
		return -1;
	memcpy(r, leaf, SHA256_LEN);
	for (size_t i = 0; i < n; i++, fn >>= 1, sn >>= 1) {
		if (sn == 0)
			return -1;
		if ((fn & 1) == 0 && fn != sn) {
			merkle_node(r, path[i], r);
			continue;
		}
		merkle_node(path[i], r, r);
		for (; fn != 0 && (fn & 1) == 0; fn >>= 1)
			sn >>= 1;
	}
	return sn == 0 && memcmp(r, root, SHA256_LEN) == 0 ? 0 : -1;
}
