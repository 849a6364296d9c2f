/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/correlation_read.h"

#include <math.h>

#include "analyzer/sigma/detection_tree.h"
#include "common/log.h"
#include "common/num.h"

enum end { END_LOWER, END_UPPER, END_ALONE };

static const struct {
	const char *name;
	enum end end;
} ops[] = {
#define TYPE(name, id, of)
#define OP(name, id, end) { name, END_##end },
#define UNIT(letter, seconds)
#include "analyzer/sigma/correlation_tbl.h"
#undef TYPE
#undef OP
#undef UNIT
};

/* The row of an operator, or -1. */
static int
find_op(struct span name)
{
	int i;

	for (i = 0; i < (int)(sizeof(ops) / sizeof(ops[0])); i++)
		if (span_is(name, ops[i].name))
			return i;
	return -1;
}

static int
read_bound(struct reader *r, const struct yaml_node *n, int op)
{
	struct correlation *c = r->c;
	struct correlation_bound *b = &c->bound[c->nbound];
	uint64_t whole;
	bool fine;

	if (c->nbound > 0 &&
	    (c->nbound == 2 || ops[op].end == END_ALONE ||
		ops[c->bound[0].op].end == END_ALONE ||
		ops[c->bound[0].op].end == ops[op].end))
		return FAIL(r, n,
		    tr("two bounds are gt or gte with lt or lte; any other "
		       "stands alone",
			"条件を二つ書けるのは gt か gte と lt か lte の組だけ"
			"です"));
	b->op = (enum correlation_op)op;
	fine = n->kind == YAML_SCALAR && detection_number(n->text, &b->value);
	if (fine && r->asked != ASKED_NUMBER)
		fine = num_parse(n->text, CORRELATION_COUNT, &whole) == 0;
	if (!fine && r->asked == ASKED_NUMBER)
		return FAIL(r, n, tr("a number is needed", "数が必要です"));
	if (!fine)
		return FAIL(r, n,
		    tr("a whole number from 0 to %d is needed",
			"0から%dまでの整数が必要です"),
		    CORRELATION_COUNT);
	c->nbound++;
	return 0;
}

static int
read_percentile(struct reader *r, const struct yaml_node *n)
{
	uint64_t p;

	if (r->c->type != CORRELATION_VALUE_PERCENTILE)
		return FAIL(r, n,
		    tr("only value_percentile has a percentile",
			"percentile は value_percentile だけに書きます"));
	if (n->kind != YAML_SCALAR || num_parse(n->text, 99, &p) == -1 ||
	    p == 0)
		return FAIL(r, n,
		    tr("a whole number from 1 to 99 is needed",
			"1から99までの整数が必要です"));
	r->c->percentile = (unsigned)p;
	return 0;
}

/* A field; of value_count also a list of them, whose combinations count. */
static int
read_field(struct reader *r, const struct yaml_node *n)
{
	const struct yaml_node *one = n->kind == YAML_SEQ ? n->first : n;
	struct correlation *c = r->c;

	if (r->asked != ASKED_NUMBER && r->asked != ASKED_DISTINCT)
		return FAIL(r, n,
		    tr("this type counts no field: value_count does",
			"この種類は項目を数えません。value_count を使います"));
	if (one == NULL || n->kind == YAML_MAP || n->n > CORRELATION_FIELDS ||
	    (n->n > 1 && r->asked == ASKED_NUMBER))
		return FAIL(r, n,
		    tr("one field (of value_count also a list of at most %d)",
			"項目を一つ書きます（value_count では%d個以内の一覧も"
			"可）"),
		    CORRELATION_FIELDS);
	c->fields =
	    arena_alloc(r->arena, CORRELATION_FIELDS * sizeof(*c->fields));
	for (; one != NULL; one = n->kind == YAML_SEQ ? one->next : NULL) {
		if (one->kind != YAML_SCALAR || one->text.len == 0)
			return FAIL(r, one,
			    tr("the name of a field is needed",
				"項目の名前が必要です"));
		c->fields[c->nfields++] =
		    (struct correlation_name){ one->text, one };
	}
	return 0;
}

