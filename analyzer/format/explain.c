/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/explain.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/format/apply.h"
#include "analyzer/format/explain_left.h"
#include "analyzer/format/set.h"

const struct cond *
explain_holds(const struct line *l, const struct cond *c)
{
	struct cond one;

	for (; c != NULL; c = c->otherwise) {
		one = *c;
		one.otherwise = NULL;
		if (line_holds(l, &one))
			return c;
	}
	return NULL;
}

static bool
uses(const struct template *t, size_t n, uint16_t slot)
{
	size_t i, k;

	for (i = 0; i < n; i++)
		for (k = 0; k < t[i].n; k++)
			if (t[i].part[k].slot == slot)
				return true;
	return false;
}

static bool
times(const struct time_rule *r, uint16_t slot)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		if (r->from[i] == slot)
			return true;
	return r->zone == slot || r->epoch == slot;
}

static bool
asks(const struct cond *c, uint16_t slot)
{
	size_t i;

	for (i = 0; c != NULL && i < c->n; i++)
		if (c->test[i].slot == slot ||
		    (c->test[i].how == TEST_DIFFERS &&
			c->test[i].other == slot))
			return true;
	return false;
}

/* Whether a condition or one of its alternatives asks, held or not. */
static bool
asks_any(const struct cond *c, uint16_t slot)
{
	for (; c != NULL; c = c->otherwise)
		if (asks(c, slot))
			return true;
	return false;
}

static bool
steps_ask(const struct format *f, uint16_t slot)
{
	size_t i;

	for (i = 0; i < f->nstep; i++)
		if (asks_any(f->step[i].when, slot))
			return true;
	return false;
}

static bool
cuts(const struct format *f, uint16_t slot)
{
	size_t i;

	for (i = 0; i < f->nstep; i++)
		if (f->step[i].from == slot)
			return true;
	return false;
}

/* What the head's parts become by themselves: run_head() of apply.c. */
static bool
is_head_field(uint16_t slot)
{
	return slot == SLOT_SYSLOG_PRI || slot == SLOT_SYSLOG_HOST ||
	    slot == SLOT_SYSLOG_APP || slot == SLOT_SYSLOG_PID ||
	    slot == SLOT_SYSLOG_MSGID;
}

static unsigned
use_in_row(const struct explain *x, const struct trace_row *r, uint16_t slot)
{
	const struct op *op = r->what;
	const struct assign *set = r->what;
	const struct format_case *c = r->what;
	const struct rule_pattern *p = r->what;

	switch (r->kind) {
	case TRACE_FIELD:
		return (op->slot == slot && r->end <= TRACE_OTHER
			   ? EXPLAIN_FIELD
			   : 0) |
		    (asks_any(op->when, slot) ? EXPLAIN_ASKED : 0);
	case TRACE_SET:
		return uses(set->value, set->n, slot) ? EXPLAIN_FIELD : 0;
	case TRACE_TIME:
		return times(r->what, slot) ? EXPLAIN_TIME : 0;
	case TRACE_CASE:
		return asks(explain_holds(x->line, c->when), slot)
		    ? EXPLAIN_ASKED
		    : 0;
	case TRACE_MATCH:
		return p->from == slot ? EXPLAIN_CUT : 0;
	case TRACE_KEY:
		break;
	}
	return 0;
}

static unsigned
use_of(const struct explain *x, uint16_t slot)
{
	unsigned use = cuts(x->format, slot) ? EXPLAIN_CUT : 0;
	size_t i;

	if (is_head_field(slot))
		use |= EXPLAIN_FIELD;
	if (steps_ask(x->format, slot))
		use |= EXPLAIN_ASKED;
	for (i = 0; i < x->trace.n; i++)
		use |= use_in_row(x, &x->trace.row[i], slot);
	return use;
}

/* Where the value stands: as it lies in the text, or as a key's raw value. */
static void
place(struct explain *x, struct explain_piece *p)
{
	const struct trace *t = &x->trace;
	size_t i;

	p->placed = explain_at(t->text, p->value, &p->from);
	p->to = p->from + p->value.len;
	for (i = 0; !p->placed && i < t->n; i++) {
		if (t->row[i].kind != TRACE_KEY || t->row[i].slot != p->slot)
			continue;
		p->placed = explain_at(t->text, t->row[i].value, &p->from);
		p->to = p->from + t->row[i].value.len;
	}
	if (!p->placed)
		p->placed =
		    explain_escaped(t->text, p->value, &p->from, &p->to);
}

static void
add_piece(struct explain *x, struct explain_piece piece)
{
	if (x->npiece < EXPLAIN_PIECES)
		x->piece[x->npiece++] = piece;
	else
		x->more++;
}

static void
add_input(struct explain *x, uint16_t slot)
{
	struct explain_piece p = {
		.name = x->format->slot_name[slot],
		.value = x->line->in[slot],
		.slot = slot,
		.use = use_of(x, slot),
	};

	/* They are the whole; shown where somebody takes them as such. */
	if ((slot == SLOT_LINE || slot == SLOT_MESSAGE) &&
	    (p.use & (EXPLAIN_FIELD | EXPLAIN_TIME)) == 0)
		return;
	if (slot == SLOT_PEER && p.use == 0)
		return;
	place(x, &p);
	add_piece(x, p);
}

/* A key that nothing asks for; of several of one name each. */
static void
add_unknown(struct explain *x, const struct trace_row *r)
{
	struct explain_piece p = {
		.name = r->key,
		.value = r->value,
		.slot = SLOT_NONE,
	};

	if (r->value.len == 0)
		return;
	p.placed = explain_at(x->trace.text, r->value, &p.from);
	p.to = p.from + r->value.len;
	add_piece(x, p);
}

static int
by_place(const void *a, const void *b)
{
	const struct explain_piece *x = a, *y = b;

	if (x->placed != y->placed)
		return x->placed ? -1 : 1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->to > y->to ? -1 : x->to < y->to;
}

static void
fill_pieces(struct explain *x)
{
	size_t i;

	for (i = 0; i < x->line->nused; i++)
		add_input(x, x->line->used[i]);
	for (i = 0; i < x->trace.n; i++)
		if (x->trace.row[i].kind == TRACE_KEY &&
		    x->trace.row[i].slot == SLOT_NONE)
			add_unknown(x, &x->trace.row[i]);
	qsort(x->piece, x->npiece, sizeof(*x->piece), by_place);
}

void
explain_line(struct explain *x, struct formats *f, struct event *e,
    struct arena *a, const struct format_hints *hints)
{
	const struct format_set *set = formats_set(f);
	struct regex_match *m = regex_match_new();
	size_t i;

	memset(x, 0, sizeof(*x));
	x->line = formats_trace(f, &x->trace);
	x->event = e;
	(void)formats_apply(f, e, a, hints);
	(void)formats_trace(f, NULL);
	if (e->format != NULL && (i = set_find(set, e->format)) < set->n) {
		x->format = set->format[i];
		explain_fit(x->format, &x->trace.head, m, &x->by);
		if (x->line->f == x->format) { /* else a table's titles */
			fill_pieces(x);
			explain_left(x);
		}
	}
	x->more += x->trace.dropped;
	x->nnear = explain_nearest(set, x->format, &x->trace.head, x->near);
	regex_match_free(m);
}
