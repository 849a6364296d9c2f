/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/format/load.h"

/* Below this many cases a look at each is as fast as the index. */
#define INDEX_MIN 8

static int
load_match(struct loader *ld, const struct yaml_node *n,
    const struct rule_pattern **out)
{
	const struct yaml_node *from, *pattern;
	uint16_t slot = ld->match_from;

	if (n->kind != YAML_MAP)
		return load_patterns(ld, n, slot, out);
	if (load_keys(ld, n, "from pattern") != 0)
		return -1;
	if ((from = yaml_get(n, "from")) != NULL &&
	    load_input(ld, from, from->text, &slot) != 0)
		return -1;
	if ((pattern = yaml_get(n, "pattern")) == NULL)
		return load_fail(ld, n,
		    tr("'pattern' is missing", "pattern がありません"));
	return load_patterns(ld, pattern, slot, out);
}

static int
load_case(struct loader *ld, const struct yaml_node *root,
    struct format_case *c)
{
	const struct yaml_node *n;

	if (load_keys(ld, root, "when match set fields cases next") != 0)
		return -1;
	c->line = root->line;
	if ((n = yaml_get(root, "when")) != NULL &&
	    load_when(ld, n, &c->when) != 0)
		return -1;
	if ((n = yaml_get(root, "match")) != NULL &&
	    load_match(ld, n, &c->match) != 0)
		return -1;
	if ((n = yaml_get(root, "cases")) != NULL &&
	    load_cases(ld, n, &c->cases) != 0)
		return -1;
	if ((n = yaml_get(root, "set")) != NULL &&
	    load_set(ld, n, &c->assign, &c->nassign) != 0)
		return -1;
	if ((n = yaml_get(root, "fields")) != NULL &&
	    load_fields(ld, n, &c->op, &c->nop) != 0)
		return -1;
	if ((n = yaml_get(root, "next")) != NULL &&
	    load_bool(ld, n, &c->next) != 0)
		return -1;
	return 0;
}

/* The values that a case wants of this input, or NULL if it takes any. */
static const struct test *
wants(const struct format_case *c, uint16_t slot)
{
	size_t i;

	if (c->when == NULL || c->when->otherwise != NULL)
		return NULL;
	for (i = 0; i < c->when->n; i++)
		if (c->when->test[i].slot == slot &&
		    c->when->test[i].how == TEST_IS && !c->when->test[i].negate)
			return &c->when->test[i];
	return NULL;
}

/* The cases that may apply when the input has this value (NULL: another). */
static const uint16_t *
chain(struct loader *ld, const struct case_list *l, const struct span *value)
{
	uint16_t *out = arena_alloc(ld->a, (l->n + 1) * sizeof(*out));
	size_t i, k, n = 0;

	for (i = 0; i < l->n; i++) {
		const struct test *t = wants(&l->c[i], l->by);

		for (k = 0; t != NULL && k < t->n; k++)
			if (value != NULL && span_eq(t->value[k], *value))
				break;
		if (t == NULL || k < t->n)
			out[n++] = (uint16_t)i;
	}
	out[n] = SLOT_NONE;
	return out;
}

/* Index the list by the input that its first case asks for. */
static void
index_cases(struct loader *ld, struct case_list *l)
{
	const struct cond *when = l->c[0].when;
	const uint16_t **chains;
	struct names_entry *e;
	size_t i, k, n = 0, total = 0;

	if (l->n < INDEX_MIN || when == NULL || when->n == 0)
		return;
	l->by = when->test[0].slot;
	for (i = 0; i < l->n; i++)
		if (wants(&l->c[i], l->by) != NULL)
			total += wants(&l->c[i], l->by)->n;
	if (total < INDEX_MIN || total > NAMES_MAX)
		return;
	e = arena_alloc(ld->a, total * sizeof(*e));
	chains = arena_alloc(ld->a, total * sizeof(*chains));
	for (i = 0; i < l->n; i++) {
		const struct test *t = wants(&l->c[i], l->by);

		for (k = 0; t != NULL && k < t->n; k++, n++) {
			e[n] = (struct names_entry){ t->value[k], (uint32_t)n };
			chains[n] = chain(ld, l, &t->value[k]);
		}
	}
	l->index = names_make(ld->a, e, n);
	l->chain = chains;
	l->rest = chain(ld, l, NULL);
}

int
load_cases(struct loader *ld, const struct yaml_node *n,
    const struct case_list **out)
{
	struct case_list *l = arena_alloc(ld->a, sizeof(*l));
	struct format_case *c;
	const struct yaml_node *i;

	if (n->kind != YAML_SEQ || n->n == 0 || n->n >= SLOT_NONE)
		return load_fail(ld, n,
		    tr("a list of cases is expected", "場合の並びが必要です"));
	l->n = n->n;
	l->c = c = arena_alloc(ld->a, n->n * sizeof(*c));
	for (i = n->first; i != NULL; i = i->next)
		if (load_case(ld, i, c++) != 0)
			return -1;
	index_cases(ld, l);
	*out = l;
	return 0;
}
