/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/scope.h"

#include "analyzer/rule/roster.h"
#include "common/log.h"

static const struct {
	const char *name;
	enum ecs field;
} taxonomy[] = {
#define TAXONOMY(name, field) { name, ECS_##field },
#include "analyzer/rule/taxonomy_tbl.h"
#undef TAXONOMY
};

int
scope_field(struct span name, enum ecs *field)
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

#define LISTED 200 /* bytes of the names of values */

static bool
is_plain(struct span text)
{
	size_t i;

	for (i = 0; i < text.len && text.p[i] != '*' && text.p[i] != '?'; i++)
		;
	return text.len > 0 && i == text.len;
}

/* A kind that is misspelt would fit nothing, and nobody would notice. */
static int
check_value(const struct detection_reader *r, const struct yaml_node *n,
    enum ecs field)
{
	struct buf values;

	if (n->kind != YAML_SCALAR || !is_plain(n->text) ||
	    ecs_allows(field, n->text))
		return 0;
	buf_init(&values);
	ecs_values(field, &values);
	if (values.len > LISTED) { /* more than a line */
		values.len = 0;
		buf_str(&values, "docs/formats.md");
	}
	(void)DETECTION_FAIL(r, n,
	    tr("'%s' is never '%.*s'; its values: %s",
		"「%s」が「%.*s」になることはありません。値: %s"),
	    ecs_name(field), (int)n->text.len, (const char *)n->text.p,
	    buf_cstr(&values));
	buf_fini(&values);
	return -1;
}

/* Of a field that is compared as it is, without a modifier. */
static int
check_values(const struct detection_reader *r, const struct yaml_node *at,
    struct span name, enum ecs field)
{
	const struct yaml_node *v;

	if (!span_eq(at->key, name))
		return 0;
	if (at->kind == YAML_SCALAR)
		return check_value(r, at, field);
	for (v = at->kind == YAML_SEQ ? at->first : NULL; v != NULL;
	     v = v->next)
		if (check_value(r, v, field) == -1)
			return -1;
	return 0;
}

/* Facts are numbered behind the fields. */
static int
read_field(const struct detection_reader *r, const struct yaml_node *at,
    struct span name, uint32_t *number)
{
	const struct scope_reader *s = r->arg;
	enum fact fact;
	enum ecs field;

	if (s->scope == SCOPE_ROWS && scope_field(name, &field) == 0)
		return DETECTION_FAIL(r, at,
		    tr("'%.*s' is a field of records: a row of a ledger has "
		       "facts alone",
			"「%.*s」は記録のフィールドです。台帳の行にあるのは"
			"事実だけです"),
		    (int)name.len, (const char *)name.p);
	if (scope_field(name, &field) == 0) {
		*number = field;
		return check_values(r, at, name, field);
	}
	if (s->scope == SCOPE_FIELDS || fact_parse(name, &fact) == -1)
		return DETECTION_FAIL(r, at,
		    tr("unknown field '%.*s'; docs/rules.md lists them",
			"フィールド「%.*s」はありません。docs/rules.md "
			"に一覧があります"),
		    (int)name.len, (const char *)name.p);
	if (s->scope != SCOPE_HISTORY && fact_needs_history(fact))
		return DETECTION_FAIL(r, at,
		    tr("'%.*s' needs history; put it under history or raise",
			"「%.*s」は履歴が必要です。history か raise "
			"に書いてください"),
		    (int)name.len, (const char *)name.p);
	*number = ECS_COUNT + fact;
	return 0;
}

/* "%admins%": what the ledgers say; without any it fits nothing. */
static int
read_roster(const struct scope_reader *s, struct span name,
    struct placeholder *p)
{
	*p = (struct placeholder){ NULL, 0 };
	if (s->expanded != NULL)
		*s->expanded = true;
	return s->names == NULL || placeholders_get(s->names, name, p) == 0
	    ? 0
	    : -1;
}

/* "%admin.run_days%": the setting of that name. */
static int
read_expand(const struct detection_reader *r, const struct yaml_node *at,
    struct span name, struct placeholder *p)
{
	const struct scope_reader *s = r->arg;
	enum setting which;

	if (roster_has(name))
		return read_roster(s, name, p);
	if (setting_parse(name, &which) == -1)
		return DETECTION_FAIL(r, at,
		    tr("nothing is called '%%%.*s%%': expand takes a setting "
		       "such as '%%admin.run_days%%', or a name of the ledgers "
		       "such as '%%admins%%' (docs/rules.md)",
			"「%%%.*s%%」という名前はありません。expand には "
			"'%%admin.run_days%%' のような設定名か、'%%admins%%' "
			"のような台帳の名前が必要です（docs/rules.md）"),
		    (int)name.len, (const char *)name.p);
	p->v = arena_alloc(r->arena, sizeof(*p->v));
	p->v[0] = span_str(arena_printf(r->arena, "%.15g",
	    settings_number(s->settings, which)));
	p->n = 1;
	return 0;
}

void
scope_reader_init(struct scope_reader *s, enum scope scope,
    const struct settings *settings)
{
	s->scope = scope;
	s->settings = settings;
	s->names = NULL;
	s->expanded = NULL;
	s->r.field = read_field;
	s->r.expand = read_expand;
	s->r.arg = s;
}

void
scope_view_init(struct view *v)
{
	view_init(v, ECS_COUNT);
}

static struct span
derive(void *arg, uint32_t field)
{
	struct facts *fs = arg;

	return fs == NULL ? span_make(NULL, 0)
			  : facts_get(fs, (enum fact)(field - ECS_COUNT));
}

void
scope_view(struct view *v, const struct event *e, struct facts *fs)
{
	size_t i;

	view_clear(v);
	for (i = 0; i < e->n; i++)
		view_add(v, e->f[i].field, e->f[i].value, false);
	if (v->first[ECS_MESSAGE] == 0 && e->message.len > 0)
		view_add(v, ECS_MESSAGE, e->message, false);
	v->whole.text = e->message;
	v->derive = derive;
	v->arg = fs;
}
