/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/detection_file.h"

#include "analyzer/rule/detection.h"
#include "common/log.h"

#define SELECTIONS 64	   /* of one detection */
#define CONDITION_LEN 2048 /* bytes */
#define FAIL(at, ...) yaml_fail(r->err, r->file, at, __VA_ARGS__)

static const struct {
	const char *name;
	enum ecs field;
} taxonomy[] = {
#define TAXONOMY(name, field) { name, ECS_##field },
#include "analyzer/rule/taxonomy_tbl.h"
#undef TAXONOMY
};

int
detection_field(struct span name, enum ecs *field)
{
	size_t i;

	if (ecs_parse(name, field) == 0)
		return 0;
	for (i = 0; i < sizeof(taxonomy) / sizeof(taxonomy[0]); i++) {
		if (!span_is(name, taxonomy[i].name))
			continue;
		*field = taxonomy[i].field;
		return 0;
	}
	return -1;
}

static int
read_name(const struct detection_reader *r, const struct yaml_node *n,
    struct span name, struct item *it)
{
	if (name.len == 0)
		return FAIL(n,
		    tr("keywords without a field are not supported; name the "
		       "field",
			"フィールドのないキーワードは使えません。フィールドを書"
			"いてください"));
	if (detection_field(name, &it->field) == 0)
		return 0;
	if (r->scope == DETECTION_FIELDS || fact_parse(name, &it->fact) == -1)
		return FAIL(n,
		    tr("unknown field '%.*s'; docs/rules.md lists them",
			"フィールド「%.*s」はありません。docs/rules.md "
			"に一覧があります"),
		    (int)name.len, (const char *)name.p);
	if (r->scope == DETECTION_FACTS && fact_needs_history(it->fact))
		return FAIL(n,
		    tr("'%.*s' needs history; put it under history or raise",
			"「%.*s」は履歴が必要です。history か raise "
			"に書いてください"),
		    (int)name.len, (const char *)name.p);
	it->is_fact = true;
	return 0;
}

/* What the modifiers of one item ask for. */
struct modifiers {
	enum pattern_place place;
	bool placed, tested, cased, expand;
};

static int
read_modifier(const struct detection_reader *r, const struct yaml_node *n,
    struct span name, struct item *it, struct modifiers *m)
{
	static const struct {
		const char *name;
		enum pattern_place place;
	} places[] = { { "contains", PATTERN_CONTAINS },
		{ "startswith", PATTERN_STARTS },
		{ "endswith", PATTERN_ENDS } };
	static const struct {
		const char *name;
		enum test test;
	} tests[] = { { "cidr", TEST_CIDR }, { "exists", TEST_EXISTS },
		{ "gt", TEST_GT }, { "gte", TEST_GTE }, { "lt", TEST_LT },
		{ "lte", TEST_LTE } };
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (!span_is(name, places[i].name))
			continue;
		if (m->placed || m->tested)
			goto clash;
		m->placed = true;
		m->place = places[i].place;
		return 0;
	}
	for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		if (!span_is(name, tests[i].name))
			continue;
		if (m->placed || m->tested)
			goto clash;
		m->tested = true;
		it->test = tests[i].test;
		return 0;
	}
	if (span_is(name, "all"))
		it->all = true;
	else if (span_is(name, "cased"))
		m->cased = true;
	else if (span_is(name, "expand"))
		m->expand = true;
	else
		return FAIL(n,
		    tr("modifier '%.*s' is not supported; supported: contains, "
		       "startswith, endswith, all, cased, exists, cidr, gt, "
		       "gte, lt, lte, expand",
			"修飾子「%.*s」は使えません。使えるもの: contains "
			"startswith endswith all cased exists cidr gt gte lt "
			"lte"),
		    (int)name.len, (const char *)name.p);
	return 0;
clash:
	return FAIL(n,
	    tr("modifier '%.*s' contradicts the one before it",
		"修飾子「%.*s」は前の修飾子と一緒に使えません"),
	    (int)name.len, (const char *)name.p);
}

