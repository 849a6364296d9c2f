/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/memo_tree.h"

static void *
take(struct memo *m, size_t len)
{
	if (m->a == NULL) /* some read nothing, and its pages are large */
		m->a = arena_new_lasting();
	m->bytes += len;
	return arena_alloc(m->a, len);
}

static const void *
copy(struct memo *m, const void *from, size_t len)
{
	void *to = take(m, len);

	if (len > 0)
		memcpy(to, from, len);
	return to;
}

static void
forget_all(struct memo *m)
{
	arena_reset(m->a);
	m->bytes = 0;
	memset(m->root, 0, MEMO_ROOTS * sizeof(*m->root));
}

void
memo_begin(struct memo *m, struct line *l, enum memo_stage stage)
{
	uint64_t hash = memo_hash(l, stage);
	struct root *r = memo_root(m, hash);
	struct memo_draft *d = &m->draft;

	if (m->bytes > MEMO_BYTES)
		forget_all(m);
	if (r->hash != hash || !memo_is_root(r, hash, l, stage)) {
		/* The second line is written down. */
		*r = (struct root){ .hash = hash,
			.n = (uint32_t)l->nused,
			.number = (uint16_t)l->f->number,
			.stage = (uint16_t)stage,
			.used = copy(m, l->used, l->nused * sizeof(*l->used)) };
		return;
	}
	if (r->made >= MADE_MAX && r->followed < r->made)
		return;
	d->root = r;
	d->line = l;
	d->varied = m->varied[l->f->number];
	d->full = false;
	d->nasked = d->ngiven = 0;
	l->draft = d;
}

static struct asked *
add_asked(struct memo_draft *d, enum node_kind kind, const void *what)
{
	struct asked *a = &d->asked[d->nasked];

	if (d->nasked == ASKED_MAX)
		d->full = true; /* the one behind the last is written over */
	else
		d->nasked++;
	*a = (struct asked){ .kind = (uint8_t)kind,
		.ngiven = d->ngiven,
		.what = what };
	return a;
}

/* The value of an input decides, if it is one of few. */
static bool
ask_value(struct memo_draft *d, const struct line *l, uint16_t slot)
{
	struct span v = l->in[slot];
	struct asked *a;
	uint16_t i;

	if (v.len > VALUE_MAX)
		d->varied[slot] = 1; /* so are others, or they vary */
	if (d->varied[slot])
		return false;
	for (i = 0; i < d->nasked; i++)
		if (d->asked[i].kind == NODE_VALUE && d->asked[i].slot == slot)
			return true;
	a = add_asked(d, NODE_VALUE, NULL);
	a->slot = slot;
	a->answer.bytes = v;
	return true;
}

void
memo_tested(struct memo_draft *d, const struct line *l, const struct test *t,
    bool holds)
{
	/* Which inputs have a value was said by the answers before. */
	if (t->how == TEST_PRESENT)
		return;
	if (t->how != TEST_DIFFERS &&
	    (l->in[t->slot].len == 0 || ask_value(d, l, t->slot)))
		return;
	add_asked(d, NODE_TEST, t)->answer.number = holds;
}

void
memo_chosen(struct memo_draft *d, const struct line *l,
    const struct case_list *list, uint32_t number)
{
	if (l->in[list->by].len == 0 || ask_value(d, l, list->by))
		return;
	add_asked(d, NODE_CASE, list)->answer.number = number;
}

/* Patterns all of which search in inputs that have no value. */
static bool
is_idle(const struct line *l, const struct rule_pattern *r)
{
	while (r != NULL && l->in[r->from].len == 0)
		r = r->next;
	return r == NULL;
}

void
memo_stepped(struct memo_draft *d, const struct line *l, size_t inputs,
    const struct step *s, bool ok)
{
	struct asked *a;

	if (l->nused == inputs && s->kind == STEP_PATTERN &&
	    is_idle(l, s->pattern))
		return;
	a = add_asked(d, NODE_STEP, s);
	a->answer.number = ok;
	a->answer.bytes = memo_inputs(l, inputs);
}

void
memo_matched(struct memo_draft *d, const struct line *l, size_t inputs,
    const struct rule_pattern *r, const struct rule_pattern *by)
{
	struct asked *a;

	if (l->nused == inputs && is_idle(l, r))
		return;
	a = add_asked(d, NODE_MATCH, r);
	a->answer.number = (uintptr_t)by;
	a->answer.bytes = memo_inputs(l, inputs);
}

static struct given *
add_given(struct memo_draft *d, enum ecs field, const struct span *value)
{
	struct given *g = &d->given[d->ngiven];

	if (d->ngiven == GIVEN_MAX - 1)
		d->full = true;
	else
		d->ngiven++;
	*g = (struct given){ .value = value, .field = field };
	return g;
}

void
memo_assigned(struct memo_draft *d, enum ecs field, const struct template *t)
{
	if (t->n != 1)
		add_given(d, field, NULL)->text = t;
	else if (t->part[0].slot == SLOT_NONE)
		(void)add_given(d, field, &t->part[0].text);
	else
		(void)add_given(d, field, &d->line->in[t->part[0].slot]);
}

