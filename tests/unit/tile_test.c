/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/tile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evidence/leaf.h"
#include "tests/tap.h"

/*
 * Leaves that come in runs of any length, begun anywhere, must give the tiles
 * that the definition gives, and the ranges that the tree has.
 */
#define LEAVES 140000u /* more than two hashes of level 2 */

static uint8_t (*leaf)[SHA256_LEN];
static struct { /* tiles as they were emitted */
	uint8_t hash[600][SHA256_LEN];
	uint64_t n;
} level[4];

static void
take(void *cookie, unsigned l, uint64_t index, const uint8_t hash[SHA256_LEN])
{
	bool *good = cookie;

	if (l > 3 || index != level[l].n || index >= 600) {
		*good = false;
		return;
	}
	memcpy(level[l].hash[level[l].n++], hash, SHA256_LEN);
}

static void
feed(struct tile_run *run, uint64_t begin, uint64_t end)
{
	uint8_t batch[LEAF_BATCH][SHA256_LEN];
	size_t n;

	tile_run_reset(run, begin);
	for (; begin < end; begin += n) {
		n = LEAF_BATCH - begin % LEAF_BATCH;
		if (n > end - begin)
			n = end - begin;
		memcpy(batch, leaf[begin], n * SHA256_LEN);
		tile_run_append(run, batch, n);
	}
}

static void
range_of(uint64_t begin, uint64_t end, struct tree_range *r)
{
	tree_range_init(r, begin);
	for (; begin < end; begin++)
		tree_range_append(r, leaf[begin]);
}

static bool
same(const struct tree_range *a, const struct tree_range *b)
{
	return a->begin == b->begin && a->end == b->end && a->n == b->n &&
	    memcmp(a->hash, b->hash, a->n * SHA256_LEN) == 0;
}

/* From there on, in runs of these lengths. */
static bool
grow(uint64_t begin, unsigned most)
{
	struct tree_range all, got, want;
	struct tile_edge edge;
	struct tile_run run;
	uint64_t end, from = begin;
	bool good = true;

	for (unsigned i = 0; i < 4; i++)
		level[i].n = begin >> (8 * i);
	range_of(0, begin, &all);
	tile_edge_init(&edge, &all);
	tile_run_init(&run, begin);
	for (unsigned k = 0; begin < LEAVES; begin = end, k++) {
		end = begin + 1 + k * 37 % most;
		if (end > LEAVES)
			end = LEAVES;
		feed(&run, begin, end);
		tile_run_range(&run, &got);
		range_of(begin, end, &want);
		good = good && same(&got, &want);
		tile_edge_append(&edge, &run, take, &good);
	}
	tile_run_fini(&run);
	for (unsigned l = 1; l < 4; l++)
		for (uint64_t i = from >> (8 * l); i < level[l].n; i++) {
			range_of(i << (8 * l), (i + 1) << (8 * l), &want);
			good = good && want.n == 1 &&
			    memcmp(want.hash[0], level[l].hash[i],
				SHA256_LEN) == 0;
		}
	return good && level[1].n == LEAVES / 256 &&
	    level[2].n == LEAVES / 65536 && level[3].n == 0;
}

static const struct {
	unsigned level;
	uint64_t n;
	const char *path;
} paths[] = { { 1, 0, "1/000" }, { 1, 67, "1/067" }, { 0, 999, "0/999" },
	{ 2, 1000, "2/x001/000" }, { 1, 1234067, "1/x001/x234/067" },
	{ 5, 999999999999, "5/x999/x999/x999/999" } };

int
main(void)
{
	static const unsigned most[] = { 5, 300, 5000, 100000 };
	static const uint64_t from[] = { 0, 1, 255, 256, 65535, 65536, 70000 };
	char path[TILE_PATH];

	leaf = calloc(LEAVES, SHA256_LEN);
	for (unsigned i = 0; i < LEAVES; i++)
		memcpy(leaf[i], &i, sizeof(i));
	for (size_t i = 0; i < sizeof(from) / sizeof(from[0]); i++)
		for (size_t k = 0; k < sizeof(most) / sizeof(most[0]); k++)
			ok(grow(from[i], most[k]), "from %u in runs of %u",
			    (unsigned)from[i], most[k]);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		tile_path(paths[i].level, paths[i].n, path);
		ok(strcmp(path, paths[i].path) == 0, "%s", path);
	}
	free(leaf);
	return done();
}