/* field|modifier|modifier */
static int
read_key(const struct detection_reader *r, const struct yaml_node *n,
    struct item *it, struct modifiers *m)
{
	struct span rest = n->key, part;
	bool first = true;
	size_t i;

	for (;; rest = span_sub(rest, i + 1, rest.len)) {
		for (i = 0; i < rest.len && rest.p[i] != '|'; i++)
			;
		part = span_sub(rest, 0, i);
		if (first ? read_name(r, n, part, it) == -1
			  : read_modifier(r, n, part, it, m) == -1)
			return -1;
		first = false;
		if (i == rest.len)
			return 0;
	}
}

static bool
is_null(const struct yaml_node *n)
{
	return n->plain &&
	    (n->text.len == 0 || span_is(n->text, "null") ||
		span_is(n->text, "~"));
}

/* "%admin.run_days%": the setting of that name. */
static int
expand(const struct detection_reader *r, const struct yaml_node *n,
    struct span *text)
{
	enum setting which;

	if (text->len < 3 || text->p[0] != '%' ||
	    text->p[text->len - 1] != '%' ||
	    setting_parse(span_sub(*text, 1, text->len - 2), &which) == -1)
		return FAIL(n,
		    tr("expand needs a setting, such as '%%admin.run_days%%'",
			"expand には '%%admin.run_days%%' "
			"のような設定名が必要です"));
	*text = span_str(arena_printf(r->arena, "%.15g",
	    settings_number(r->settings, which)));
	return 0;
}

static int
read_value(const struct detection_reader *r, const struct yaml_node *n,
    const struct item *it, const struct modifiers *m, struct value *v)
{
	struct span text = n->text;

	if (n->kind != YAML_SCALAR)
		return FAIL(n,
		    tr("a value, or a list of values",
			"値か値の一覧が必要です"));
	if (m->expand && expand(r, n, &text) == -1)
		return -1;
	switch (it->test) {
	case TEST_PATTERN:
		v->null = is_null(n) && !m->placed;
		v->pattern = pattern_parse(text, m->place, m->cased, r->arena);
		return 0;
	case TEST_CIDR:
		if (prefix_parse(n->text, &v->prefix) == 0)
			return 0;
		return FAIL(n,
		    tr("a network is needed, such as 10.0.0.0/8",
			"10.0.0.0/8のようなネットワークが必要です"));
	case TEST_EXISTS:
		if (yaml_bool(n, &v->exists) == 0)
			return 0;
		return FAIL(n, tr("true or false", "true か false が必要です"));
	case TEST_GT:
	case TEST_GTE:
	case TEST_LT:
	case TEST_LTE:
		break;
	}
	if (detection_number(text, &v->number))
		return 0;
	return FAIL(n, tr("a number is needed", "数が必要です"));
}

static int
read_item(const struct detection_reader *r, const struct yaml_node *n,
    struct item *it)
{
	struct modifiers m = { PATTERN_WHOLE, false, false, false, false };
	const struct yaml_node *v = n;
	size_t i;

	if (read_key(r, n, it, &m) == -1)
		return -1;
	it->n = n->kind == YAML_SEQ ? n->n : 1;
	if (it->n == 0)
		return FAIL(n,
		    tr("an empty list fits nothing",
			"空の一覧は何にも一致しません"));
	it->values = arena_alloc(r->arena, it->n * sizeof(*it->values));
	if (n->kind == YAML_SEQ)
		v = n->first;
	for (i = 0; i < it->n; i++, v = v->next)
		if (read_value(r, v, it, &m, &it->values[i]) == -1)
			return -1;
	return 0;
}

static int
read_alternative(const struct detection_reader *r, const struct yaml_node *map,
    struct alternative *a)
{
	struct item **tail = &a->first;
	const struct yaml_node *n;

