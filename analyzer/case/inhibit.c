/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/inhibit.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/case/cover.h"
#include "analyzer/case/linking.h"

/*
 * A case may hold all that one busy account did in a year. So those who may
 * inhibit are listed once, by the start of their windows, and a finding looks
 * at those only whose windows can touch its own.
 */
struct inhibitor {
	int64_t from;
	size_t at; /* in the book */
};

struct inhibitors {
	struct inhibitor *v;
	size_t n;
	int64_t longest; /* of their windows */
};

static int
by_from(const void *a, const void *b)
{
	const struct inhibitor *p = a, *q = b;

	if (p->from != q->from)
		return p->from < q->from ? -1 : 1;
	return p->at < q->at ? -1 : p->at > q->at;
}

/* The patterns that findings of the case name, each once. */
static const char **
patterns(const struct casebook *book, const struct casebook_group *g,
    struct arena *arena, size_t *n)
{
	const struct casebook_finding *f;
	const char **v = NULL, **wider;
	size_t i, k, j, cap = 0;

	for (i = *n = 0; i < g->n_findings; i++) {
		f = &book->findings[g->findings[i]];
		for (k = 0; k < f->n_inhibited_by; k++) {
			for (j = 0; j < *n; j++)
				if (strcmp(v[j], f->inhibited_by[k]) == 0)
					break;
			if (j < *n)
				continue;
			if (*n == cap) {
				cap = cap * 2 + 8;
				wider = arena_alloc(arena, cap * sizeof(*v));
				if (*n > 0)
					memcpy(wider, v, *n * sizeof(*v));
				v = wider;
			}
			v[(*n)++] = f->inhibited_by[k];
		}
	}
	return v;
}

static struct inhibitors
gather(const struct casebook *book, const struct casebook_group *g,
    struct arena *arena)
{
	struct inhibitors in = { .longest = 0 };
	const struct casebook_finding *f;
	size_t i, k, n;
	const char **v = patterns(book, g, arena, &n);

	if (n == 0)
		return in;
	in.v = arena_alloc(arena, g->n_findings * sizeof(*in.v));
	for (i = 0; i < g->n_findings; i++) {
		f = &book->findings[g->findings[i]];
		for (k = 0; k < n && !cover_rule(v[k], f->rule); k++)
			;
		if (k == n || f->quiet != CASEBOOK_HEARD)
			continue;
		in.v[in.n++] = (struct inhibitor){ f->from, g->findings[i] };
		if (f->until - f->from > in.longest)
			in.longest = f->until - f->from;
	}
	if (in.n > 0)
		qsort(in.v, in.n, sizeof(*in.v), by_from);
	return in;
}

static bool
names(const struct casebook_finding *f, const char *rule)
{
	size_t i;

	for (i = 0; i < f->n_inhibited_by; i++)
		if (cover_rule(f->inhibited_by[i], rule))
			return true;
	return false;
}

/* The first of which the window may reach to that time. */
static size_t
first_at(const struct inhibitors *in, int64_t time)
{
	size_t lo = 0, hi = in->n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (in->v[mid].from + in->longest <= time)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* The first that says it already, or NULL. */
static const struct casebook_finding *
find(const struct casebook *book, const struct inhibitors *in,
    const struct casebook_finding *f)
{
	const struct casebook_finding *by;
	size_t i;

	for (i = first_at(in, f->from); i < in->n && in->v[i].from < f->until;
	     i++) {
		by = &book->findings[in->v[i].at];
		if (by != f && by->quiet == CASEBOOK_HEARD &&
		    by->severity >= f->severity && f->from < by->until &&
		    names(f, by->rule) && linking_shares(f, by))
			return by;
	}
	return NULL;
}

void
inhibit_case(struct casebook *book, const struct casebook_group *g,
    struct arena *arena)
{
	const struct inhibitors in = gather(book, g, arena);
	const struct casebook_finding *by;
	struct casebook_finding *f;
	size_t i;

	for (i = 0; in.n > 0 && i < g->n_findings; i++) {
		f = &book->findings[g->findings[i]];
		if (f->quiet != CASEBOOK_HEARD || f->n_inhibited_by == 0 ||
		    (by = find(book, &in, f)) == NULL)
			continue;
		f->quiet = CASEBOOK_INHIBITED;
		f->quiet_by = by->id;
	}
}
