/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/index.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "common/arena.h"
#include "common/wide.h"

/* Open addressing with linear probing, at most three quarters full. */
struct slot {
	struct span key;
	uint32_t hash;
	uint32_t value;
};

struct index {
	struct arena *keys;
	struct slot *v;
	size_t size; /* a power of two */
	size_t n;
	uint64_t seed[2];
};

static inline uint64_t
mix(const struct index *x, uint64_t h, uint64_t word)
{
	h = (h ^ word) * (x->seed[1] | 1);
	return h ^ h >> 32;
}

static uint32_t
hash(const struct index *x, struct span key)
{
	uint64_t h = x->seed[0], word;
	size_t i;

	for (i = 0; key.len - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&word, key.p + i, sizeof(word));
		h = mix(x, h, word);
	}
	if (i < key.len) {
		for (word = 0; i < key.len; i++)
			word = word << 8 | key.p[i];
		h = mix(x, h, word);
	}
	h = (h ^ key.len) * UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(h >> 32);
}

static struct slot *
new_slots(size_t size)
{
	return wide_new(size, sizeof(struct slot));
}

static void
free_slots(struct slot *v, size_t size)
{
	wide_free(v, size, sizeof(*v));
}

struct index *
index_new(void)
{
	struct index *x = calloc(1, sizeof(*x));

	if (x == NULL)
		abort();
	/* Without entropy at boot the seed is fixed: slower at worst. */
	(void)!getrandom(x->seed, sizeof(x->seed), GRND_NONBLOCK);
	x->keys = arena_new();
	x->size = 64;
	x->v = new_slots(x->size);
	return x;
}

void
index_free(struct index *x)
{
	if (x == NULL)
		return;
	arena_free(x->keys);
	free_slots(x->v, x->size);
	free(x);
}

size_t
index_count(const struct index *x)
{
	return x->n;
}

/* The slot of a key, or the free one where it would go. */
static struct slot *
find(const struct index *x, struct span key, uint32_t h)
{
	size_t i;

	for (i = h & (x->size - 1);; i = (i + 1) & (x->size - 1)) {
		if (x->v[i].key.p == NULL)
			return &x->v[i];
		if (x->v[i].hash == h && span_same(x->v[i].key, key))
			return &x->v[i];
	}
}

uint32_t
index_get(const struct index *x, struct span key)
{
	const struct slot *s = find(x, key, hash(x, key));

	return s->key.p == NULL ? INDEX_NONE : s->value;
}

static void
grow(struct index *x)
{
	struct slot *old = x->v;
	size_t i, size = x->size;

	x->size *= 2;
	x->v = new_slots(x->size);
	for (i = 0; i < size; i++)
		if (old[i].key.p != NULL)
			*find(x, old[i].key, old[i].hash) = old[i];
	free_slots(old, size);
}

uint32_t *
index_put(struct index *x, struct span key)
{
	uint32_t h = hash(x, key);
	struct slot *s = find(x, key, h);

	if (s->key.p != NULL)
		return &s->value;
	if (x->n + 1 > x->size / 4 * 3) {
		grow(x);
		s = find(x, key, h);
	}
	x->n++;
	*s = (struct slot){ arena_copy(x->keys, key), h, INDEX_NONE };
	return &s->value;
}

struct span
index_key(const struct index *x, struct span key)
{
	return find(x, key, hash(x, key))->key;
}

void
index_remap(struct index *x, const uint32_t *now)
{
	struct arena *keys = x->keys;
	struct slot *old = x->v, *s;
	size_t i, size = x->size;

	x->keys = arena_new();
	x->v = new_slots(x->size);
	x->n = 0;
	for (i = 0; i < size; i++) {
		if (old[i].key.p == NULL || now[old[i].value] == INDEX_NONE)
			continue;
		s = find(x, old[i].key, old[i].hash);
		*s = (struct slot){ arena_copy(x->keys, old[i].key),
			old[i].hash, now[old[i].value] };
		x->n++;
	}
	free_slots(old, size);
	arena_free(keys);
}
