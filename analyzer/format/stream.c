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

static bool
is_table(const struct stream *st, uint16_t format, const uint16_t *column,
    size_t n)
{
	return st->table == format + 1 && st->ncolumn == n &&
	    memcmp(st->column, column, n * sizeof(*column)) == 0;
}

static void
set_columns(struct stream *st, const uint16_t *column, size_t n)
{
	free(st->column);
	st->column = NULL;
	st->ncolumn = n;
	if (n == 0)
		return;
	if ((st->column = malloc(n * sizeof(*column))) == NULL)
		abort();
	memcpy(st->column, column, n * sizeof(*column));
}

void
streams_each(const struct streams *s,
    void (*each)(void *cookie, const struct stream *st), void *cookie)
{
	size_t i;

	for (i = 0; i <= s->mask; i++)
		if (s->slot[i].used)
			each(cookie, &s->slot[i]);
}

void
stream_table(struct stream *st, uint16_t format, const uint16_t *column,
    size_t n)
{
	if (is_table(st, format, column, n))
		return;
	set_columns(st, column, n);
	st->table = (uint16_t)(format + 1);
	st->version++;
}

void
stream_told(struct stream *st, enum text_encoding e)
{
	bool has = e != TEXT_UTF8;

	if (st->has_encoding == has && st->encoding == e)
		return;
	st->has_encoding = has;
	st->encoding = e;
	st->version++;
}

enum text_encoding
stream_heard(struct stream *st, enum text_encoding e)
{
	st->version += st->heard != e;
	return st->heard = e;
}

void
stream_copy(struct stream *to, const struct stream *from)
{
	uint16_t *column = to->column;

	*to = *from;
	to->column = column;
	set_columns(to, from->column, from->ncolumn);
}

void
stream_fini(struct stream *st)
{
	free(st->column);
}
