/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/cited.h"

#include <stdlib.h>
#include <string.h>

#include "common/wide.h"

#define BUCKETS CITED_MAX /* a power of two */
#define NONE UINT32_MAX

struct rests { /* of nevents events these are the first */
	size_t n;
	uint64_t of;
	uint64_t events[];
};

struct one {
	uint64_t number;
	struct finding_cite cite;
	struct rests *rests; /* or NULL: it is none of a correlation */
	uint32_t chain;
};

struct cited {
	struct one *v; /* a ring, once it is full */
	size_t n, cap, next;
	uint32_t *bucket; /* NULL before the first, as many rules have none */
};

struct cited *
cited_new(void)
{
	struct cited *c = calloc(1, sizeof(*c));

	if (c == NULL)
		abort();
	return c;
}

void
cited_free(struct cited *c)
{
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < c->n; i++)
		free(c->v[i].rests);
	wide_free(c->v, c->cap, sizeof(*c->v));
	free(c->bucket);
	free(c);
}

static uint32_t *
bucket_of(struct cited *c, uint64_t number)
{
	/* Numbers that follow each other lie side by side. */
	return &c->bucket[(number ^ number >> 40) & (BUCKETS - 1)];
}

static struct one *
find(const struct cited *c, uint64_t number)
{
	uint32_t i;

	if (c->bucket == NULL)
		return NULL;
	i = *bucket_of((struct cited *)(uintptr_t)c, number);
	while (i != NONE && c->v[i].number != number)
		i = c->v[i].chain;
	return i == NONE ? NULL : &c->v[i];
}

/* The oldest is no longer found. */
static void
forget(struct cited *c, uint32_t i)
{
	uint32_t *p = bucket_of(c, c->v[i].number);

	while (*p != i)
		p = &c->v[*p].chain;
	*p = c->v[i].chain;
	free(c->v[i].rests);
}

static void
reserve(struct cited *c)
{
	struct one *v;
	size_t cap;

	if (c->bucket == NULL) {
		c->bucket = reallocarray(NULL, BUCKETS, sizeof(*c->bucket));
		if (c->bucket == NULL)
			abort();
		memset(c->bucket, 0xff, BUCKETS * sizeof(*c->bucket));
	}
	if (c->n == CITED_MAX || c->n < c->cap)
		return;
	cap = c->cap == 0 ? 64 : c->cap * 2;
	v = wide_new(cap, sizeof(*v));
	if (c->n > 0)
		memcpy(v, c->v, c->n * sizeof(*v));
	wide_free(c->v, c->cap, sizeof(*v));
	c->v = v;
	c->cap = cap;
}

void
cited_put(struct cited *c, uint64_t number, const struct finding_cite *cite)
{
	uint32_t *bucket, at;

	if (find(c, number) != NULL)
		return;
	reserve(c);
	if (c->n < CITED_MAX)
		at = (uint32_t)c->n++;
	else {
		at = (uint32_t)c->next;
		c->next = (c->next + 1) % CITED_MAX;
		forget(c, at);
	}
	bucket = bucket_of(c, number);
	c->v[at] = (struct one){ .number = number,
		.cite = *cite,
		.chain = *bucket };
	*bucket = at;
}

void
cited_rests(struct cited *c, uint64_t number, const uint64_t *events, size_t n,
    uint64_t nevents)
{
	struct one *o = find(c, number);
	size_t had;

	if (o == NULL || n == 0)
		return;
	had = o->rests == NULL ? 0 : o->rests->n;
	o->rests = realloc(o->rests,
	    sizeof(*o->rests) + (had + n) * sizeof(*events));
	if (o->rests == NULL)
		abort();
	if (had == 0)
		o->rests->of = 0;
	memcpy(o->rests->events + had, events, n * sizeof(*events));
	o->rests->n = had + n;
	o->rests->of += nevents;
}

static int
compare(const struct finding_cite *a, const struct finding_cite *b)
{
	int c;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	if ((c = strcmp(a->origin, b->origin)) != 0)
		return c;
	return a->index < b->index ? -1 : a->index > b->index;
}

/* Its place by time; one that stands there already is not counted again. */
static void
take(struct cited_list *list, const struct finding_cite *cite)
{
	size_t i = list->n;
	int c = 1;

	while (i > 0 && (c = compare(cite, &list->v[i - 1])) < 0)
		i--;
	if (i > 0 && c == 0) {
		list->of--;
		return;
	}
	if (list->n == 0 || cite->index < list->index_first)
		list->index_first = cite->index;
	if (list->n == 0 || cite->index > list->index_last)
		list->index_last = cite->index;
	if (i == FINDING_CITES)
		return;
	if (list->n == FINDING_CITES)
		list->n--;
	memmove(list->v + i + 1, list->v + i, (list->n - i) * sizeof(*cite));
	list->v[i] = *cite;
	list->n++;
}

static void
add(const struct cited *c, uint64_t number, unsigned depth,
    struct cited_list *list)
{
	const struct one *o = find(c, number);
	const struct rests *r = o == NULL ? NULL : o->rests;
	size_t i;

	if (r == NULL || depth == 0) {
		list->of++;
		if (o != NULL)
			take(list, &o->cite);
		return;
	}
	list->of += r->of - r->n;
	for (i = 0; i < r->n; i++)
		add(c, r->events[i], r->events[i] == number ? 0 : depth - 1,
		    list);
}

void
cited_list(const struct cited *c, const uint64_t *events, size_t n,
    uint64_t nevents, struct cited_list *list)
{
	size_t i;

	list->of += nevents - n;
	for (i = 0; i < n; i++)
		add(c, events[i], CITED_DEPTH, list);
}

void
cited_join(struct cited_list *to, const struct cited_list *from)
{
	size_t i;

	to->of += from->of;
	for (i = 0; i < from->n; i++)
		take(to, &from->v[i]);
	if (from->n > 0 && from->index_first < to->index_first)
		to->index_first = from->index_first;
	if (from->n > 0 && from->index_last > to->index_last)
		to->index_last = from->index_last;
}
