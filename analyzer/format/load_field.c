/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/format/load.h"

/* when: conditions on inputs. */

static int
load_present(struct loader *ld, const struct yaml_node *n, struct test *t)
{
	bool present;

	t->how = TEST_PRESENT;
	if (load_bool(ld, n, &present) != 0)
		return -1;
	t->negate = !present;
	return 0;
}

static int
load_values(struct loader *ld, const struct yaml_node *n, struct test *t)
{
	size_t i;

	if (load_texts(ld, n, &t->value, &t->n) != 0)
		return -1;
	for (i = 0; i < t->n; i++)
		t->empty |= t->value[i].len == 0;
	return 0;
}

static int
load_how(struct loader *ld, const struct yaml_node *n, struct test *t)
{
	static const char *const hows[] = { "is", "starts", "ends", "contains",
		"present", "differs", "not" };
	size_t i;

	for (i = 0; i < 7 && !span_is(n->key, hows[i]); i++)
		;
	if (i == TEST_PRESENT)
		return load_present(ld, n, t);
	t->how = (uint8_t)i;
	if (i == TEST_DIFFERS)
		return load_input(ld, n, n->text, &t->other);
	if (i == 7)
		return load_fail(ld, n,
		    tr("is, not, starts, ends, contains, "
		       "differs or present is expected",
			"is, not, starts, ends, "
			"contains, differs, present のどれかが必要です"));
	if (i == 6)
		t->how = TEST_IS;
	t->negate = i == 6;
	return load_values(ld, n, t);
}

/* The tests of one map; an input with two conditions makes two tests. */
static int
load_tests(struct loader *ld, const struct yaml_node *n, struct cond *c)
{
	const struct yaml_node *in, *how;
	struct test *t;
	size_t n_tests = 0;
	uint16_t slot;

	if (n->kind != YAML_MAP)
		return load_fail(ld, n,
		    tr("conditions are expected: input: "
		       "value",
			"条件（入力: 値）が必要です"));
	for (in = n->first; in != NULL; in = in->next)
		n_tests += in->kind == YAML_MAP ? in->n : 1;
	c->test = t = arena_alloc(ld->a, (n_tests + 1) * sizeof(*t));
	for (in = n->first; in != NULL; in = in->next) {
		if (load_input(ld, in, in->key, &slot) != 0)
			return -1;
		if (in->kind != YAML_MAP) {
			t->slot = slot;
			t->how = TEST_IS;
			if (load_values(ld, in, t) != 0)
				return -1;
			t++;
			continue;
		}
		for (how = in->first; how != NULL; how = how->next, t++) {
			t->slot = slot;
			if (load_how(ld, how, t) != 0)
				return -1;
		}
	}
	c->n = n_tests;
	return 0;
}

int
load_when(struct loader *ld, const struct yaml_node *n, const struct cond **out)
{
	struct cond *c = arena_alloc(ld->a, sizeof(*c)), *next;

	*out = c;
	if (n->kind != YAML_SEQ)
		return load_tests(ld, n, c);
	for (n = n->first; n != NULL; n = n->next, c = next) {
		if (load_tests(ld, n, c) != 0)
			return -1;
		next = n->next == NULL ? NULL : arena_alloc(ld->a, sizeof(*c));
		c->otherwise = next;
	}
	return 0;
}

/* fields: inputs that become fields. */

static const struct map *
find_map(const struct loader *ld, struct span name)
{
	const struct load_map *m;

	for (m = ld->maps; m != NULL && !span_eq(m->name, name); m = m->next)
		;
	return m == NULL ? NULL : &m->map;
}

static int
load_op_map(struct loader *ld, const struct yaml_node *n, struct op *op)
{
	const struct yaml_node *map = yaml_get(n, "map"),
			       *keep = yaml_get(n, "otherwise");
	const struct map *found;
	struct map *own;

	if (map == NULL)
		return keep == NULL ? 0
				    : load_fail(ld, keep,
					  tr("'otherwise' needs a 'map'",
					      "otherwise には map が必要です"));
	if (map->kind != YAML_SCALAR ||
	    (found = find_map(ld, map->text)) == NULL)
		return load_fail(ld, map,
		    tr("there is no map of that name",
			"その名前の対応表はありません"));
	op->map = own = arena_alloc(ld->a, sizeof(*own));
	*own = *found;
	if (keep != NULL && !span_is(keep->text, "keep"))
		return load_fail(ld, keep,
		    tr("only 'keep' may stand here",
			"ここに書けるのは keep だけです"));
	own->keep = keep != NULL;
	return 0;
}

static int
load_to(struct loader *ld, const struct yaml_node *n, struct op *op)
{
	if (load_field(ld, n, n->text, &op->field) != 0)
		return -1;
	op->type = ecs_type(op->field);
	return 0;
}

static int
load_op(struct loader *ld, const struct yaml_node *n, uint16_t slot,
    struct op *op)
{
	const struct yaml_node *c;

	op->slot = slot;
	op->line = n->line;
	if (n->kind == YAML_SCALAR)
		return load_to(ld, n, op);
	if (load_keys(ld, n, "to or as map otherwise when") != 0)
		return -1;
	if ((c = yaml_get(n, "to")) == NULL || c->kind != YAML_SCALAR)
		return load_fail(ld, n,
		    tr("'to' is missing: the field",
			"to（項目名）がありません"));
	if (load_to(ld, c, op) != 0)
		return -1;
	if ((c = yaml_get(n, "or")) != NULL) {
		op->has_other = true;
		if (load_field(ld, c, c->text, &op->other) != 0)
			return -1;
	}
	if ((c = yaml_get(n, "as")) != NULL &&
	    (c->kind != YAML_SCALAR || convert_parse(c->text, &op->as) != 0))
		return load_fail(ld, c,
		    tr("there is no such conversion; they "
		       "are listed in docs/formats.md",
			"そのような変換は"
			"ありません。一覧は docs/formats.md にあります"));
	if ((c = yaml_get(n, "when")) != NULL &&
	    load_when(ld, c, &op->when) != 0)
		return -1;
	return load_op_map(ld, n, op);
}

