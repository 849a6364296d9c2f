/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/reach.h"

#include <stdlib.h>
#include <string.h>

static void
add_kind(struct reach *r, struct span kind)
{
	size_t i;

	for (i = 0; i < r->nkind && !span_eq(r->kind[i], kind); i++)
		;
	if (i == r->nkind && i < REACH_VALUES && kind.len > 0)
		r->kind[r->nkind++] = kind;
}

/* The first of the constants; the file's own come before those of cases. */
static void
add_constant(struct reach *r, enum ecs field, struct span value)
{
	struct span *of = field == ECS_OBSERVER_VENDOR ? &r->vendor
	    : field == ECS_OBSERVER_PRODUCT	       ? &r->product
	    : field == ECS_OBSERVER_TYPE	       ? &r->type
						       : NULL;

	if (field == ECS_KIND)
		add_kind(r, value);
	else if (of != NULL && of->len == 0)
		*of = value;
}

static void
add_assigns(struct reach *r, const struct assign *a, size_t n)
{
	size_t i, k;

	for (i = 0; i < n; i++) {
		r->field[a[i].field] |= a[i].n > 0;
		for (k = 0; k < a[i].n; k++)
			if (a[i].value[k].n == 1 &&
			    a[i].value[k].part[0].slot == SLOT_NONE)
				add_constant(r, a[i].field,
				    a[i].value[k].part[0].text);
	}
}

static void
add_ops(struct reach *r, const struct op *op, size_t n)
{
	size_t i, k;

	for (i = 0; i < n; i++) {
		r->field[op[i].field] = true;
		if (op[i].has_other)
			r->field[op[i].other] = true;
		for (k = 0; op[i].field == ECS_KIND && op[i].map != NULL &&
		     k < op[i].map->n;
		     k++)
			add_kind(r, op[i].map->value[k]);
	}
}

static void
add_cases(struct reach *r, const struct case_list *list)
{
	size_t i;

	for (i = 0; list != NULL && i < list->n; i++) {
		const struct format_case *c = &list->c[i];

		add_assigns(r, c->assign, c->nassign);
		add_ops(r, c->op, c->nop);
		add_cases(r, c->cases);
	}
}

static int
by_text(const void *a, const void *b)
{
	const struct span *x = a, *y = b;
	size_t len = x->len < y->len ? x->len : y->len;
	int rc = memcmp(x->p, y->p, len);

	return rc != 0 ? rc : x->len > y->len ? 1 : -(x->len < y->len);
}

void
reach_of(const struct format *f, struct reach *r)
{
	memset(r, 0, sizeof(*r));
	add_assigns(r, f->assign, f->nassign);
	add_ops(r, f->op, f->nop);
	add_cases(r, f->cases);
	qsort(r->kind, r->nkind, sizeof(*r->kind), by_text);
}
