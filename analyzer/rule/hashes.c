/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/hashes.h"

#include <stdint.h>
#include <stdlib.h>

#define FIRST 1024 /* places at first */

/*
 * Open addressing with linear probing, three quarters full at most; 0: free.
 * It grows by half: twice the room would stand empty for most of the time.
 */
struct hashes {
	struct digest_seed seed;
	uint64_t *v;
	size_t size, n;
};

static uint64_t *
places(size_t n)
{
	uint64_t *v = calloc(n, sizeof(*v));

	if (v == NULL)
		abort();
	return v;
}

struct hashes *
hashes_new(void)
{
	struct hashes *h = calloc(1, sizeof(*h));

	if (h == NULL)
		abort();
	digest_seed(&h->seed);
	h->size = FIRST;
	h->v = places(h->size);
	return h;
}

void
hashes_free(struct hashes *h)
{
	if (h == NULL)
		return;
	free(h->v);
	free(h);
}

const struct digest_seed *
hashes_seed(const struct hashes *h)
{
	return &h->seed;
}

/* Where it is, or the free place where it would go. */
static uint64_t *
find(const struct hashes *h, uint64_t a)
{
	size_t i = (size_t)((a >> 32) * h->size >> 32);

	while (h->v[i] != 0 && h->v[i] != a)
		i = i + 1 == h->size ? 0 : i + 1;
	return &h->v[i];
}

static void
grow(struct hashes *h)
{
	struct hashes old = *h;
	size_t i;

	h->size += h->size / 2;
	h->v = places(h->size);
	for (i = 0; i < old.size; i++)
		if (old.v[i] != 0)
			*find(h, old.v[i]) = old.v[i];
	free(old.v);
}

bool
hashes_has(const struct hashes *h, const struct digest *d)
{
	return *find(h, d->a) != 0;
}

void
hashes_add(struct hashes *h, const struct digest *d)
{
	if (hashes_has(h, d))
		return;
	if (h->n + 1 > h->size / 4 * 3)
		grow(h);
	*find(h, d->a) = d->a;
	h->n++;
}

size_t
hashes_count(const struct hashes *h)
{
	return h->n;
}
