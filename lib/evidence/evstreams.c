/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/evstreams.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS 4096u /* a power of two; chains of 16 when full */

struct evstreams {
	size_t n;
	struct evstream *last; /* of evstreams_get: records come in runs */
	struct evstream *bucket[BUCKETS];
};

struct evstreams *
evstreams_new(void)
{
	struct evstreams *t = calloc(1, sizeof(*t));

	if (t == NULL)
		abort();
	return t;
}

void
evstreams_clear(struct evstreams *t)
{
	struct evstream *s;

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
evstreams_free(struct evstreams *t)
{
	if (t == NULL)
		return;
	evstreams_clear(t);
	free(t);
}

size_t
evstreams_count(const struct evstreams *t)
{
	return t->n;
}

static struct evstream **
evstreams_find(struct evstreams *t, uint32_t number)
{
	struct evstream **s = &t->bucket[number & (BUCKETS - 1)];

	while (*s != NULL && (*s)->number != number)
		s = &(*s)->chain;
	return s;
}

struct evstream *
evstreams_get(struct evstreams *t, uint32_t number)
{
	if (t->last != NULL && t->last->number == number)
		return t->last;
	return t->last = *evstreams_find(t, number);
}

struct evstream *
evstreams_put(struct evstreams *t, uint32_t number)
{
	struct evstream **at = evstreams_find(t, number);

	if (*at != NULL)
		return *at;
	if (t->n == EVSTREAMS_MAX)
		return NULL;
	if ((*at = calloc(1, sizeof(**at))) == NULL)
		abort();
	(*at)->number = number;
	t->n++;
	return *at;
}

void
evstreams_remove(struct evstreams *t, uint32_t number)
{
	struct evstream **at = evstreams_find(t, number), *s = *at;

	if (s == NULL)
		return;
	*at = s->chain;
	free(s);
	t->n--;
	t->last = NULL;
}

void
evstreams_each(const struct evstreams *t,
    void (*each)(void *cookie, const struct evstream *s), void *cookie)
{
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct evstream *s = t->bucket[i]; s != NULL; s = s->chain)
			each(cookie, s);
}
