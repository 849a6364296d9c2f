/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/timeline_place.h"

#include <stdlib.h>
#include <string.h>

#include "common/buf.h"

void
timeline_place_count(struct timeline_place *p, const struct event *e,
    struct span device, struct arena *arena)
{
	struct span scope = event_get(e, ECS_SEQUENCE_SCOPE);
	struct buf b;

	if (scope.len == 0 ||
	    event_number(e, ECS_EVENT_SEQUENCE, &p->number) != 0)
		return;
	buf_init(&b);
	buf_span(&b, device);
	buf_byte(&b, '\n');
	buf_span(&b, event_get(e, ECS_OBSERVER_SERIAL));
	buf_byte(&b, '\n');
	buf_span(&b, scope);
	buf_byte(&b, '\n');
	buf_str(&b, e->format == NULL ? "" : e->format);
	p->counter = arena_copy(arena, buf_view(&b));
	buf_fini(&b);
}

static int
number_order(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* Rows of one time and counter are equal. */
static int
counter_order(const struct timeline_place *a, const struct timeline_place *b)
{
	size_t len =
	    a->counter.len < b->counter.len ? a->counter.len : b->counter.len;
	int c;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	c = memcmp(a->counter.p, b->counter.p, len);
	return c != 0 ? c : number_order(a->counter.len, b->counter.len);
}

static int
by_index(const void *p, const void *q)
{
	const struct timeline_place *a = *(struct timeline_place *const *)p;
	const struct timeline_place *b = *(struct timeline_place *const *)q;
	int c = counter_order(a, b);

	return c != 0 ? c : number_order(a->index, b->index);
}

static int
by_number(const void *p, const void *q)
{
	const struct timeline_place *a = *(struct timeline_place *const *)p;
	const struct timeline_place *b = *(struct timeline_place *const *)q;
	int c = counter_order(a, b);

	if (c == 0)
		c = number_order(a->number, b->number);
	return c != 0 ? c : number_order(a->index, b->index);
}

void
timeline_place_settle(struct timeline_place **v, size_t n)
{
	uint64_t *places = calloc(n + 1, sizeof(*places));
	size_t i, counted = 0;
	struct timeline_place *p;

	if (places == NULL)
		abort();
	for (i = 0; i < n; i++) {
		p = v[i];
		p->place = p->index;
		if (p->counter.len == 0)
			continue;
		v[i] = v[counted];
		v[counted++] = p;
	}
	if (counted > 0)
		qsort(v, counted, sizeof(*v), by_index);
	for (i = 0; i < counted; i++)
		places[i] = v[i]->index;
	if (counted > 0)
		qsort(v, counted, sizeof(*v), by_number);
	for (i = 0; i < counted; i++)
		v[i]->place = places[i];
	free(places);
}

int
timeline_place_order(const struct timeline_place *a,
    const struct timeline_place *b)
{
	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	return number_order(a->place, b->place);
}
