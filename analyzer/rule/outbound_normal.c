/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdlib.h>
#include <string.h>

#include "analyzer/rule/outbound_state.h"
#include "common/utc.h"

/*
 * A burst that is unusual is no reference for the hours after it, or an
 * attacker would teach the rule what is normal. A backup that was moved to
 * Tuesdays looks the same until somebody has said that it is normal; then its
 * hours count as any others.
 */
#define HOST "host="

static int
by_host(const void *a, const void *b)
{
	const struct outbound_stretch *x = a, *y = b;
	int order = strcmp(x->key, y->key);

	if (order != 0)
		return order;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->until < y->until ? -1 : x->until > y->until;
}

static void
forget(struct outbound_stretch *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		free(v[i].key);
	free(v);
}

static bool
is_among(const struct outbound_stretch *x, const struct outbound_stretch *v,
    size_t n)
{
	return n > 0 && bsearch(x, v, n, sizeof(*v), by_host) != NULL;
}

static bool
is_host(const struct volume_host *h, const char *key)
{
	return span_eq(h->key, span_str(key));
}

/* What is in the one list and not in the other: judge anew from there on. */
static void
judge_anew(struct outbound *o, const struct outbound_stretch *v, size_t n,
    const struct outbound_stretch *other, size_t n_other)
{
	struct volume_host *h;
	uint32_t k;
	size_t i;

	for (i = 0; i < n; i++) {
		if (is_among(&v[i], other, n_other))
			continue;
		for (k = 0; k < volume_hosts(o->volume); k++) {
			h = volume_host_at(o->volume, k);
			if (!is_host(h, v[i].key))
				continue;
			h->dirty = true;
			if (v[i].from < h->dirty_from)
				h->dirty_from = v[i].from;
		}
	}
}

void
outbound_accept(struct outbound *o, const struct normal *v, size_t n)
{
	struct outbound_stretch *s = calloc(n + 1, sizeof(*s));
	size_t i, k = 0;
	bool host;

	if (s == NULL)
		abort();
	for (i = 0; i < n; i++) {
		if (!outbound_is_rule(o, v[i].rule))
			continue;
		/* Else it is that of an interface. */
		host = strncmp(v[i].key, HOST, strlen(HOST)) == 0;
		s[k].key = strdup(v[i].key + (host ? strlen(HOST) : 0));
		if (s[k].key == NULL)
			abort();
		s[k].from = volume_hour_of(o->volume, v[i].from);
		s[k++].until =
		    volume_hour_of(o->volume, v[i].until + UTC_HOUR - 1);
	}
	qsort(s, k, sizeof(*s), by_host);
	judge_anew(o, s, k, o->normal, o->n_normal);
	judge_anew(o, o->normal, o->n_normal, s, k);
	forget(o->normal, o->n_normal);
	o->normal = s;
	o->n_normal = k;
}

void
outbound_normal_free(struct outbound *o)
{
	forget(o->normal, o->n_normal);
}

void
outbound_normal_of(struct outbound_judging *j)
{
	const struct outbound *o = j->o;
	size_t i, end;

	for (i = 0; i < o->n_normal && !is_host(j->h, o->normal[i].key); i++)
		;
	for (end = i; end < o->n_normal && is_host(j->h, o->normal[end].key);
	     end++)
		;
	j->normal = o->normal + i;
	j->n_normal = end - i;
}

bool
outbound_is_normal(const struct outbound_judging *j, int64_t from,
    int64_t until)
{
	size_t i;

	for (i = 0; i < j->n_normal; i++)
		if (j->normal[i].from < until && from < j->normal[i].until)
			return true;
	return false;
}
