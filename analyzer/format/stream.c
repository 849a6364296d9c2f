/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/stream.h"

#include <stdlib.h>
#include <string.h>

/* Open addressing; streams are few, but their numbers are not dense. */
struct streams {
	struct stream *slot;
	size_t mask, n;
};

static struct stream *
slots_new(size_t n)
{
	struct stream *s = calloc(n, sizeof(*s));

	if (s == NULL)
		abort();
	return s;
}

struct streams *
streams_new(void)
{
	struct streams *s = calloc(1, sizeof(*s));

	if (s == NULL)
		abort();
	s->slot = slots_new(64);
	s->mask = 63;
	return s;
}

void
streams_free(struct streams *s)
{
	size_t i;

	if (s == NULL)
		return;
	for (i = 0; i <= s->mask; i++)
		free(s->slot[i].column);
	free(s->slot);
	free(s);
}

static struct stream *
find(struct stream *slot, size_t mask, uint32_t id)
{
	size_t at = (id * 2654435761u) & mask;

	while (slot[at].used && slot[at].id != id)
		at = (at + 1) & mask;
	return &slot[at];
}

static void
grow(struct streams *s)
{
	size_t i, mask = s->mask * 2 + 1;
	struct stream *slot = slots_new(mask + 1);

	for (i = 0; i <= s->mask; i++)
		if (s->slot[i].used)
			*find(slot, mask, s->slot[i].id) = s->slot[i];
	free(s->slot);
	s->slot = slot;
	s->mask = mask;
}

struct stream *
streams_get(struct streams *s, uint32_t id)
{
	struct stream *st = find(s->slot, s->mask, id);

	if (st->used)
		return st;
	if (++s->n * 2 > s->mask) {
		grow(s);
		st = find(s->slot, s->mask, id);
	}
	st->used = true;
	st->id = id;
	return st;
}

void
stream_table(struct stream *st, uint16_t format, const uint16_t *column,
    size_t n)
{
	free(st->column);
	if ((st->column = malloc(n * sizeof(*column))) == NULL)
		abort();
	memcpy(st->column, column, n * sizeof(*column));
	st->ncolumn = n;
	st->table = (uint16_t)(format + 1);
}