	if (map->kind != YAML_MAP || map->first == NULL)
		return FAIL(map,
		    tr("a selection is a map of fields, or a list of maps "
		       "(keywords are not supported)",
			"selectionはフィールドの対応表かその一覧で書きます（キ"
			"ーワードは使えません）"));
	for (n = map->first; n != NULL; n = n->next) {
		*tail = arena_alloc(r->arena, sizeof(**tail));
		if (read_item(r, n, *tail) == -1)
			return -1;
		tail = &(*tail)->next;
	}
	return 0;
}

static int
read_selection(const struct detection_reader *r, const struct yaml_node *n,
    struct selection *s)
{
	struct alternative **tail = &s->first;
	const struct yaml_node *map;

	if (n->kind != YAML_SEQ) {
		*tail = arena_alloc(r->arena, sizeof(**tail));
		return read_alternative(r, n, *tail);
	}
	if (n->first == NULL)
		return FAIL(n,
		    tr("an empty list fits nothing",
			"空の一覧は何にも一致しません"));
	for (map = n->first; map != NULL; map = map->next) {
		*tail = arena_alloc(r->arena, sizeof(**tail));
		if (read_alternative(r, map, *tail) == -1)
			return -1;
		tail = &(*tail)->next;
	}
	return 0;
}

static int
read_condition(const struct detection_reader *r, const struct yaml_node *map,
    const struct span *names, struct detection *d)
{
	const struct yaml_node *n = yaml_get(map, "condition");
	struct condition_error why;
	bool used[SELECTIONS] = { false };

	if (n == NULL)
		return FAIL(map,
		    tr("there is no condition", "condition がありません"));
	if (n->kind != YAML_SCALAR)
		return FAIL(n,
		    tr("a condition is one text; lists are not supported",
			"condition は一つの文で書きます（一覧は使えません）"));
	if (n->text.len > CONDITION_LEN)
		return FAIL(n,
		    tr("the condition is longer than %d bytes",
			"condition が%dバイトを超えています"),
		    CONDITION_LEN);
	d->condition =
	    condition_parse(n->text, names, d->n, used, r->arena, &why);
	if (d->condition == NULL) {
		(void)FAIL(n, tr("condition: %s", "condition: %s"), why.what);
		if (n->plain)
			r->err->col += (unsigned)why.at;
		return -1;
	}
	return 0;
}

struct detection *
detection_parse(const struct yaml_node *map, const struct detection_reader *r)
{
	struct detection *d = arena_alloc(r->arena, sizeof(*d));
	struct span names[SELECTIONS];
	const struct yaml_node *n;

	if (map->kind != YAML_MAP || map->n > SELECTIONS + 1) {
		(void)FAIL(map,
		    tr("a map of at most %d selections and a condition",
			"%d個以内のselectionとconditionの対応表が必要です"),
		    SELECTIONS);
		return NULL;
	}
	d->selections =
	    arena_alloc(r->arena, SELECTIONS * sizeof(struct selection));
	for (n = map->first; n != NULL; n = n->next) {
		if (span_is(n->key, "condition"))
			continue;
		if (d->n == SELECTIONS || n->key.len == 0) {
			(void)FAIL(n,
			    tr("a selection needs a name",
				"selectionには名前が必要です"));
			return NULL;
		}
		names[d->n] = n->key;
		if (read_selection(r, n, &d->selections[d->n++]) == -1)
			return NULL;
	}
	return read_condition(r, map, names, d) == -1 ? NULL : d;
}

struct detection *
detection_parse_selection(const struct yaml_node *n,
    const struct detection_reader *r)
{
	static const struct condition first = { CONDITION_ITEM, 0, NULL, NULL };
	struct detection *d = arena_alloc(r->arena, sizeof(*d));

	d->selections = arena_alloc(r->arena, sizeof(struct selection));
	d->n = 1;
	d->condition = &first;
	return read_selection(r, n, d->selections) == -1 ? NULL : d;
}
