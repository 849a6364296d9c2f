/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/connections.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/report/figure.h"
#include "analyzer/report/word.h"
#include "common/hex.h"
#include "common/utc.h"

struct connections {
	const struct report *r;
	int64_t from, until;
	struct visits *visits;
	struct visit *rows;
	const struct visit **by_record; /* the same, by their first record */
	size_t n;
	struct visits_count count;
};

struct connections *
connections_new(const struct report *r, int64_t from, int64_t until)
{
	struct connections *c = arena_alloc(r->arena, sizeof(*c));

	c->r = r;
	c->from = from;
	c->until = until;
	c->visits = visits_new(from, until);
	return c;
}

void
connections_event(struct connections *c, const struct event *e, int64_t at)
{
	(void)visits_add(c->visits, e, at);
}

void
connections_only_people(struct connections *c)
{
	visits_only(c->visits, 1u << VISIT_VPN | 1u << VISIT_ADMIN);
}

void
connections_past(struct connections *c, const struct past *p,
    const char *origin)
{
	struct visit_mark m;
	size_t i;

	for (i = 0; i < p->n_marks; i++) {
		m = p->marks[i];
		m.cite.origin = origin;
		(void)visits_mark(c->visits, &m);
	}
}

bool
connections_ended(const struct visit *v)
{
	return v->how == VISIT_SAID || v->how == VISIT_SUPERSEDED;
}

static bool
is_within(const struct connections *c, const struct visit *v)
{
	if (v->begin >= c->until)
		return false;
	return v->begin >= c->from || v->how == VISIT_OPEN ||
	    (connections_ended(v) && v->end >= c->from);
}

static int
record_order(const void *p, const void *q)
{
	const struct visit *a = *(const struct visit *const *)p;
	const struct visit *b = *(const struct visit *const *)q;

	return a->first.index < b->first.index
	    ? -1
	    : a->first.index > b->first.index;
}

static void
copy(struct connections *c, const struct visit *v)
{
	struct arena *a = c->r->arena;
	struct visit *row = &c->rows[c->n];

	*row = *v;
	row->device = arena_copy(a, v->device);
	row->user = arena_copy(a, v->user);
	row->source = arena_copy(a, v->source);
	row->tunnel = arena_copy(a, v->tunnel);
	c->by_record[c->n++] = row;
}

const struct visit *
connections_finish(struct connections *c, size_t *n)
{
	const struct visit *all;
	size_t i, n_all;

	all = visits_finish(c->visits, &n_all);
	for (i = 0; i < n_all; i++)
		c->n += is_within(c, &all[i]);
	c->rows = arena_alloc(c->r->arena, (c->n + 1) * sizeof(*c->rows));
	c->by_record =
	    arena_alloc(c->r->arena, (c->n + 1) * sizeof(*c->by_record));
	for (i = c->n = 0; i < n_all; i++)
		if (is_within(c, &all[i]))
			copy(c, &all[i]);
	if (c->n > 0)
		qsort(c->by_record, c->n, sizeof(*c->by_record), record_order);
	c->count = visits_count(c->visits);
	*n = c->n;
	return c->rows;
}

void
connections_close(struct connections *c)
{
	visits_free(c->visits);
	c->visits = NULL;
}

struct visits_count
connections_count(const struct connections *c)
{
	return c->count;
}

const struct visit *
connections_begun(const struct connections *c, const struct report_cite *cite)
{
	size_t lo = 0, hi = c->n, mid;

	while (lo < hi) {
		mid = (lo + hi) / 2;
		if (c->by_record[mid]->first.index < cite->index)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < c->n && c->by_record[lo]->first.index == cite->index; lo++)
		if (c->by_record[lo]->begun && cite->origin != NULL &&
		    strcmp(c->by_record[lo]->first.origin, cite->origin) == 0)
			return c->by_record[lo];
	return NULL;
}

const char *
connections_holder(const struct connections *c, struct span address, int64_t at)
{
	return figure_clip(c->r->arena, visits_holder(c->visits, address, at),
	    60);
}

bool
connections_is_of(const struct visit *v, const struct subject *subject)
{
	const struct subject_names names = { .user = v->user,
		.source = v->source,
		.traffic = true };

	return subject_has(subject, &names, v->begin) ||
	    subject_has(subject, &names, v->end);
}

struct report_cite
connections_cite(const struct visit_cite *c)
{
	struct report_cite cite = { .origin = c->origin, .index = c->index };

	hex_print(c->leaf, sizeof(c->leaf), cite.leaf);
	return cite;
}

const char *
connections_kind(const struct visit *v)
{
	switch (v->kind) {
	case VISIT_VPN:
		return word_of(WORD_LOGIN_VPN);
	case VISIT_ADMIN:
		return word_of(WORD_LOGIN_ADMIN);
	case VISIT_OTHER:
	case VISIT_KINDS:
		break;
	}
	return word_of(WORD_LOGIN_OTHER);
}

const char *
connections_when(const struct report *r, const struct visit *v)
{
	const char *begin = figure_short(r->arena, v->begin, r->zone);

	if (!v->begun && v->begin == v->end)
		return arena_printf(r->arena, tr("– %s", "～ %s"), begin);
	if (!connections_ended(v))
		return arena_printf(r->arena, tr("%s –", "%s ～"), begin);
	return figure_range(r->arena, v->begin, v->end, r->zone);
}

const char *
connections_length(const struct report *r, const struct visit *v)
{
	const char *length = figure_length(r->arena, v->end - v->begin);

	switch (v->how) {
	case VISIT_SAID:
		if (v->begun)
			return length;
		return v->begin == v->end
		    ? word_of(WORD_NO_BEGIN)
		    : arena_printf(r->arena, "%s %s", length,
			  word_of(WORD_NO_BEGIN_DURATION));
	case VISIT_SUPERSEDED:
		return arena_printf(r->arena, "%s %s", length,
		    word_of(WORD_SUPERSEDED));
	case VISIT_OPEN:
		return word_of(WORD_STILL_OPEN);
	case VISIT_UNKNOWN:
		break;
	}
	return word_of(WORD_NO_END);
}

/* Up to its end, or as far as it was told. */
static const char *
amount(const struct report *r, const struct visit *v, uint64_t n)
{
	return v->how == VISIT_SAID
	    ? figure_bytes(r->arena, n)
	    : arena_printf(r->arena, "%s%s", figure_bytes(r->arena, n),
		  word_of(WORD_SO_FAR));
}

const char *
connections_bytes(const struct report *r, const struct visit *v)
{
	return v->has_bytes
	    ? arena_printf(r->arena, "%s / %s", amount(r, v, v->sent),
		  amount(r, v, v->received))
	    : "";
}

const char *
connections_text(const struct report *r, const struct visit *v)
{
	const char *bytes = "";

	if (v->has_bytes)
		bytes = arena_printf(r->arena,
		    tr(", %s sent, %s received", "、送信 %s、受信 %s"),
		    amount(r, v, v->sent), amount(r, v, v->received));
	if (!connections_ended(v))
		return arena_printf(r->arena, "%s%s", connections_length(r, v),
		    bytes);
	return arena_printf(r->arena, tr("until %s, %s%s", "%s まで、%s%s"),
	    figure_short(r->arena, v->end, r->zone), connections_length(r, v),
	    bytes);
}
