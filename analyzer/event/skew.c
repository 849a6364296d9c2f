/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/event/skew.h"

#include <stdlib.h>
#include <string.h>

bool
skew_tells(const struct event *e)
{
	if (e->clock == EVENT_CLOCK_NONE || e->received == 0)
		return false;
	return e->source == NULL ||
	    (!e->source->replay &&
		!span_is(e->source->transport, "import"));
}

void
skew_add(struct skew *s, int64_t received, int64_t device)
{
	s->last[s->next] = received - device;
	s->next = (s->next + 1) % SKEW_KEEP;
	if (s->n < SKEW_KEEP)
		s->n++;
	s->count++;
}

static int
compare(const void *pa, const void *pb)
{
	const int64_t *a = pa, *b = pb;

	return (*a > *b) - (*a < *b);
}

/* The middle of sorted values; of two it is the one between. */
static int64_t
middle(const int64_t *v, size_t n)
{
	int64_t a = v[(n - 1) / 2], b = v[n / 2];

	return a + (b - a) / 2;
}

bool
skew_estimate(const struct skew *s, struct skew_estimate *e)
{
	int64_t v[SKEW_KEEP];
	size_t i;

	if (s->n == 0)
		return false;
	memcpy(v, s->last, s->n * sizeof(v[0]));
	qsort(v, s->n, sizeof(v[0]), compare);
	e->low = v[0];
	e->high = v[s->n - 1];
	e->median = middle(v, s->n);
	for (i = 0; i < s->n; i++)
		v[i] = v[i] > e->median ? v[i] - e->median : e->median - v[i];
	qsort(v, s->n, sizeof(v[0]), compare);
	e->spread = middle(v, s->n);
	return true;
}
