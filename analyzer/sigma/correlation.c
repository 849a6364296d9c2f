/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/correlation.h"

#include "analyzer/sigma/correlation_read.h"
#include "common/log.h"
#include "common/num.h"

#define SECOND INT64_C(1000000)

static const struct {
	const char *name;
	enum asked asked;
} types[] = {
#define TYPE(name, id, of) { name, ASKED_##of },
#define OP(name, id, end)
#define UNIT(letter, seconds)
#include "analyzer/sigma/correlation_tbl.h"
#undef TYPE
#undef OP
#undef UNIT
};

static const struct {
	char letter;
	uint64_t seconds;
} units[] = {
#define TYPE(name, id, of)
#define OP(name, id, end)
#define UNIT(letter, seconds) { letter, seconds },
#include "analyzer/sigma/correlation_tbl.h"
#undef TYPE
#undef OP
#undef UNIT
};

static int
read_type(struct reader *r, const struct yaml_node *n)
{
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (n->kind == YAML_SCALAR && span_is(n->text, types[i].name)) {
			r->c->type = (enum correlation_type)i;
			r->asked = types[i].asked;
			return 0;
		}
	return FAIL(r, n,
	    tr("there is no such type of correlation: event_count, "
	       "value_count, temporal, temporal_ordered, value_sum, "
	       "value_avg, value_percentile, value_median",
		"correlation の種類は event_count, value_count, temporal, "
		"temporal_ordered, value_sum, value_avg, value_percentile, "
		"value_median です"));
}

static int
read_timespan(struct reader *r, const struct yaml_node *n)
{
	struct span s = n->text;
	uint64_t count = 0, most;
	size_t i;

	for (i = 0; n->kind == YAML_SCALAR && s.len > 1 &&
	     i < sizeof(units) / sizeof(units[0]);
	     i++) {
		if (s.p[s.len - 1] != units[i].letter)
			continue;
		most = CORRELATION_YEARS * UINT64_C(31556952);
		most /= units[i].seconds;
		if (num_parse(span_sub(s, 0, s.len - 1), most, &count) == -1 ||
		    count == 0)
			break;
		r->c->timespan = (int64_t)(count * units[i].seconds) * SECOND;
		return 0;
	}
	return FAIL(r, n,
	    tr("a timespan is a whole number from 1 and one of s m h d w M y, "
	       "as 15m; at most %d years",
		"期間は1以上の整数と s m h d w M y の一文字で書きます（例: "
		"15m）。"
		"%d年までです"),
	    CORRELATION_YEARS);
}

/* A text, or a list of texts without repetition. */
static int
read_names(struct reader *r, const struct yaml_node *n, size_t max,
    struct correlation_name **names, size_t *count)
{
	const struct yaml_node *one = n->kind == YAML_SEQ ? n->first : n;
	struct correlation_name *v;
	size_t i, k;

	if (one == NULL || n->kind == YAML_MAP || n->n > max)
		return FAIL(r, n,
		    tr("a name, or a list of at most %zu names",
			"名前、または%zu個以内の名前の一覧が必要です"),
		    max);
	v = arena_alloc(r->arena, max * sizeof(*v));
	for (i = 0; one != NULL; one = n->kind == YAML_SEQ ? one->next : NULL) {
		if (one->kind != YAML_SCALAR || one->text.len == 0)
			return FAIL(r, one,
			    tr("a name is needed", "名前が必要です"));
		for (k = 0; k < i; k++)
			if (span_eq(v[k].text, one->text))
				return FAIL(r, one,
				    tr("this name stands here twice",
					"同じ名前が二度書かれています"));
		v[i++] = (struct correlation_name){ one->text, one };
	}
	*names = v;
	*count = i;
	return 0;
}

/* {alias: {rule: field}} */
static int
read_aliases(struct reader *r, const struct yaml_node *n)
{
	const struct yaml_node *alias, *one;
	struct correlation_alias *a;
	size_t count = 0;

	for (alias = n->first; alias != NULL; alias = alias->next)
		count += alias->n;
	if (n->kind != YAML_MAP || n->n > CORRELATION_FIELDS)
		goto wrong;
	a = arena_alloc(r->arena, (count + 1) * sizeof(*a));
	r->c->aliases = a;
	for (alias = n->first; alias != NULL; alias = alias->next) {
		if (alias->kind != YAML_MAP || alias->n > CORRELATION_RULES)
			goto wrong;
		for (one = alias->first; one != NULL; one = one->next) {
			if (one->kind != YAML_SCALAR || one->text.len == 0)
				return FAIL(r, one,
				    tr("the name of a field is needed",
					"項目の名前が必要です"));
			a[r->c->naliases++] =
			    (struct correlation_alias){ alias->key,
				    { one->key, one }, one->text };
		}
	}
	return 0;
wrong:
	return FAIL(r, n,
	    tr("aliases are {name: {rule: field}}, at most %d names",
		"aliases は {名前: {ルール: 項目}} で書きます。%d個までです"),
	    CORRELATION_FIELDS);
}

