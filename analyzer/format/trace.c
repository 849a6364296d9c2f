/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/trace.h"

void
trace_line(struct trace *t, struct span text, const struct header *head,
    struct arena *a)
{
	t->a = a;
	t->text = text;
	t->head = *head;
	t->nfailure = 0;
	trace_begin(t);
}

void
trace_begin(struct trace *t)
{
	t->n = 0;
	t->dropped = 0;
	t->depth = 0;
}

static struct trace_row *
add(struct trace *t)
{
	static struct trace_row spare;
	struct trace_row *r = &spare;

	if (t->n < TRACE_ROWS)
		r = &t->row[t->n++];
	else
		t->dropped++;
	*r = (struct trace_row){ .depth = t->depth };
	return r;
}

void
trace_add(struct trace *t, enum trace_kind kind, const void *what,
    struct span value)
{
	struct trace_row *r = add(t);

	r->kind = kind;
	r->what = what;
	r->value = value;
	if (kind == TRACE_SET)
		r->field = ((const struct assign *)what)->field;
}

/* A path is made in the step and gone with it. */
void
trace_key(struct trace *t, const struct step *s, uint16_t slot, struct span key,
    struct span value)
{
	struct trace_row *r = add(t);

	r->kind = TRACE_KEY;
	r->what = s;
	r->slot = slot;
	r->value = value;
	r->key = key.p >= t->text.p && key.p < t->text.p + t->text.len
	    ? key
	    : arena_copy(t->a, key);
}

void
trace_failed(struct trace *t, const struct format *f, const struct step *step)
{
	size_t i;

	for (i = 0; i < t->nfailure; i++) /* the stream's own is tried twice */
		if (t->failure[i].format == f && t->failure[i].step == step)
			return;
	if (t->nfailure < TRACE_FAILURES)
		t->failure[t->nfailure++] = (struct trace_failure){ f, step };
}

void
trace_field(struct trace *t, const struct op *op, enum trace_end end,
    struct span value)
{
	struct trace_row *r = add(t);

	r->kind = TRACE_FIELD;
	r->what = op;
	r->end = end;
	r->field = end == TRACE_OTHER ? op->other : op->field;
	r->value = value;
}
