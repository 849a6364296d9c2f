/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/groups.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* Groups come and go with every event where each has a key of its own: so
 * many are kept for the next, whose keys have room in such steps. */
#define SPARE 1024
#define KEY_STEP 32u

struct groups {
	struct group **bucket;
	size_t size; /* a power of two */
	size_t keys; /* in buckets: in use, or held */
	size_t n, bytes;
	size_t held_bytes;
	struct groups_list all;
	struct groups_list *own; /* by correlation */
	int orders; /* of one correlation both would be the same */
	struct group **spare;	 /* likewise: what the next ones are made of */
	size_t nspare, ncorrelation;
};

static void *
zeroed(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (p == NULL)
		abort();
	return p;
}

void
groups_seed(struct groups_seed *s)
{
	*s = (struct groups_seed){ { 0 } };
	/* Without entropy at boot the seed is fixed: slower at worst. */
	(void)!getrandom(s->v, sizeof(s->v), GRND_NONBLOCK);
}

struct groups *
groups_new(size_t n)
{
	struct groups *g = zeroed(1, sizeof(*g));

	g->size = 64;
	g->bucket = zeroed(g->size, sizeof(struct group *));
	g->own = zeroed(n + 1, sizeof(*g->own));
	g->spare = zeroed(n + 1, sizeof(struct group *));
	g->ncorrelation = n;
	g->orders = n == 1 ? GROUPS_OWN : GROUPS_ORDERS;
	return g;
}

uint32_t
groups_hash(const struct groups_seed *s, uint32_t correlation, struct span key)
{
	uint64_t h = s->v[0] ^ correlation, word = 0;
	size_t i;

	for (i = 0; key.len - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&word, key.p + i, sizeof(word));
		h = (h ^ word) * (s->v[1] | 1);
		h ^= h >> 32;
	}
	if (i < key.len) {
		for (word = 0; i < key.len; i++)
			word = word << 8 | key.p[i];
		h = (h ^ word) * (s->v[1] | 1);
		h ^= h >> 32;
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

	for (o = 0; o < g->orders; o++) {
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

	for (o = 0; o < g->orders; o++) {
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

/* One with room for a key; its window may have memory left from before. */
static struct group *
make(struct groups *g, uint32_t correlation, size_t len)
{
	struct group *one = g->spare[correlation];
	struct window window;
	uint32_t room;

	if (one == NULL || one->room < len) {
		room = (uint32_t)(len + KEY_STEP) & ~(KEY_STEP - 1);
		one = zeroed(1, sizeof(*one) + room);
		one->room = room;
		return one;
	}
	g->spare[correlation] = one->chain;
	g->nspare--;
	window = one->window;
	room = one->room;
	memset(one, 0, sizeof(*one));
	one->window = window;
	one->room = room;
	return one;
}

struct group *
groups_hold(struct groups *g, uint32_t correlation, uint32_t h,
    struct span key)
{
	struct group *one = find(g, h, correlation, key);

	if (one != NULL) {
		one->holds++;
		return one;
	}
	if (g->keys == g->size)
		grow(g);
	one = make(g, correlation, key.len);
	one->correlation = correlation;
	one->hash = h;
	one->expected = one->used = INT64_MIN;
	one->len = (uint32_t)key.len;
	if (key.len > 0)
		memcpy(one->key, key.p, key.len);
	one->chain = g->bucket[h & (g->size - 1)];
	g->bucket[h & (g->size - 1)] = one;
	one->holds = 1;
	g->keys++;
	g->held_bytes += weight(one);
	return one;
}

bool
groups_use(struct groups *g, struct group *one, int64_t time)
{
	bool was = one->in_use;

	if (time > one->used)
		one->used = time;
	if (was && one == g->all.newest)
		return false; /* of its correlation, too */
	if (was)
		take_out(g, one);
	else {
		one->in_use = true;
		g->n++;
		g->bytes += weight(one);
		g->held_bytes -= weight(one);
	}
	put_in(g, one);
	return !was;
}

/* Neither in use nor held. */
static void
drop(struct groups *g, struct group *one)
{
	struct group **p = &g->bucket[one->hash & (g->size - 1)];

	while (*p != one)
		p = &(*p)->chain;
	*p = one->chain;
	g->keys--;
	g->held_bytes -= weight(one);
	if (g->nspare == SPARE) {
		window_fini(&one->window);
		free(one);
		return;
	}
	one->chain = g->spare[one->correlation];
	g->spare[one->correlation] = one;
	g->nspare++;
}

void
groups_release(struct groups *g, struct group *one)
{
	if (--one->holds == 0 && !one->in_use)
		drop(g, one);
}

void
groups_forget(struct groups *g, struct group *one)
{
	take_out(g, one);
	one->in_use = false;
	one->expected = one->used = INT64_MIN;
	one->expected_event = 0;
	g->n--;
	g->bytes -= weight(one);
	g->held_bytes += weight(one);
	if (one->holds == 0)
		drop(g, one);
}

struct group *
groups_oldest(const struct groups *g, uint32_t correlation)
{
	return correlation == UINT32_MAX || g->orders == GROUPS_OWN
	    ? g->all.oldest
	    : g->own[correlation].oldest;
}

void
groups_free(struct groups *g)
{
	struct group *one;
	size_t i;

	if (g == NULL)
		return;
	for (i = 0; i < g->ncorrelation; i++)
		while ((one = g->spare[i]) != NULL) {
			g->spare[i] = one->chain;
			window_fini(&one->window);
			free(one);
		}
	free(g->bucket);
	free(g->own);
	free(g->spare);
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

size_t
groups_held_bytes(const struct groups *g)
{
	return g->held_bytes;
}