static int
read_generate(struct reader *r, const struct yaml_node *n)
{
	if (yaml_bool(n, &r->c->generate) == 0)
		return 0;
	return FAIL(r, n, tr("true or false", "true か false です"));
}

/* What a correlation and an absence have in common. */
static int
read_common(struct reader *r, const struct yaml_node *n)
{
	if (span_is(n->key, "group-by"))
		return read_names(r, n, CORRELATION_FIELDS, &r->c->group,
		    &r->c->ngroup);
	if (span_is(n->key, "aliases"))
		return read_aliases(r, n);
	if (span_is(n->key, "generate"))
		return read_generate(r, n);
	return FAIL(r, n,
	    tr("a correlation has no '%.*s'",
		"correlation に「%.*s」はありません"),
	    (int)n->key.len, (const char *)n->key.p);
}

/* The child of that name, which must be there. */
static const struct yaml_node *
need(struct reader *r, const char *key)
{
	const struct yaml_node *n = yaml_get(r->c->at, key);

	if (n == NULL)
		(void)FAIL(r, r->c->at,
		    tr("'%s' is missing", "「%s」がありません"), key);
	return n;
}

static struct correlation *
start(struct reader *r, const struct yaml_node *map, const char *file)
{
	r->c = arena_alloc(r->arena, sizeof(*r->c));
	r->c->at = map;
	r->c->file = file;
	if (map->kind == YAML_MAP)
		return r->c;
	(void)FAIL(r, map, tr("a map is needed", "対応表が必要です"));
	return NULL;
}

struct correlation *
correlation_parse(const struct yaml_node *map, const char *file,
    struct arena *arena, struct yaml_error *err)
{
	struct reader r = { .arena = arena, .err = err };
	const struct yaml_node *n, *rules;

	if (start(&r, map, file) == NULL)
		return NULL;
	if ((n = need(&r, "type")) == NULL || read_type(&r, n) == -1 ||
	    (n = need(&r, "timespan")) == NULL || read_timespan(&r, n) == -1 ||
	    (rules = need(&r, "rules")) == NULL ||
	    read_names(&r, rules, CORRELATION_RULES, &r.c->rules,
		&r.c->nrules) == -1)
		return NULL;
	for (n = map->first; n != NULL; n = n->next)
		if (!span_is(n->key, "type") && !span_is(n->key, "timespan") &&
		    !span_is(n->key, "rules") &&
		    !span_is(n->key, "condition") && read_common(&r, n) == -1)
			return NULL;
	r.c->timespan++; /* what is exactly so old is within */
	return correlation_read_condition(&r, yaml_get(map, "condition")) == -1
	    ? NULL
	    : r.c;
}

/* One rule, which is the next of them. */
static int
read_rule(struct reader *r, const char *key)
{
	const struct yaml_node *n = need(r, key);

	if (n == NULL)
		return -1;
	if (n->kind != YAML_SCALAR || n->text.len == 0 ||
	    (r->c->nrules == 1 && span_eq(r->c->rules[0].text, n->text)))
		return FAIL(r, n,
		    tr("the name of a rule is needed, after and expect being "
		       "two",
			"ルールの名前が必要です。after と expect は別のもので"
			"す"));
	r->c->rules[r->c->nrules++] = (struct correlation_name){ n->text, n };
	return 0;
}

struct correlation *
correlation_parse_absence(const struct yaml_node *map, const char *file,
    struct arena *arena, struct yaml_error *err)
{
	struct reader r = { .arena = arena, .err = err };
	const struct yaml_node *n;

	if (start(&r, map, file) == NULL)
		return NULL;
	r.c->type = CORRELATION_ABSENCE;
	r.c->rules = arena_alloc(arena, 2 * sizeof(*r.c->rules));
	if (read_rule(&r, "after") == -1 || read_rule(&r, "expect") == -1 ||
	    (n = need(&r, "within")) == NULL || read_timespan(&r, n) == -1)
		return NULL;
	for (n = map->first; n != NULL; n = n->next)
		if (!span_is(n->key, "after") && !span_is(n->key, "expect") &&
		    !span_is(n->key, "within") && read_common(&r, n) == -1)
			return NULL;
	return r.c;
}
