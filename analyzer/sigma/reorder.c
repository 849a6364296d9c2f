/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/reorder.h"

#include <stdlib.h>
#include <string.h>

void
reorder_fini(struct reorder *r)
{
	struct held *h;

	while ((h = reorder_take(r)) != NULL)
		free(h);
	free(r->line);
	free(r->heap);
	*r = (struct reorder){ 0 };
}

static size_t
weight(const struct held *h)
{
	return sizeof(*h) + h->len + sizeof(h);
}

static bool
before(const struct reorder_at *a, const struct reorder_at *b)
{
	if (a->time != b->time)
		return a->time < b->time;
	if (a->event != b->event)
		return a->event < b->event;
	if (a->h->correlation != b->h->correlation)
		return a->h->correlation < b->h->correlation;
	return a->h->e.source < b->h->e.source;
}

/* ---- in line ---- */

static struct reorder_at *
line_at(const struct reorder *r, size_t i)
{
	return &r->line[(r->first + i) & (r->cap_line - 1)];
}

static void
line_grow(struct reorder *r)
{
	size_t cap = r->cap_line == 0 ? 64 : r->cap_line * 2, i;
	struct reorder_at *v = reallocarray(NULL, cap, sizeof(*v));

	if (v == NULL)
		abort();
	for (i = 0; i < r->n_line; i++)
		v[i] = *line_at(r, i);
	free(r->line);
	r->line = v;
	r->first = 0;
	r->cap_line = cap;
}

static void
line_put(struct reorder *r, const struct reorder_at *at)
{
	if (r->n_line == r->cap_line)
		line_grow(r);
	*line_at(r, r->n_line++) = *at;
}

/* ---- in the heap ---- */

static void
heap_put(struct reorder *r, const struct reorder_at *at)
{
	size_t i, up;

	if (r->n_heap == r->cap_heap) {
		r->cap_heap = r->cap_heap == 0 ? 64 : r->cap_heap * 2;
		r->heap = reallocarray(r->heap, r->cap_heap, sizeof(*r->heap));
		if (r->heap == NULL)
			abort();
	}
	for (i = r->n_heap++;
	     i > 0 && before(at, &r->heap[up = (i - 1) / 2]); i = up)
		r->heap[i] = r->heap[up];
	r->heap[i] = *at;
}

static struct held *
heap_take(struct reorder *r)
{
	struct held *first = r->heap[0].h;
	struct reorder_at last = r->heap[--r->n_heap];
	size_t i, down;

	for (i = 0; (down = 2 * i + 1) < r->n_heap; i = down) {
		if (down + 1 < r->n_heap &&
		    before(&r->heap[down + 1], &r->heap[down]))
			down++;
		if (!before(&r->heap[down], &last))
			break;
		r->heap[i] = r->heap[down];
	}
	r->heap[i] = last;
	return first;
}

/* ---- both ---- */

void
reorder_put(struct reorder *r, uint32_t correlation,
    const struct window_event *e, struct span key)
{
	struct held *h = malloc(sizeof(*h) + key.len);
	struct reorder_at at = { e->time, e->event, h };

	if (h == NULL)
		abort();
	h->e = *e;
	h->correlation = correlation;
	h->len = (uint32_t)key.len;
	if (key.len > 0)
		memcpy(h->key, key.p, key.len);
	if (r->n_line == 0 || !before(&at, line_at(r, r->n_line - 1)))
		line_put(r, &at);
	else
		heap_put(r, &at);
	r->bytes += weight(h);
}

/* Whether the first one stands in the line; one of both is there. */
static bool
is_in_line(const struct reorder *r)
{
	return r->n_heap == 0 ||
	    (r->n_line > 0 && before(line_at(r, 0), &r->heap[0]));
}

const struct held *
reorder_first(const struct reorder *r)
{
	if (r->n_line + r->n_heap == 0)
		return NULL;
	return is_in_line(r) ? line_at(r, 0)->h : r->heap[0].h;
}

struct held *
reorder_take(struct reorder *r)
{
	struct held *h;

	if (r->n_line + r->n_heap == 0)
		return NULL;
	if (is_in_line(r)) {
		h = line_at(r, 0)->h;
		r->first = (r->first + 1) & (r->cap_line - 1);
		r->n_line--;
	} else
		h = heap_take(r);
	r->bytes -= weight(h);
	return h;
}
