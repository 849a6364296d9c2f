/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "verify/live.h"

#include <stdlib.h>

static struct live_stream **
find(struct live *t, uint32_t number)
{
	struct live_stream **s = &t->bucket[number % LIVE_BUCKETS];

	while (*s != NULL && (*s)->number != number)
		s = &(*s)->chain;
	return s;
}

struct live_stream *
live_get(struct live *t, uint32_t number)
{
	return *find(t, number);
}

struct live_stream *
live_put(struct live *t, uint32_t number)
{
	struct live_stream **s = find(t, number);

	if (*s != NULL || t->n == LIVE_MAX)
		return *s;
	if ((*s = calloc(1, sizeof(**s))) == NULL)
		abort();
	(*s)->number = number;
	t->n++;
	return *s;
}

void
live_remove(struct live *t, uint32_t number)
{
	struct live_stream **at = find(t, number), *s = *at;

	if (s == NULL)
		return;
	*at = s->chain;
	free(s);
	t->n--;
}

void
live_clear(struct live *t)
{
	for (size_t i = 0; t->n > 0; i++)
		while (t->bucket[i] != NULL)
			live_remove(t, t->bucket[i]->number);
}