int
load_fields(struct loader *ld, const struct yaml_node *n, const struct op **out,
    size_t *count)
{
	const struct yaml_node *in, *c;
	struct op *op;
	uint16_t slot;
	size_t max = 0;

	if (n->kind != YAML_MAP)
		return load_fail(ld, n,
		    tr("input: field is expected",
			"入力: 項目 の対応が必要です"));
	for (in = n->first; in != NULL; in = in->next)
		max += in->kind == YAML_SEQ ? in->n : 1;
	*out = op = arena_alloc(ld->a, (max + 1) * sizeof(*op));
	*count = max;
	for (in = n->first; in != NULL; in = in->next) {
		if (load_input(ld, in, in->key, &slot) != 0)
			return -1;
		if (in->kind != YAML_SEQ) {
			if (load_op(ld, in, slot, op++) != 0)
				return -1;
			continue;
		}
		for (c = in->first; c != NULL; c = c->next)
			if (load_op(ld, c, slot, op++) != 0)
				return -1;
	}
	return 0;
}

void
load_op_index(struct loader *ld)
{
	struct op_index *x;
	size_t i;

	if (ld->f->nop > OP_WORDS * 64)
		return;
	ld->f->op_index = x = arena_alloc(ld->a, sizeof(*x));
	x->words = (ld->f->nop + 63) / 64;
	x->of = arena_alloc(ld->a, ld->nslot * sizeof(*x->of));
	for (i = 0; i < ld->f->nop; i++)
		x->of[ld->f->op[i].slot][i / 64] |= UINT64_C(1) << i % 64;
}

/* set: constants and templates. */

/* The next part of "text ${input} text"; advances *at. */
static int
load_part(struct loader *ld, const struct yaml_node *n, size_t *at,
    struct template_part *part)
{
	struct span s = span_sub(n->text, *at, n->text.len);
	const uint8_t *p;
	size_t len;

	part->slot = SLOT_NONE;
	if (!span_starts(s, SPAN("${"))) {
		for (len = 1; len + 1 < s.len; len++)
			if (s.p[len] == '$' && s.p[len + 1] == '{')
				break;
		if (len + 1 >= s.len)
			len = s.len;
		part->text = span_sub(s, 0, len);
		*at += len;
		return 0;
	}
	if ((p = memchr(s.p, '}', s.len)) == NULL)
		return load_fail(ld, n,
		    tr("'${' without '}'", "${ に対する } がありません"));
	len = (size_t)(p - s.p);
	*at += len + 1;
	return load_input(ld, n, span_sub(s, 2, len - 2), &part->slot);
}

/* A misspelt kind is one that no rule ever sees. */
static int
check_value(struct loader *ld, const struct yaml_node *n, enum ecs field,
    const struct template *t)
{
	struct buf list;
	int rc = 0;

	if (t->n != 1 || t->part[0].slot != SLOT_NONE ||
	    ecs_allows(field, t->part[0].text))
		return 0;
	buf_init(&list);
	ecs_values(field, &list);
	rc = load_fail(ld, n,
	    tr("%s is never '%.*s'; it is one of: %s",
		"%sに「%.*s」という値はありません。使える値: %s"),
	    ecs_name(field), (int)n->text.len, (const char *)n->text.p,
	    buf_cstr(&list));
	buf_fini(&list);
	return rc;
}

static int
load_template(struct loader *ld, const struct yaml_node *n, enum ecs field,
    struct template *t)
{
	size_t at = 0;

	if (n->kind != YAML_SCALAR)
		return load_fail(ld, n,
		    tr("a text is expected", "文字列が必要です"));
	t->part = arena_alloc(ld->a, (n->text.len + 1) * sizeof(*t->part));
	while (at < n->text.len)
		if (load_part(ld, n, &at, &t->part[t->n++]) != 0)
			return -1;
	return check_value(ld, n, field, t);
}

int
load_set(struct loader *ld, const struct yaml_node *n,
    const struct assign **out, size_t *count)
{
	const struct yaml_node *field, *c;
	struct assign *a;
	size_t i = 0;

	if (n->kind != YAML_MAP)
		return load_fail(ld, n,
		    tr("field: value is expected",
			"項目: 値 の対応が必要です"));
	*out = a = arena_alloc(ld->a, (n->n + 1) * sizeof(*a));
	*count = n->n;
	for (field = n->first; field != NULL; field = field->next, a++) {
		if (load_field(ld, field, field->key, &a->field) != 0)
			return -1;
		a->line = field->key_line;
		a->n = field->kind == YAML_SEQ ? field->n : 1;
		a->value = arena_alloc(ld->a, (a->n + 1) * sizeof(*a->value));
		if (field->kind != YAML_SEQ) {
			if (load_template(ld, field, a->field, a->value) != 0)
				return -1;
			if (field->text.len == 0)
				a->n = 0;
			continue;
		}
		for (c = field->first, i = 0; c != NULL; c = c->next)
			if (load_template(ld, c, a->field, &a->value[i++]) != 0)
				return -1;
	}
	return 0;
}
