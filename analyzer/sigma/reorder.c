/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/reorder.h"

#include <stdlib.h>

#define SOON 4 /* events */

void
reorder_fini(struct reorder *r)
{
	free(r->ring);
	free(r->heap);
	*r = (struct reorder){ 0 };
}

static bool
before(const struct held *a, const struct held *b)
{
	if (a->e.time != b->e.time)
		return a->e.time < b->e.time;
	if (a->e.event != b->e.event)
		return a->e.event < b->e.event;
	if (a->group->correlation != b->group->correlation)
		return a->group->correlation < b->group->correlation;
	return a->e.source < b->e.source;
}

static struct held *
ring_at(const struct reorder *r, size_t i)
{
	return &r->ring[(r->first + i) & (r->cap - 1)];
}

static void
ring_put(struct reorder *r, const struct held *h)
{
	struct held *v;
	size_t i, cap;

	if (r->nring == r->cap) {
		cap = r->cap == 0 ? 64 : r->cap * 2;
		if ((v = reallocarray(NULL, cap, sizeof(*v))) == NULL)
			abort();
		for (i = 0; i < r->nring; i++)
			v[i] = *ring_at(r, i);
		free(r->ring);
		r->ring = v;
		r->first = 0;
		r->cap = cap;
	}
	*ring_at(r, r->nring++) = *h;
}

static void
heap_put(struct reorder *r, const struct held *h)
{
	size_t i, up;

	if (r->nheap == r->capheap) {
		r->capheap = r->capheap == 0 ? 64 : r->capheap * 2;
		r->heap =
		    reallocarray(r->heap, r->capheap, sizeof(*r->heap));
		if (r->heap == NULL)
			abort();
	}
	for (i = r->nheap++;
	     i > 0 && before(h, &r->heap[up = (i - 1) / 2]); i = up)
		r->heap[i] = r->heap[up];
	r->heap[i] = *h;
}

void
reorder_put(struct reorder *r, const struct held *h)
{
	if (r->nring == 0 || !before(h, ring_at(r, r->nring - 1)))
		ring_put(r, h);
	else
		heap_put(r, h);
	r->n++;
}

const struct held *
reorder_first(const struct reorder *r)
{
	if (r->nring == 0)
		return r->nheap == 0 ? NULL : r->heap;
	return r->nheap > 0 && before(r->heap, ring_at(r, 0)) ? r->heap
							      : ring_at(r, 0);
}

static struct held
heap_take(struct reorder *r)
{
	struct held first = r->heap[0], *last = &r->heap[--r->nheap];
	size_t i, down;

	for (i = 0; (down = 2 * i + 1) < r->nheap; i = down) {
		if (down + 1 < r->nheap &&
		    before(&r->heap[down + 1], &r->heap[down]))
			down++;
		if (!before(&r->heap[down], last))
			break;
		r->heap[i] = r->heap[down];
	}
	r->heap[i] = *last;
	return first;
}

/* Groups of those that are taken soon come from memory meanwhile. */
static void
fetch(const struct reorder *r)
{
	if (r->nring > SOON)
		__builtin_prefetch(ring_at(r, SOON)->group, 1);
}

struct held
reorder_take(struct reorder *r)
{
	struct held h;

	fetch(r);
	if (r->nring > 0 && reorder_first(r) == ring_at(r, 0)) {
		h = *ring_at(r, 0);
		r->first = (r->first + 1) & (r->cap - 1);
		r->nring--;
	} else
		h = heap_take(r);
	r->n--;
	return h;
}
