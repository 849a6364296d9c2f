/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/hold.h"

#include <stdlib.h>
#include <string.h>

void
hold_init(struct hold *h, size_t *total)
{
	*h = (struct hold){ .total = total };
}

static bool
resize(struct hold *h, size_t cap)
{
	uint8_t *p;

	if (cap == h->cap)
		return true;
	p = realloc(h->p, cap);
	if (p == NULL)
		return false;
	*h->total += cap - h->cap;
	h->p = p;
	h->cap = cap;
	return true;
}

void
hold_forget(struct hold *h)
{
	*h->total -= h->cap;
	free(h->p);
	h->p = NULL;
	h->len = h->cap = 0;
}

bool
hold_keep(struct hold *h, struct span p)
{
	if (p.len == 0) {
		hold_forget(h);
		return true;
	}
	if (h->p != NULL && p.p >= h->p && p.p < h->p + h->len) {
		memmove(h->p, p.p, p.len);
		h->len = p.len;
		return p.len > HOLD_SMALL || resize(h, p.len);
	}
	h->len = 0;
	if (!resize(h, p.len))
		return false;
	memcpy(h->p, p.p, p.len);
	h->len = p.len;
	return true;
}

uint8_t *
hold_room(struct hold *h, uint8_t *scratch, size_t size, size_t *room)
{
	size_t cap = h->len + HOLD_GROW;

	if (h->len <= HOLD_SMALL) {
		if (h->len > 0)
			memcpy(scratch, h->p, h->len);
		*room = size - h->len;
		return scratch;
	}
	if (h->cap < cap)
		cap += h->len; /* double: few copies in all */
	if (h->cap < cap && !resize(h, cap))
		return NULL;
	*room = h->cap - h->len;
	return h->p;
}

struct span
hold_read(struct hold *h, uint8_t *p, size_t n)
{
	size_t len = h->len + n;

	if (p == h->p)
		h->len = len;
	return span_make(p, len);
}
