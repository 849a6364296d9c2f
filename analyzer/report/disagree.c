/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/disagree.h"

#include <stdlib.h>

#include "analyzer/report/figure.h"
#include "common/log.h"
#include "common/utc.h"

#define FAR UTC_MINUTE	/* a clock farther off is told of */
#define APART_PERCENT 5 /* amounts farther apart are told of */

struct clock {
	struct span device;
	uint64_t records, far, marked;
	int64_t worst; /* device minus received */
	struct report_cite cite;
};

struct disagree {
	const struct report *r;
	int64_t from, until;
	struct clock clocks[DISAGREE_CLOCKS];
	size_t n_clocks;
	uint64_t beyond;
	struct disagree_row rows[DISAGREE_ROWS];
	size_t n;
};

struct disagree *
disagree_new(const struct report *r, int64_t from, int64_t until)
{
	struct disagree *d = arena_alloc(r->arena, sizeof(*d));

	d->r = r;
	d->from = from;
	d->until = until;
	return d;
}

static struct clock *
clock_of(struct disagree *d, struct span device)
{
	size_t i;

	for (i = d->n_clocks; i-- > 0;)
		if (span_eq(d->clocks[i].device, device))
			return &d->clocks[i];
	if (d->n_clocks == DISAGREE_CLOCKS)
		return NULL;
	d->clocks[d->n_clocks].device = arena_copy(d->r->arena, device);
	return &d->clocks[d->n_clocks++];
}

static int64_t
distance(int64_t a)
{
	return a < 0 ? -a : a;
}

void
disagree_event(struct disagree *d, const struct event *e, int64_t at)
{
	struct span device = report_observer(e);
	struct clock *c;
	int64_t off;

	if (at < d->from || at >= d->until || e->source == NULL ||
	    e->source->replay || span_is(e->source->transport, "import") ||
	    e->clock == EVENT_CLOCK_NONE)
		return;
	if (device.len == 0)
		device = e->source->peer;
	c = clock_of(d, device);
	if (c == NULL) {
		d->beyond++;
		return;
	}
	off = e->time - e->received;
	c->records++;
	c->marked += (e->mark & (EVENT_MARK_UNSET | EVENT_MARK_UNSYNCED)) != 0;
	if (distance(off) <= FAR)
		return;
	if (c->far++ == 0 || distance(off) > distance(c->worst)) {
		c->worst = off;
		c->cite = report_cite_event(e);
	}
}

static struct disagree_row *
push(struct disagree *d)
{
	if (d->n == DISAGREE_ROWS) {
		d->beyond++;
		return NULL;
	}
	return &d->rows[d->n++];
}

static void
put_clock(struct disagree *d, const struct clock *c)
{
	struct arena *a = d->r->arena;
	struct disagree_row *row;

	if ((c->far == 0 && c->marked == 0) || (row = push(d)) == NULL)
		return;
	row->cites[0] = c->cite;
	if (c->far == 0)
		row->text = arena_printf(a,
		    tr("%s says of its own clock that it was not set or not "
		       "synchronised (%s records)",
			"%s は、自分の時計が未設定または未同期であると記録して"
			"います（%s件）"),
		    report_device_text(d->r, c->device),
		    figure_count(a, c->marked));
	else
		row->text = arena_printf(a,
		    tr("The clock of %s is up to %s %s the time of receipt (%s "
		       "of %s records are more than a minute off)",
			"%s の時計は受信時刻より最大%s%s（1分を超えるずれ："
			"%s件／%s件）"),
		    report_device_text(d->r, c->device),
		    figure_length(a, distance(c->worst)),
		    c->worst > 0 ? tr("ahead of", "進んでいます")
				 : tr("behind", "遅れています"),
		    figure_count(a, c->far), figure_count(a, c->records));
}

/* Of one host and destination: what one device told in all. */
static uint64_t
told(const struct outflow_total *t, size_t from, size_t end,
    struct span observer, const struct outflow_row **first)
{
	uint64_t sum = 0;
	size_t i;

	*first = NULL;
	for (i = from; i < end; i++)
		if (span_eq(t->rows[i].observer, observer)) {
			sum += t->rows[i].sent;
			if (*first == NULL)
				*first = &t->rows[i];
		}
	return sum;
}

static void
put_amounts(struct disagree *d, const struct outflow_total *t, size_t from,
    size_t end)
{
	const struct outflow_row *x = &t->rows[from], *a, *b;
	struct arena *arena = d->r->arena;
	struct disagree_row *row;
	uint64_t one, other;
	size_t i = from;

	while (i < end && span_eq(t->rows[i].observer, x->observer))
		i++;
	if (i == end)
		return;
	one = told(t, from, end, x->observer, &a);
	other = told(t, from, end, t->rows[i].observer, &b);
	if ((one > other ? one - other : other - one) * 100 <=
		(one > other ? one : other) * APART_PERCENT ||
	    (row = push(d)) == NULL)
		return;
	row->cites[0] = a->first;
	row->cites[1] = b->first;
	row->text = arena_printf(arena,
	    tr("What %s sent to %s: %s by the records of %s, %s by those of %s",
		"%s から %s への送信量：%s（%s の記録）と %s（%s "
		"の記録）で異なります"),
	    report_device_text(d->r, x->host),
	    figure_clip(arena, x->destination, 60), figure_bytes(arena, one),
	    report_device_text(d->r, a->observer), figure_bytes(arena, other),
	    report_device_text(d->r, b->observer));
}

const struct disagree_row *
disagree_finish(struct disagree *d, const struct outflow_total *t, size_t *n,
    uint64_t *beyond)
{
	size_t i, end;

	for (i = 0; i < d->n_clocks; i++)
		put_clock(d, &d->clocks[i]);
	for (i = 0; i < t->n; i = end) {
		for (end = i; end < t->n &&
		     span_eq(t->rows[end].host, t->rows[i].host) &&
		     span_eq(t->rows[end].destination, t->rows[i].destination);
		     end++)
			;
		put_amounts(d, t, i, end);
	}
	*n = d->n;
	*beyond = d->beyond;
	return d->rows;
}
