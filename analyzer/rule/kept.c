/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/kept.h"

#include <stdlib.h>

#define BUCKETS 65536u /* a power of two */

struct one {
	uint64_t number;
	int64_t time;
	struct one *chain, *newer;
	struct keep *event;
};

struct kept {
	struct one **bucket;
	struct one *oldest, *newest; /* as they came */
	size_t n, max;
};

struct kept *
kept_new(size_t max)
{
	struct kept *k = calloc(1, sizeof(*k));

	if (k == NULL ||
	    (k->bucket = calloc(BUCKETS, sizeof(struct one *))) == NULL)
		abort();
	k->max = max;
	return k;
}

static struct one **
place_of(const struct kept *k, uint64_t number)
{
	uint64_t h = number * UINT64_C(0x9e3779b97f4a7c15);
	struct one **p = &k->bucket[h >> 32 & (BUCKETS - 1)];

	while (*p != NULL && (*p)->number != number)
		p = &(*p)->chain;
	return p;
}

static void
drop(struct kept *k)
{
	struct one *o = k->oldest, **p = place_of(k, o->number);

	*p = o->chain;
	k->oldest = o->newer;
	if (k->oldest == NULL)
		k->newest = NULL;
	k->n--;
	keep_free(o->event);
	free(o);
}

void
kept_free(struct kept *k)
{
	if (k == NULL)
		return;
	while (k->n > 0)
		drop(k);
	free(k->bucket);
	free(k);
}

void
kept_put(struct kept *k, uint64_t number, const struct event *e,
    const char *origin, int64_t time)
{
	struct one **place = place_of(k, number), *o;

	if (*place != NULL)
		return;
	if (k->n == k->max) {
		drop(k); /* it may be the one that place is of */
		place = place_of(k, number);
	}
	if ((o = calloc(1, sizeof(*o))) == NULL)
		abort();
	o->number = number;
	o->time = time;
	o->event = keep_event(e, origin, time);
	*place = o;
	if (k->newest != NULL)
		k->newest->newer = o;
	else
		k->oldest = o;
	k->newest = o;
	k->n++;
}

const struct keep *
kept_find(const struct kept *k, uint64_t number)
{
	const struct one *o = *place_of(k, number);

	return o == NULL ? NULL : o->event;
}

/* What came after one that waits does so as well. */
void
kept_forget(struct kept *k, int64_t before)
{
	while (k->oldest != NULL && k->oldest->time < before)
		drop(k);
}

size_t
kept_count(const struct kept *k)
{
	return k->n;
}
