/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/reorder.h"

#include <stdlib.h>

void
reorder_fini(struct reorder *r)
{
	while (r->n > 0)
		free(r->v[--r->n]);
	free(r->v);
	*r = (struct reorder){ 0 };
}

static size_t
weight(const struct held *h)
{
	return sizeof(*h) + h->len + sizeof(h);
}

static bool
before(const struct held *a, const struct held *b)
{
	if (a->e.time != b->e.time)
		return a->e.time < b->e.time;
	if (a->e.event != b->e.event)
		return a->e.event < b->e.event;
	if (a->correlation != b->correlation)
		return a->correlation < b->correlation;
	return a->e.source < b->e.source;
}

void
reorder_put(struct reorder *r, uint32_t correlation,
    const struct window_event *e, struct span key)
{
	struct held *h = malloc(sizeof(*h) + key.len);
	size_t i, up;

	if (h == NULL)
		abort();
	h->e = *e;
	h->correlation = correlation;
	h->len = (uint32_t)key.len;
	if (key.len > 0)
		memcpy(h->key, key.p, key.len);
	if (r->n == r->cap) {
		r->cap = r->cap == 0 ? 64 : r->cap * 2;
		r->v = reallocarray(r->v, r->cap, sizeof(struct held *));
		if (r->v == NULL)
			abort();
	}
	for (i = r->n++; i > 0 && before(h, r->v[up = (i - 1) / 2]); i = up)
		r->v[i] = r->v[up];
	r->v[i] = h;
	r->bytes += weight(h);
}

const struct held *
reorder_first(const struct reorder *r)
{
	return r->n == 0 ? NULL : r->v[0];
}

struct held *
reorder_take(struct reorder *r)
{
	struct held *first, *h;
	size_t i, down;

	if (r->n == 0)
		return NULL;
	first = r->v[0];
	h = r->v[--r->n];
	for (i = 0; (down = 2 * i + 1) < r->n; i = down) {
		if (down + 1 < r->n && before(r->v[down + 1], r->v[down]))
			down++;
		if (!before(r->v[down], h))
			break;
		r->v[i] = r->v[down];
	}
	if (r->n > 0)
		r->v[i] = h;
	r->bytes -= weight(first);
	return first;
}
