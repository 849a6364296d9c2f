/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/streams.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS 4096u /* a power of two; chains of 16 when full */

struct streams {
	size_t n;
	struct stream *last; /* of streams_get: records come in runs */
	struct stream *bucket[BUCKETS];
};

struct streams *
streams_new(void)
{
	struct streams *t = calloc(1, sizeof(*t));

	if (t == NULL)
		abort();
	return t;
}

void
streams_clear(struct streams *t)
{
	struct stream *s;

	for (size_t i = 0; i < BUCKETS; i++) {
		while ((s = t->bucket[i]) != NULL) {
			t->bucket[i] = s->chain;
			free(s);
		}
	}
	t->n = 0;
	t->last = NULL;
}

void
streams_free(struct streams *t)
{
	if (t == NULL)
		return;
	streams_clear(t);
	free(t);
}

size_t
streams_count(const struct streams *t)
{
	return t->n;
}

static struct stream **
streams_find(struct streams *t, uint32_t number)
{
	struct stream **s = &t->bucket[number & (BUCKETS - 1)];

	while (*s != NULL && (*s)->number != number)
		s = &(*s)->chain;
	return s;
}

struct stream *
streams_get(struct streams *t, uint32_t number)
{
	if (t->last != NULL && t->last->number == number)
		return t->last;
	return t->last = *streams_find(t, number);
}

struct stream *
streams_put(struct streams *t, uint32_t number)
{
	struct stream **at = streams_find(t, number);

	if (*at != NULL)
		return *at;
	if (t->n == STREAMS_MAX)
		return NULL;
	if ((*at = calloc(1, sizeof(**at))) == NULL)
		abort();
	(*at)->number = number;
	t->n++;
	return *at;
}

void
streams_remove(struct streams *t, uint32_t number)
{
	struct stream **at = streams_find(t, number), *s = *at;

	if (s == NULL)
		return;
	*at = s->chain;
	free(s);
	t->n--;
	t->last = NULL;
}

void
streams_each(const struct streams *t,
    void (*each)(void *cookie, const struct stream *s), void *cookie)
{
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct stream *s = t->bucket[i]; s != NULL; s = s->chain)
			each(cookie, s);
}
