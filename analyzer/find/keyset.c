/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/find/keyset.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS_MIN 4096u /* half of them at least stay free */
#define BITS_EACH 16u

static void
make(struct keyset *k, size_t slots)
{
	k->slots = slots;
	k->slot = calloc(slots, sizeof(*k->slot));
	if (k->slot == NULL)
		abort();
}

void
keyset_init(struct keyset *k)
{
	*k = (struct keyset){ .n = 0 };
	make(k, SLOTS_MIN);
}

void
keyset_fini(struct keyset *k)
{
	free(k->slot);
}

/* A block that had many keys is rare: its table is not kept. */
void
keyset_clear(struct keyset *k)
{
	if (k->slots > 8 * SLOTS_MIN) {
		free(k->slot);
		make(k, SLOTS_MIN);
	} else if (k->n > 0)
		memset(k->slot, 0, k->slots * sizeof(*k->slot));
	k->n = 0;
	k->full = false;
}

static void
put(struct keyset *k, uint64_t key)
{
	size_t i = (size_t)key & (k->slots - 1);

	for (; k->slot[i] != 0; i = (i + 1) & (k->slots - 1))
		if (k->slot[i] == key)
			return;
	k->slot[i] = key;
	k->n++;
}

static void
grow(struct keyset *k)
{
	uint64_t *old = k->slot;
	size_t i, n = k->slots;

	make(k, 2 * n);
	k->n = 0;
	for (i = 0; i < n; i++)
		if (old[i] != 0)
			put(k, old[i]);
	free(old);
}

void
keyset_add(struct keyset *k, uint64_t key)
{
	if (k->full)
		return;
	put(k, key);
	if (k->n > KEYSET_MAX)
		k->full = true;
	else if (2 * k->n > k->slots)
		grow(k);
}

/* Odd numbers that take eight different places from 32 bits. */
static const uint32_t salts[8] = { 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f,
	0x9e3779b1, 0x165667b1, 0xd3a2646d, 0xfd7046c5, 0xb55a4f09 };

static size_t
piece_of(uint64_t key, uint32_t n)
{
	return (size_t)((key >> 32) * n >> 32) * KEYSET_PIECE;
}

/* Byte and bit of the i-th of eight: each in four bytes of its own. */
static size_t
place(uint64_t key, unsigned i, uint8_t *bit)
{
	uint32_t at = (uint32_t)key * salts[i] >> 27;

	*bit = (uint8_t)(1u << at % 8);
	return 4 * i + at / 8;
}

uint32_t
keyset_print(const struct keyset *k, struct buf *out)
{
	uint32_t n = (uint32_t)((k->n * BITS_EACH + 255) / 256);
	uint8_t *filter, *p, bit;
	size_t i, at;

	if (k->full)
		return 0;
	n = n == 0 ? 1 : n;
	filter = buf_reserve(out, (size_t)n * KEYSET_PIECE);
	memset(filter, 0, (size_t)n * KEYSET_PIECE);
	for (i = 0; i < k->slots; i++) {
		if (k->slot[i] == 0)
			continue;
		p = filter + piece_of(k->slot[i], n);
		for (unsigned b = 0; b < 8; b++) {
			at = place(k->slot[i], b, &bit);
			p[at] |= bit;
		}
	}
	out->len += (size_t)n * KEYSET_PIECE;
	return n;
}

bool
keyset_has(const uint8_t *filter, uint32_t n, uint64_t key)
{
	const uint8_t *p = filter + piece_of(key, n);
	uint8_t bit;
	size_t at;

	for (unsigned b = 0; b < 8; b++) {
		at = place(key, b, &bit);
		if ((p[at] & bit) == 0)
			return false;
	}
	return true;
}
