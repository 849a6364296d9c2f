/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/seen.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/index.h"

struct key {
	struct seen_stretch one; /* nearly all keys have just one */
	struct seen_stretch *more;
	size_t n;
};

struct seen {
	struct index *index;
	struct key *v;
	size_t n, cap;
	int64_t forget;
};

struct seen *
seen_new(int64_t forget)
{
	struct seen *s = calloc(1, sizeof(*s));

	if (s == NULL)
		abort();
	s->index = index_new();
	s->forget = forget;
	return s;
}

void
seen_free(struct seen *s)
{
	size_t i;

	if (s == NULL)
		return;
	for (i = 0; i < s->n; i++)
		free(s->v[i].more);
	free(s->v);
	index_free(s->index);
	free(s);
}

static struct seen_stretch *
stretches(struct key *k)
{
	return k->more != NULL ? k->more : &k->one;
}

/* Make room for one more at position i. */
static void
insert(struct key *k, size_t i, int64_t time)
{
	struct seen_stretch *v = reallocarray(k->more, k->n + 1, sizeof(*v));

	if (v == NULL)
		abort();
	if (k->more == NULL)
		v[0] = k->one;
	k->more = v;
	memmove(v + i + 1, v + i, (k->n - i) * sizeof(*v));
	v[i] = (struct seen_stretch){ time, time };
	k->n++;
}

/* Stretch i has grown: join those that are now near enough. */
static void
join(struct seen *s, struct key *k, size_t i)
{
	struct seen_stretch *v = stretches(k);

	while (i + 1 < k->n && v[i + 1].first - v[i].last <= s->forget) {
		if (v[i + 1].last > v[i].last)
			v[i].last = v[i + 1].last;
		memmove(v + i + 1, v + i + 2, (k->n - i - 2) * sizeof(*v));
		k->n--;
	}
}

static void
note(struct seen *s, struct key *k, int64_t time)
{
	struct seen_stretch *v = stretches(k);
	size_t i = 0;

	while (i < k->n && v[i].last + s->forget < time)
		i++;
	if (i == k->n || time < v[i].first - s->forget) {
		insert(k, i, time);
		return;
	}
	if (time >= v[i].first && time <= v[i].last)
		return;
	if (time < v[i].first)
		v[i].first = time;
	else
		v[i].last = time;
	join(s, k, i);
}

uint32_t
seen_note(struct seen *s, struct span key, int64_t time)
{
	uint32_t i = index_get(s->index, key);

	if (i != INDEX_NONE) {
		note(s, &s->v[i], time);
		return i;
	}
	if (s->n == SEEN_KEYS)
		return INDEX_NONE;
	if (s->n == s->cap) {
		s->cap = s->cap == 0 ? 256 : s->cap * 2;
		s->v = reallocarray(s->v, s->cap, sizeof(*s->v));
		if (s->v == NULL)
			abort();
	}
	i = (uint32_t)s->n++;
	s->v[i] = (struct key){ { time, time }, NULL, 1 };
	*index_put(s->index, key) = i;
	return i;
}

uint32_t
seen_find(const struct seen *s, struct span key)
{
	return index_get(s->index, key);
}

size_t
seen_count(const struct seen *s)
{
	return s->n;
}

const struct seen_stretch *
seen_stretches(const struct seen *s, uint32_t key, size_t *n)
{
	*n = s->v[key].n;
	return stretches(&s->v[key]);
}

const struct seen_stretch *
seen_at(const struct seen *s, uint32_t key, int64_t time)
{
	size_t i, n;
	const struct seen_stretch *v = seen_stretches(s, key, &n);

	for (i = 0; i < n; i++)
		if (time >= v[i].first && time <= v[i].last)
			return &v[i];
	return NULL;
}
