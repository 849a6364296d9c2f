/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/presence.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/index.h"
#include "analyzer/rule/grow.h"

struct note {
	int64_t time, from; /* from: of an end, when it had begun */
	struct address source;
	bool has_source;
};

struct notes { /* by time, then source */
	struct note *v;
	size_t n, cap;
};

struct account_notes {
	struct notes logins, ends;
};

struct presence {
	struct index *by_account;
	struct account_notes *v;
	size_t n, cap;
	size_t total;
	uint64_t forgotten;
};

struct presence *
presence_new(void)
{
	struct presence *p = calloc(1, sizeof(*p));

	if (p == NULL)
		abort();
	p->by_account = index_new();
	return p;
}

void
presence_free(struct presence *p)
{
	size_t i;

	if (p == NULL)
		return;
	for (i = 0; i < p->n; i++) {
		free(p->v[i].logins.v);
		free(p->v[i].ends.v);
	}
	free(p->v);
	index_free(p->by_account);
	free(p);
}

static struct account_notes *
account_put(struct presence *p, struct span account)
{
	uint32_t *slot = index_put(p->by_account, account);

	if (*slot == INDEX_NONE) {
		grow(&p->v, p->n, &p->cap, sizeof(*p->v));
		memset(&p->v[p->n], 0, sizeof(*p->v));
		*slot = (uint32_t)p->n++;
	}
	return &p->v[*slot];
}

static const struct account_notes *
account_get(const struct presence *p, struct span account)
{
	uint32_t i = index_get(p->by_account, account);

	return i == INDEX_NONE ? NULL : &p->v[i];
}

/* The first note behind a time. */
static size_t
behind(const struct notes *ns, int64_t time)
{
	size_t lo = 0, hi = ns->n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (ns->v[mid].time <= time)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* What comes by two paths is noted once. */
static bool
is_there(const struct notes *ns, size_t at, const struct note *n)
{
	for (; at > 0 && ns->v[at - 1].time == n->time; at--)
		if (ns->v[at - 1].from == n->from &&
		    ns->v[at - 1].has_source == n->has_source &&
		    address_eq(&ns->v[at - 1].source, &n->source))
			return true;
	return false;
}

static void
add(struct presence *p, struct notes *ns, const struct note *n)
{
	size_t i = behind(ns, n->time);

	if (is_there(ns, i, n))
		return;
	if (p->total == PRESENCE_NOTES) {
		p->forgotten++;
		return;
	}
	p->total++;
	while (i > 0 && ns->v[i - 1].time == n->time &&
	    memcmp(&ns->v[i - 1].source, &n->source, sizeof(n->source)) > 0)
		i--;
	grow(&ns->v, ns->n, &ns->cap, sizeof(*ns->v));
	memmove(ns->v + i + 1, ns->v + i, (ns->n - i) * sizeof(*ns->v));
	ns->n++;
	ns->v[i] = *n;
}

void
presence_login(struct presence *p, struct span account, int64_t time,
    const struct address *source)
{
	struct note n = { .time = time, .from = time };

	n.has_source = source != NULL;
	if (source != NULL)
		n.source = *source;
	add(p, &account_put(p, account)->logins, &n);
}

void
presence_end(struct presence *p, struct span account, int64_t time,
    int64_t duration)
{
	struct note n = { .time = time, .from = time - duration };

	add(p, &account_put(p, account)->ends, &n);
}

bool
presence_at(const struct presence *p, struct span account, int64_t time,
    int64_t unended)
{
	const struct account_notes *a = account_get(p, account);
	size_t i, login;

	if (a == NULL)
		return false;
	/* An end behind it that says when it began. */
	for (i = behind(&a->ends, time); i < a->ends.n; i++)
		if (a->ends.v[i].from <= time &&
		    a->ends.v[i].from < a->ends.v[i].time)
			return true;
	if ((login = behind(&a->logins, time)) == 0)
		return false;
	i = behind(&a->ends, a->logins.v[login - 1].time);
	if (i < a->ends.n && a->ends.v[i].time <= time)
		return false;
	/* One that began later is the end of another connection. */
	if (i < a->ends.n && a->ends.v[i].from == a->ends.v[i].time)
		return true;
	return time - a->logins.v[login - 1].time < unended;
}

const struct address *
presence_sources(const struct presence *p, struct span account, int64_t from,
    int64_t until, size_t *at)
{
	const struct account_notes *a = account_get(p, account);

	if (a == NULL)
		return NULL;
	if (*at == SIZE_MAX)
		*at = behind(&a->logins, until - 1);
	while (*at > 0 && a->logins.v[*at - 1].time >= from)
		if (a->logins.v[--*at].has_source)
			return &a->logins.v[*at].source;
	return NULL;
}

uint64_t
presence_forgotten(const struct presence *p)
{
	return p->forgotten;
}