static enum node_kind
kind_of(const struct op *op)
{
	if (op->map != NULL)
		return line_is_plain(op) ? NODE_MAP : NODE_OP;
	if (op->as != CONVERT_NONE)
		return NODE_OP;
	return op->type == ECS_T_NUMBER ? NODE_NUMBER
	    : op->type == ECS_T_IP	? NODE_IP
					: NODE_OP;
}

void
memo_converted(struct memo_draft *d, const struct op *op,
    enum memo_outcome outcome, enum ecs field)
{
	struct asked *a;

	if (op->map == NULL && line_is_plain(op)) {
		if (field != ECS_COUNT)
			(void)add_given(d, field, &d->line->in[op->slot]);
		return;
	}
	a = add_asked(d, kind_of(op), op);
	a->slot = op->slot;
	a->answer.number = outcome;
	a->field = field;
}

static struct node *
make_node(struct memo *m, const struct asked *a, const struct given *given,
    size_t ngiven)
{
	struct node *n = take(m, sizeof(*n) + ngiven * sizeof(*given));

	n->kind = a->kind;
	n->slot = a->slot;
	n->what = a->what;
	n->ngiven = (uint8_t)ngiven;
	memset(n->field, ECS_COUNT, sizeof(n->field));
	if (a->kind == NODE_MAP)
		n->mapped = take(m, sizeof(*n->mapped));
	if (ngiven > 0)
		memcpy(n->given, given, ngiven * sizeof(*given));
	return n;
}

static struct node **
make_edge(struct memo *m, struct node *n, const struct asked *a)
{
	struct edge *e = take(m, sizeof(*e));

	e->number = a->answer.number;
	e->len = a->answer.bytes.len;
	e->bytes = copy(m, a->answer.bytes.p, e->len);
	e->ends = memo_ends(a->answer.bytes);
	e->next = n->edge;
	n->edge = e;
	n->nedge++;
	return &e->to;
}

/* Where the answer leads, if it was given before; else NULL. */
static struct node *
follow(const struct node *n, const struct asked *a)
{
	const struct edge *e;

	if (memo_is_way((enum node_kind)n->kind))
		return n->to[a->answer.number];
	e = memo_edge(n, &a->answer);
	return e == NULL ? NULL : e->to;
}

/* Where to put what it leads to. */
static struct node **
lead(struct memo *m, struct node *n, const struct asked *a)
{
	if (!memo_is_way((enum node_kind)n->kind))
		return make_edge(m, n, a);
	n->field[a->answer.number] = (uint8_t)a->field;
	return &n->to[a->answer.number];
}

/* Whether the tree asks the same here: it does not since an input varies. */
static bool
is_same(const struct node *n, const struct asked *a)
{
	return n->kind == a->kind &&
	    (n->kind <= NODE_UNKNOWN ||
		(n->slot == a->slot && n->what == a->what));
}

/* An input of the format varies, so other things are asked from now on. */
static void
begin_anew(struct root *r)
{
	r->node = NULL;
	r->made = r->followed = 0;
}

/*
 * Put the way of the draft into the tree.  Return the input that has too many
 * values to be compared, or SLOT_NONE.
 */
static uint16_t
grow(struct memo *m, const struct memo_draft *d)
{
	struct node **to = &d->root->node, *n, *next;
	size_t i, from = 0;

	for (i = 0; i < d->nasked; i++) {
		const struct asked *a = &d->asked[i];

		if ((n = *to) == NULL)
			n = *to =
			    make_node(m, a, d->given + from, a->ngiven - from);
		else if (!is_same(n, a)) {
			begin_anew(d->root);
			return SLOT_NONE;
		}
		if (a->kind <= NODE_UNKNOWN)
			break;
		from = a->ngiven;
		if ((next = follow(n, a)) != NULL) {
			to = &next;
			continue;
		}
		if (a->kind == NODE_VALUE && n->nedge == VALUES_MAX)
			return a->slot;
		if (n->nedge == EDGES_MAX)
			return SLOT_NONE;
		to = lead(m, n, a);
	}
	return SLOT_NONE;
}

void
memo_end(struct memo *m, struct line *l, bool known)
{
	struct memo_draft *d = l->draft;
	struct asked *end;
	uint16_t slot;

	if (d == NULL)
		return;
	l->draft = NULL;
	d->root->made++;
	if (d->full || l->e->dropped > 0)
		return;
	end = &d->asked[d->nasked++];
	*end = (struct asked){ .kind = known ? NODE_KNOWN : NODE_UNKNOWN,
		.ngiven = d->ngiven,
		.what = known ? copy(m, l->at, sizeof(l->at)) : NULL };
	slot = grow(m, d);
	if (slot == SLOT_NONE) {
		m->made++;
		return;
	}
	m->varied[l->f->number][slot] = 1;
	begin_anew(d->root);
}
