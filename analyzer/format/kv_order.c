/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/kv_order.h"

#include <stdlib.h>

#define SLOTS (KV_ORDER_KEYS * 2u) /* a power of two */

#define WAIT 31 /* lines: most values differ, and each look costs a little */

struct kv_order {
	uint32_t n;
	struct kv_order_key key[KV_ORDER_KEYS + 1];
	/* So that nobody has to ask whether there is a next. */
	struct kv_order_key nowhere;
	uint16_t slot[SLOTS]; /* numbers by the hash of the text; 0: none */
};

struct kv_order *
kv_order_new(void)
{
	struct kv_order *o = calloc(1, sizeof(*o));
	size_t i;

	if (o == NULL)
		abort();
	o->nowhere.mask = KV_ORDER_NOWHERE;
	o->nowhere.value = NAMES_NONE;
	o->nowhere.next[0] = o->nowhere.next[1] = &o->nowhere;
	for (i = 0; i <= KV_ORDER_KEYS; i++)
		o->key[i].next[0] = o->key[i].next[1] = &o->nowhere;
	return o;
}

void
kv_order_free(struct kv_order *o)
{
	free(o);
}

struct kv_order_key *
kv_order_start(struct kv_order *o)
{
	return o->key;
}

/* FNV-1a: once for each key and what follows it. */
static uint32_t
hash_of(struct span key, uint8_t pair)
{
	uint32_t h = 2166136261u ^ pair;
	size_t i;

	for (i = 0; i < key.len; i++)
		h = (h ^ key.p[i]) * 16777619u;
	return h ^ h >> 15;
}

/* The number of the key, a new one if there is room, or 0. */
static uint16_t
number_of(struct kv_order *o, struct span key, uint8_t pair, uint32_t value)
{
	uint32_t at = hash_of(key, pair) & (SLOTS - 1);
	struct kv_order_key *k;

	for (; o->slot[at] != 0; at = (at + 1) & (SLOTS - 1)) {
		k = &o->key[o->slot[at]];
		if (k->len == key.len + 1 && k->text[key.len] == pair &&
		    memcmp(k->text, key.p, key.len) == 0)
			return o->slot[at];
	}
	if (o->n == KV_ORDER_KEYS)
		return 0;
	o->slot[at] = (uint16_t)++o->n;
	k = &o->key[o->n];
	memcpy(k->text, key.p, key.len);
	k->text[key.len] = pair;
	k->len = (uint8_t)(key.len + 1);
	k->mask = (uint32_t)((UINT64_C(1) << k->len) - 1);
	k->value = value;
	k->at = value * sizeof(struct span);
	return o->slot[at];
}

struct kv_order_key *
kv_order_learn(struct kv_order *o, struct kv_order_key *last, struct span key,
    uint8_t pair, uint32_t value)
{
	uint16_t at;

	if (key.len == 0 || key.len >= KV_ORDER_TEXT ||
	    (at = number_of(o, key, pair, value)) == 0)
		return last;
	if (last->next[0] != &o->key[at]) {
		last->next[1] = last->next[0];
		last->next[0] = &o->key[at];
	}
	return &o->key[at];
}

/* Looked for only if it is what it was some lines before. */
void
kv_order_keep(struct kv_order_key *key, struct span pair, struct span value)
{
	key->wait = WAIT;
	key->pair_mask = 0;
	if (pair.len > KV_ORDER_TEXT)
		return;
	if (pair.len == key->npair &&
	    memcmp(key->pair, pair.p, pair.len) == 0) {
		key->pair_mask = (uint32_t)((UINT64_C(1) << pair.len) - 1);
		key->from = (uint8_t)(value.p - pair.p);
		key->n = (uint8_t)value.len;
		return;
	}
	memcpy(key->pair, pair.p, pair.len);
	key->npair = (uint8_t)pair.len;
}
