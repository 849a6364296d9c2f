/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/arrivals.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK 4096u /* records */
#define KEPT 16u    /* bytes of a leaf */

static const uint8_t none[KEPT];

void
arrivals_init(struct arrivals *a, uint64_t size)
{
	memset(a, 0, sizeof(*a));
	a->root_size = size;
	tree_range_init(&a->range, 0);
}

void
arrivals_fini(struct arrivals *a)
{
	size_t i;

	for (i = 0; i < a->n_blocks; i++)
		free(a->block[i]);
	free(a->block);
	memset(a, 0, sizeof(*a));
}

/* Where a leaf is kept; NULL: nowhere yet. */
static uint8_t *
find(const struct arrivals *a, uint64_t index)
{
	uint64_t at = index - a->base;

	if (!a->any || index < a->base || at / BLOCK >= a->n_blocks ||
	    a->block[at / BLOCK] == NULL)
		return NULL;
	return a->block[at / BLOCK][at % BLOCK];
}

static uint8_t *
make(struct arrivals *a, uint64_t index)
{
	size_t i, n;

	if (!a->any)
		a->base = index - index % BLOCK;
	a->any = true;
	if (index < a->base || index - a->base >= ARRIVALS_MAX)
		return NULL;
	i = (size_t)((index - a->base) / BLOCK);
	if (i >= a->n_blocks) {
		n = i + 1 > 2 * a->n_blocks ? i + 1 : 2 * a->n_blocks;
		a->block = realloc(a->block, n * sizeof(a->block[0]));
		if (a->block == NULL)
			abort();
		memset(a->block + a->n_blocks, 0,
		    (n - a->n_blocks) * sizeof(a->block[0]));
		a->n_blocks = n;
	}
	if (a->block[i] == NULL && (a->block[i] = calloc(BLOCK, KEPT)) == NULL)
		abort();
	return find(a, index);
}

static void
grow(struct arrivals *a, uint64_t index, const uint8_t leaf[SHA256_LEN])
{
	if (index != a->range.end)
		return;
	tree_range_append(&a->range, leaf);
	if (a->range.end == a->root_size)
		a->root_known = tree_range_root(&a->range, a->root) == 0;
}

enum arrival
arrivals_add(struct arrivals *a, uint64_t index, const uint8_t leaf[SHA256_LEN])
{
	bool begins = !a->any;
	uint8_t *kept = make(a, index);

	if (kept == NULL) {
		a->far++;
		return ARRIVAL_FAR;
	}
	if (memcmp(kept, none, KEPT) != 0) {
		if (memcmp(kept, leaf, KEPT) == 0) {
			a->again++;
			return ARRIVAL_AGAIN;
		}
		a->differ++;
		return ARRIVAL_DIFFERS;
	}
	memcpy(kept, leaf, KEPT);
	grow(a, index, leaf);
	a->n++;
	if (begins || index < a->first)
		a->first = index;
	if (begins || index > a->last)
		a->last = index;
	return ARRIVAL_NEW;
}

bool
arrivals_have(const struct arrivals *a, uint64_t index)
{
	const uint8_t *kept = find(a, index);

	return kept != NULL && memcmp(kept, none, KEPT) != 0;
}

bool
arrivals_same(const struct arrivals *a, uint64_t index,
    const uint8_t leaf[SHA256_LEN])
{
	const uint8_t *kept = find(a, index);

	return kept != NULL && memcmp(kept, leaf, KEPT) == 0;
}

bool
arrivals_hole(const struct arrivals *a, uint64_t *from, uint64_t *last)
{
	uint64_t i = *from > a->first ? *from : a->first;

	while (a->any && i < a->last && arrivals_have(a, i))
		i++;
	if (!a->any || i >= a->last)
		return false;
	*from = i;
	while (!arrivals_have(a, i + 1))
		i++;
	*last = i;
	return true;
}
