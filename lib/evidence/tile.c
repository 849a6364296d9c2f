/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/tile.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evidence/leaf.h"

#define TILE_MASK (TILE_WIDTH - 1)

void
tile_path(unsigned level, uint64_t n, char out[TILE_PATH])
{
	char groups[TILE_PATH] = "";
	char next[TILE_PATH];
	bool last = true;

	do {
		snprintf(next, sizeof(next), "/%s%03u%.32s", last ? "" : "x",
		    (unsigned)(n % 1000), groups);
		memcpy(groups, next, sizeof(groups));
		last = false;
		n /= 1000;
	} while (n > 0);
	snprintf(out, TILE_PATH, "%u%.40s", level, groups);
}

void
tile_run_init(struct tile_run *run, uint64_t begin)
{
	buf_init(&run->nodes);
	tile_run_reset(run, begin);
}

void
tile_run_reset(struct tile_run *run, uint64_t begin)
{
	tree_range_init(&run->left, begin);
	tree_range_init(&run->right, begin);
	run->nodes.len = 0;
}

void
tile_run_fini(struct tile_run *run)
{
	buf_fini(&run->nodes);
}

/* A wrong tree is worse than none. */
static void
range_merge(struct tree_range *left, const struct tree_range *right)
{
	if (tree_range_merge(left, right) != 0)
		abort();
}

void
tile_run_append(struct tile_run *run, uint8_t (*leaf)[SHA256_LEN], size_t n)
{
	struct tree_range *r = &run->right;

	leaf_append(r, leaf, n);
	if ((r->end & TILE_MASK) != 0)
		return;
	if ((r->begin & TILE_MASK) == 0)
		buf_append(&run->nodes, r->hash[0], SHA256_LEN);
	else
		run->left = *r;
	tree_range_init(r, r->end);
}

/* The i-th subtree of 256 leaves behind `at`. */
static void
node_range(const struct tile_run *run, size_t i, uint64_t at,
    struct tree_range *out)
{
	out->begin = at + i * TILE_WIDTH;
	out->end = out->begin + TILE_WIDTH;
	out->n = 1;
	memcpy(out->hash[0], run->nodes.p + i * SHA256_LEN, SHA256_LEN);
}

void
tile_run_range(const struct tile_run *run, struct tree_range *out)
{
	struct tree_range node;
	uint64_t at = run->left.end;

	*out = run->left;
	for (size_t i = 0; i < run->nodes.len / SHA256_LEN; i++) {
		node_range(run, i, at, &node);
		range_merge(out, &node);
	}
	range_merge(out, &run->right);
}

void
tile_edge_init(struct tile_edge *e, const struct tree_range *all)
{
	uint64_t blocks = all->end / TILE_WIDTH;
	size_t n = tree_range_count(0, blocks);

	e->up = *all;
	e->up.end = blocks;
	e->up.n = n;
	tree_range_init(&e->block, blocks * TILE_WIDTH);
	e->block.end = all->end;
	e->block.n = all->n - n;
	memcpy(e->block.hash, all->hash[n], e->block.n * SHA256_LEN);
}

static void
edge_push(struct tile_edge *e, const uint8_t hash[SHA256_LEN], tile_emit *emit,
    void *cookie)
{
	struct tree_range *up = &e->up;
	uint64_t index = up->end++;
	unsigned level = TILE_HEIGHT;

	if (up->n == TREE_RANGE_MAX)
		abort();
	memcpy(up->hash[up->n++], hash, SHA256_LEN);
	emit(cookie, 1, index, hash);
	for (; (index & 1) != 0; index >>= 1) {
		up->n--;
		tree_node_hash(up->hash[up->n - 1], up->hash[up->n],
		    up->hash[up->n - 1]);
		if (++level % TILE_HEIGHT == 0)
			emit(cookie, level / TILE_HEIGHT, index >> 1,
			    up->hash[up->n - 1]);
	}
}

void
tile_edge_append(struct tile_edge *e, const struct tile_run *run,
    tile_emit *emit, void *cookie)
{
	const struct tree_range *left = &run->left;
	size_t i;

	if (left->end > left->begin) {
		range_merge(&e->block, left);
		edge_push(e, e->block.hash[0], emit, cookie);
		tree_range_init(&e->block, left->end);
	}
	for (i = 0; i < run->nodes.len / SHA256_LEN; i++)
		edge_push(e, run->nodes.p + i * SHA256_LEN, emit, cookie);
	if (i > 0)
		tree_range_init(&e->block, run->right.begin);
	range_merge(&e->block, &run->right);
}

void
tile_fold(uint8_t (*hash)[SHA256_LEN], size_t n)
{
	for (; n > 1; n /= 2)
		for (size_t i = 0; i < n; i += 2)
			tree_node_hash(hash[i], hash[i + 1], hash[i / 2]);
}
