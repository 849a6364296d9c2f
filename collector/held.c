/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/held.h"

#include <stdlib.h>
#include <string.h>

static bool
resize(struct held *h, size_t cap)
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
held_forget(struct held *h)
{
	*h->total -= h->cap;
	free(h->p);
	h->p = NULL;
	h->len = h->cap = 0;
	claim_set(&h->claim, 0);
}

static bool
keep(struct held *h, struct span p)
{
	if (h->p != NULL && p.p >= h->p && p.p < h->p + h->len) {
		memmove(h->p, p.p, p.len);
		h->len = p.len;
		return p.len > HELD_SMALL || resize(h, p.len);
	}
	h->len = 0;
	if (!resize(h, p.len))
		return false;
	memcpy(h->p, p.p, p.len);
	h->len = p.len;
	return true;
}

bool
held_keep(struct held *h, struct span p)
{
	if (p.len == 0) {
		held_forget(h);
		return true;
	}
	if (!keep(h, p))
		return false;
	claim_set(&h->claim, h->len);
	return true;
}

void
held_unread(struct held *h)
{
	claim_set(&h->claim, h->len);
}

static uint8_t *
find_room(struct held *h, uint8_t *scratch, size_t *room)
{
	size_t cap = h->len + HELD_GROW;

	if (h->len <= HELD_SMALL) {
		if (h->len > 0)
			memcpy(scratch, h->p, h->len);
		*room -= h->len;
		return scratch;
	}
	/* Twice as much at a time: few copies in all. */
	if (h->cap < cap && !resize(h, cap + h->len))
		return NULL;
	*room = h->cap - h->len;
	return h->p;
}

uint8_t *
held_room(struct held *h, uint8_t *scratch, size_t *room)
{
	uint8_t *p = find_room(h, scratch, room);

	if (p != NULL)
		claim_set(&h->claim, h->len + *room);
	return p;
}

uint64_t
held_waits(struct held *h, uint64_t pos, uint64_t now)
{
	bool known = h->len > 0 && h->since != 0 && h->pos == pos;

	if (!known || now < h->since) {
		h->since = h->len > 0 ? now : 0;
		h->pos = pos;
	}
	return h->since == 0 ? 0 : now - h->since;
}