/* temporal: an expression of the names of its rules, each of which is used. */
static int
read_expression(struct reader *r, const struct yaml_node *n)
{
	struct span names[CORRELATION_RULES];
	bool used[CORRELATION_RULES] = { false };
	struct correlation *c = r->c;
	struct condition_error why;
	size_t i;

	if (r->asked != ASKED_RULES)
		return FAIL(r, n,
		    tr("only the condition of temporal is an expression",
			"condition を式で書けるのは temporal だけです"));
	for (i = 0; i < c->nrules; i++)
		names[i] = c->rules[i].text;
	c->condition =
	    condition_parse(n->text, names, c->nrules, used, r->arena, &why);
	if (c->condition == NULL) {
		(void)FAIL(r, n, "condition: %s", why.what);
		if (n->plain)
			r->err->col += (unsigned)why.at;
		return -1;
	}
	for (i = 0; i < c->nrules; i++)
		if (!used[i])
			return FAIL(r, c->rules[i].at,
			    tr("the condition does not name this rule",
				"condition にこのルールがありません"));
	return 0;
}

static double
larger(double a, double b)
{
	return a > b ? a : b;
}

/* It is asked when an event comes, so that a count is 1 at least. */
static bool
can_hold(const struct reader *r)
{
	const struct correlation *c = r->c;
	double low = r->asked == ASKED_NUMBER ? -INFINITY : 1;
	double high = r->asked == ASKED_RULES ? (double)c->nrules : INFINITY;
	double step = r->asked == ASKED_NUMBER ? 0 : 1;
	bool open = false;
	size_t i;

	for (i = 0; i < c->nbound; i++) {
		double v = c->bound[i].value;

		switch (c->bound[i].op) {
		case CORRELATION_GT:
			open |= step == 0;
			low = larger(low, v + step);
			break;
		case CORRELATION_GTE:
			low = larger(low, v);
			break;
		case CORRELATION_LT:
			open |= step == 0;
			high = -larger(-high, step - v);
			break;
		case CORRELATION_LTE:
			high = -larger(-high, -v);
			break;
		case CORRELATION_EQ:
			low = larger(low, v);
			high = -larger(-high, -v);
			break;
		case CORRELATION_NEQ:
			break;
		}
	}
	return open && c->nbound == 2 ? low < high : low <= high;
}

static int
read_map(struct reader *r, const struct yaml_node *map)
{
	const struct yaml_node *n;
	int op, rc;

	for (n = map->first; n != NULL; n = n->next) {
		if (span_is(n->key, "field"))
			rc = read_field(r, n);
		else if (span_is(n->key, "percentile"))
			rc = read_percentile(r, n);
		else if ((op = find_op(n->key)) != -1)
			rc = read_bound(r, n, op);
		else
			rc = FAIL(r, n,
			    tr("a condition has no '%.*s'",
				"condition に「%.*s」はありません"),
			    (int)n->key.len, (const char *)n->key.p);
		if (rc == -1)
			return -1;
	}
	if (r->c->nbound == 0)
		return FAIL(r, map,
		    tr("one of gt gte lt lte eq neq is needed",
			"gt gte lt lte eq neq のどれかが必要です"));
	if (!can_hold(r))
		return FAIL(r, map,
		    tr("this can never be: it is asked when an event comes; "
		       "that none comes, absence of x-konseki says",
			"成り立つことのない条件です（イベントが来たときに調べま"
			"す）。来ないことは x-konseki の absence で書きます"));
	return 0;
}

int
correlation_read_condition(struct reader *r, const struct yaml_node *n)
{
	bool fields = r->asked == ASKED_NUMBER || r->asked == ASKED_DISTINCT;

	if (n == NULL && (r->asked == ASKED_NOTHING || r->asked == ASKED_RULES))
		return 0;
	if (n == NULL)
		return FAIL(r, r->c->at,
		    tr("'%s' is missing", "「%s」がありません"), "condition");
	if (r->asked == ASKED_NOTHING)
		return FAIL(r, n,
		    tr("temporal_ordered is all of its rules in their order "
		       "and has no condition",
			"temporal_ordered は全ルールがその順に起きることで、"
			"condition はありません"));
	if (n->kind == YAML_SCALAR)
		return read_expression(r, n);
	if (n->kind != YAML_MAP)
		return FAIL(r, n, tr("a map is needed", "対応表が必要です"));
	if (read_map(r, n) == -1)
		return -1;
	if (fields && r->c->nfields == 0)
		return FAIL(r, n, tr("'%s' is missing", "「%s」がありません"),
		    "field");
	if (r->c->type == CORRELATION_VALUE_PERCENTILE && r->c->percentile == 0)
		return FAIL(r, n, tr("'%s' is missing", "「%s」がありません"),
		    "percentile");
	return 0;
}
