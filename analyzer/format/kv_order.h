/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_KV_ORDER_H
#define ANALYZER_FORMAT_KV_ORDER_H

#include "analyzer/format/kv.h"
#include "analyzer/format/names.h"

/*
 * Which key came behind which in the lines before.  A device writes its keys
 * in the same order again, so that the next one is compared with what it will
 * be, which is cheaper than to look for its end and then for its number.  At
 * most KV_ORDER_KEYS keys are remembered, wanted ones and others.
 */
#define KV_ORDER_KEYS 512
#define KV_ORDER_TEXT 32
/* The mask of no key: a bit beyond the length is never found. */
#define KV_ORDER_NOWHERE (UINT32_C(1) << 31)

struct kv_order;

/*
 * Its value is often what it was, too (the device's name, the kind of record):
 * then the whole pair is compared, and where the next one begins is known
 * without a look for the value's end.
 */
struct kv_order_key {
	/* And the byte behind it, then NUL. */
	_Alignas(16) uint8_t text[KV_ORDER_TEXT];
	/* A pair that stood there, up to the separator behind it. */
	_Alignas(16) uint8_t pair[KV_ORDER_TEXT];
	uint32_t mask;	    /* a bit for each byte of text */
	uint32_t pair_mask; /* of pair; 0: it is not worth a look */
	uint8_t len;	    /* of text */
	uint8_t npair;	    /* of pair */
	uint8_t from, n;    /* its value: where it begins, its bytes */
	uint8_t wait;	    /* lines until another look at its pair */
	uint32_t value;	    /* what the caller calls it */
	size_t at;	    /* its span among the caller's, in bytes */
	/* Those that likely come behind it, or one that stands nowhere. */
	struct kv_order_key *next[2];
};

struct kv_order *kv_order_new(void);
void kv_order_free(struct kv_order *o);

/* What stands before the first key of a line. */
struct kv_order_key *kv_order_start(struct kv_order *o);

/*
 * The key came behind last.  Return it, or last if it is none that can be
 * remembered.
 */
struct kv_order_key *kv_order_learn(struct kv_order *o,
    struct kv_order_key *last, struct span key, uint8_t pair, uint32_t value);

/*
 * That key's pair is this, with the separator behind it, and has that value;
 * to be told only where key->wait is 0.
 */
void kv_order_keep(struct kv_order_key *key, struct span pair,
    struct span value);

/* Whether the KV_ORDER_TEXT bytes from p on begin with the key's pair. */
static inline bool
kv_order_again(const struct kv_order_key *key, const uint8_t *p)
{
#ifdef __SSE2__
	const __m128i *pair = (const void *)key->pair;
	uint32_t same;

	if (key->pair_mask == 0)
		return false;
	same = (uint32_t)_mm_movemask_epi8(
		   _mm_cmpeq_epi8(find_load(p), pair[0])) |
	    (uint32_t)_mm_movemask_epi8(
		_mm_cmpeq_epi8(find_load(p + 16), pair[1]))
		<< 16;
	return (key->pair_mask & ~same) == 0;
#else
	return key->pair_mask != 0 && memcmp(p, key->pair, key->npair) == 0;
#endif
}

#ifdef __SSE2__
/* A bit for each of the first sixteen bytes from p on that the key has. */
static inline uint32_t
kv_order_same(const struct kv_order_key *key, const uint8_t *p)
{
	const __m128i *text = (const void *)key->text;

	return (uint32_t)_mm_movemask_epi8(
	    _mm_cmpeq_epi8(find_load(p), text[0]));
}
#endif

/* Whether the KV_ORDER_TEXT bytes from p on begin with that key. */
static inline bool
kv_order_here(const struct kv_order_key *key, const uint8_t *p)
{
#ifdef __SSE2__
	const __m128i *text = (const void *)key->text;
	uint32_t same = kv_order_same(key, p);

	if (key->len > 16)
		same |= (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(
			    find_load(p + 16), text[1]))
		    << 16;
	return (key->mask & ~same) == 0;
#else
	return key->mask != KV_ORDER_NOWHERE &&
	    memcmp(p, key->text, key->len) == 0;
#endif
}

/* The same of one with sixteen bytes at most; of others, no. */
static inline bool
kv_order_near(const struct kv_order_key *key, const uint8_t *p)
{
#ifdef __SSE2__
	return (kv_order_same(key, p) & key->mask) == key->mask;
#else
	return kv_order_here(key, p);
#endif
}

/* The likely key behind last that stands there, or NULL. */
static inline struct kv_order_key *
kv_order_at(const struct kv_order_key *last, const uint8_t *p)
{
	if (kv_order_here(last->next[0], p))
		return last->next[0];
	return kv_order_here(last->next[1], p) ? last->next[1] : NULL;
}

#endif
