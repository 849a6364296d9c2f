/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/groups.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct groups {
	struct group **bucket;
	size_t size; /* a power of two */
	size_t n, bytes;
	uint64_t seed[2];
	struct groups_list all;
	struct groups_list *own; /* by correlation */
};

static void *
zeroed(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (p == NULL)
		abort();
	return p;
}

struct groups *
groups_new(size_t n)
{
	struct groups *g = zeroed(1, sizeof(*g));

	/* Without entropy at boot the seed is fixed: slower at worst. */
	(void)!getrandom(g->seed, sizeof(g->seed), GRND_NONBLOCK);
	g->size = 64;
	g->bucket = zeroed(g->size, sizeof(struct group *));
	g->own = zeroed(n + 1, sizeof(*g->own));
	return g;
}

/* By what seed nobody outside knows: keys cannot be made to collide. */
static uint32_t
hash(const struct groups *g, uint32_t correlation, struct span key)
{
	uint64_t h = g->seed[0] ^ correlation, word = 0;
	size_t i;

	for (i = 0; i < key.len; i++) {
		word = word << 8 | key.p[i];
		if (i % 8 == 7 || i + 1 == key.len) {
			h = (h ^ word) * (g->seed[1] | 1);
			h ^= h >> 32;
			word = 0;
		}
	}
	h = (h ^ key.len) * UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(h >> 32);
}

static struct groups_list *
list_of(struct groups *g, enum groups_order o, const struct group *one)
{
	return o == GROUPS_ALL ? &g->all : &g->own[one->correlation];
}

static void
take_out(struct groups *g, struct group *one)
{
	int o;

	for (o = 0; o < GROUPS_ORDERS; o++) {
		struct groups_list *l = list_of(g, (enum groups_order)o, one);
		struct groups_link *k = &one->link[o];

		if (k->older != NULL)
			k->older->link[o].newer = k->newer;
		else
			l->oldest = k->newer;
		if (k->newer != NULL)
			k->newer->link[o].older = k->older;
		else
			l->newest = k->older;
	}
}

static void
put_in(struct groups *g, struct group *one)
{
	int o;

	for (o = 0; o < GROUPS_ORDERS; o++) {
		struct groups_list *l = list_of(g, (enum groups_order)o, one);
		struct groups_link *k = &one->link[o];

		k->older = l->newest;
		k->newer = NULL;
		if (k->older != NULL)
			k->older->link[o].newer = one;
		else
			l->oldest = one;
		l->newest = one;
	}
}

static void
grow(struct groups *g)
{
	struct group *one, *next, **old = g->bucket;
	size_t i, size = g->size;

	g->size *= 2;
	g->bucket = zeroed(g->size, sizeof(struct group *));
	for (i = 0; i < size; i++)
		for (one = old[i]; one != NULL; one = next) {
			struct group **b =
			    &g->bucket[one->hash & (g->size - 1)];

			next = one->chain;
			one->chain = *b;
			*b = one;
		}
	free(old);
}

static size_t
weight(const struct group *one)
{
	return sizeof(*one) + one->len + sizeof(struct group *);
}

static struct group *
find(const struct groups *g, uint32_t h, uint32_t correlation, struct span key)
{
	struct group *one = g->bucket[h & (g->size - 1)];

	for (; one != NULL; one = one->chain)
		if (one->hash == h && one->correlation == correlation &&
		    span_eq(span_make(one->key, one->len), key))
			break;
	return one;
}

struct group *
groups_use(struct groups *g, uint32_t correlation, struct span key,
    int64_t time)
{
	uint32_t h = hash(g, correlation, key);
	struct group *one = find(g, h, correlation, key);

	if (one != NULL)
		take_out(g, one);
	else {
		if (g->n == g->size)
			grow(g);
		one = zeroed(1, sizeof(*one) + key.len);
		one->correlation = correlation;
		one->hash = h;
		one->expected = one->used = INT64_MIN;
		one->len = (uint32_t)key.len;
		if (key.len > 0)
			memcpy(one->key, key.p, key.len);
		one->chain = g->bucket[h & (g->size - 1)];
		g->bucket[h & (g->size - 1)] = one;
		g->n++;
		g->bytes += weight(one);
	}
	if (time > one->used)
		one->used = time;
	put_in(g, one);
	return one;
}

void
groups_forget(struct groups *g, struct group *one)
{
	struct group **p = &g->bucket[one->hash & (g->size - 1)];

	while (*p != one)
		p = &(*p)->chain;
	*p = one->chain;
	take_out(g, one);
	g->n--;
	g->bytes -= weight(one);
	window_fini(&one->window);
	free(one);
}

struct group *
groups_oldest(const struct groups *g, uint32_t correlation)
{
	return correlation == UINT32_MAX ? g->all.oldest
					 : g->own[correlation].oldest;
}

void
groups_free(struct groups *g)
{
	if (g == NULL)
		return;
	while (g->all.oldest != NULL)
		groups_forget(g, g->all.oldest);
	free(g->bucket);
	free(g->own);
	free(g);
}

size_t
groups_count(const struct groups *g)
{
	return g->n;
}

size_t *
groups_bytes(struct groups *g)
{
	return &g->bytes;
}
