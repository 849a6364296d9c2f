/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/rule.h"

#include "analyzer/ledger/sheet.h"
#include "analyzer/rule/rule_file.h"
#include "analyzer/rule/sentence.h"
#include "common/log.h"

/* The top level of Sigma; what is in x-konseki is read by rule_extra.c. */
static const struct {
	const char *name;
	enum { S, M, L } kind;
} keys[] = {
#define KEY(name, kind) { name, kind },
#include "analyzer/rule/rule_key_tbl.h"
#undef KEY
};

static const struct {
	const char *name, *kinds;
} categories[] = {
#define CATEGORY(name, kinds) { name, kinds },
#include "analyzer/rule/logsource_tbl.h"
#undef CATEGORY
};

static int
check_keys(struct rule_reader *r, const struct yaml_node *root)
{
	static const enum yaml_kind kinds[] = { YAML_SCALAR, YAML_MAP,
		YAML_SEQ };
	const struct yaml_node *n;
	size_t i;

	for (n = root->first; n != NULL; n = n->next) {
		for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
			if (span_is(n->key, keys[i].name))
				break;
		if (i == sizeof(keys) / sizeof(keys[0]))
			return RULE_FAIL(r, n,
			    tr("unknown key '%.*s'",
				"キー「%.*s」はありません"),
			    (int)n->key.len, (const char *)n->key.p);
		if (n->kind != kinds[keys[i].kind])
			return RULE_FAIL(r, n,
			    tr("'%s' must be %s", "「%s」は%sで書きます"),
			    keys[i].name,
			    keys[i].kind == S	    ? tr("a text", "文字")
				: keys[i].kind == M ? tr("a map", "対応表")
						    : tr("a list", "一覧"));
	}
	return 0;
}

static bool
is_uuid(struct span s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (s.p[i] != '-')
				return false;
		} else if (!((s.p[i] >= '0' && s.p[i] <= '9') ||
			       (s.p[i] >= 'a' && s.p[i] <= 'f')))
			return false;
	}
	return s.len == 36;
}

int
rule_need(struct rule_reader *r, const struct yaml_node *map, const char *name,
    const char **text)
{
	const struct yaml_node *n = yaml_get(map, name);

	if (n == NULL)
		return RULE_FAIL(r, map,
		    tr("'%s' is missing", "「%s」がありません"), name);
	if (n->kind != YAML_SCALAR || n->text.len == 0)
		return RULE_FAIL(r, n,
		    tr("'%s' is a text", "「%s」は文字で書きます"), name);
	*text = arena_str(r->arena, n->text);
	return 0;
}

static int
read_head(struct rule_reader *r, const struct yaml_node *root)
{
	const struct yaml_node *n;

	if (rule_need(r, root, "title", &r->rule->title_en) == -1 ||
	    rule_need(r, root, "id", &r->rule->id) == -1)
		return -1;
	n = r->rule->at_id = yaml_get(root, "id");
	if (!is_uuid(n->text))
		return RULE_FAIL(r, n,
		    tr("id is a UUID in lower case", "idは小文字のUUIDです"));
	n = yaml_get(root, "status");
	if (n != NULL &&
	    !sheet_is_one_of(n->text,
		"stable|test|experimental|deprecated|unsupported"))
		return RULE_FAIL(r, n,
		    tr("status is stable, test, experimental, deprecated or "
		       "unsupported",
			"statusはstable test experimental deprecated "
			"unsupportedのいずれかです"));
	if ((n = yaml_get(root, "level")) == NULL)
		return RULE_FAIL(r, root,
		    tr("'%s' is missing", "「%s」がありません"), "level");
	if (finding_severity_parse(n->text, &r->rule->level) == -1)
		return RULE_FAIL(r, n,
		    tr("level is informational, low, medium, high or critical",
			"levelはinformational low medium high "
			"criticalのいずれかです"));
	return 0;
}

/* "attack.t1078" is a technique, "attack.initial-access" a tactic. */
static bool
is_technique(struct span tag)
{
	return span_starts(tag, SPAN("attack.t1")) ||
	    span_starts(tag, SPAN("attack.t0"));
}

static void
add_tactic(struct rule *rule, const char *tactic)
{
	size_t i;

	for (i = 0; i < rule->n_tactics; i++)
		if (strcmp(rule->tactics[i], tactic) == 0)
			return;
	if (rule->n_tactics < FINDING_TACTICS)
		rule->tactics[rule->n_tactics++] = tactic;
}

static int
read_tags(struct rule_reader *r, const struct yaml_node *list)
{
	const struct yaml_node *n;
	struct span s;
	char *text;

	for (n = list == NULL ? NULL : list->first; n != NULL; n = n->next) {
		s = n->text;
		if (n->kind != YAML_SCALAR || s.len < 3 ||
		    memchr(s.p, '.', s.len) == NULL)
			return RULE_FAIL(r, n,
			    tr("a tag is written namespace.name",
				"タグは attack.t1078 の形で書きます"));
		if (!span_starts(s, SPAN("attack.")))
			continue;
		text = arena_str(r->arena, span_sub(s, 7, s.len));
		if (!is_technique(s)) {
			add_tactic(r->rule, text);
			continue;
		}
		if (r->rule->n_attack == FINDING_ATTACK)
			continue;
		text[0] = 'T';
		r->rule->attack[r->rule->n_attack++] = text;
	}
	return 0;
}

static bool
is_category(struct span name)
{
	size_t i;

	for (i = 0; i < sizeof(categories) / sizeof(categories[0]); i++)
		if (span_is(name, categories[i].name))
			return true;
	return ecs_allows(ECS_EVENT_CATEGORY, name);
}

/* One that no event ever has would be a rule that never fires. */
static int
read_category(struct rule_reader *r, const struct yaml_node *n)
{
	struct buf names;
	size_t i;

	if (n->text.len == 0 || is_category(n->text))
		return 0;
	buf_init(&names);
	for (i = 0; i < sizeof(categories) / sizeof(categories[0]); i++)
		buf_printf(&names, "%s, ", categories[i].name);
	(void)RULE_FAIL(r, n,
	    tr("no record is of the category '%.*s'; there are: %sand those "
	       "of event.category",
		"区分（category）「%.*s」の記録はありません。使えるもの: "
		"%sevent.categoryの値"),
	    (int)n->text.len, (const char *)n->text.p, buf_cstr(&names));
	buf_fini(&names);
	return -1;
}

int
rule_read_logsource(struct rule_reader *r, const struct yaml_node *map,
    struct rule_logsource *l)
{
	const struct yaml_node *n;

	if (map == NULL)
		return RULE_FAIL(r, r->root,
		    tr("'%s' is missing", "「%s」がありません"), "logsource");
	l->at = map;
	for (n = map->first; n != NULL; n = n->next) {
		if (n->kind != YAML_SCALAR ||
		    !sheet_is_one_of(n->key,
			"category|product|service|definition"))
			return RULE_FAIL(r, n,
			    tr("logsource has category, product, service and "
			       "definition",
				"logsourceにはcategory product service "
				"definitionが書けます"));
		if (span_is(n->key, "category") && read_category(r, n) == -1)
			return -1;
		if (span_is(n->key, "category"))
			l->category = arena_copy(r->arena, n->text);
		else if (span_is(n->key, "product")) {
			l->product = arena_copy(r->arena, n->text);
			l->at = n;
		} else if (span_is(n->key, "service"))
			l->service = arena_copy(r->arena, n->text);
	}
	return 0;
}

const struct detection_reader *
rule_reader_of(const struct rule_reader *r, enum scope scope,
    struct scope_reader *s)
{
	scope_reader_init(s, scope, r->settings);
	s->names = r->names;
	s->expanded = r->expanded;
	s->r.file = r->file;
	s->r.arena = r->arena;
	s->r.pool = r->pool;
	s->r.err = r->err;
	return &s->r;
}

static int
read_detection(struct rule_reader *r, const struct yaml_node *root,
    const struct yaml_node *documents)
{
	struct yaml_node *correlation = yaml_get(root, "correlation");
	struct yaml_node *extra = yaml_get(root, "x-konseki");
	struct yaml_node *absence =
	    extra == NULL ? NULL : yaml_get(extra, "absence");
	const struct yaml_node *n = yaml_get(root, "detection");
	struct scope_reader s;

	if (correlation != NULL && absence != NULL)
		return RULE_FAIL(r, absence,
		    tr("a rule has a correlation or an absence",
			"correlationとabsenceは、どちらか一方です"));
	if (correlation == NULL)
		correlation = absence;
	if (correlation == NULL && documents->n > 1)
		return RULE_FAIL(r, root,
		    tr("only a correlation or an absence has other documents "
		       "beside it",
			"他の文書と並べられるのはcorrelationと"
			"absenceだけです"));
	if (correlation != NULL && n != NULL)
		return RULE_FAIL(r, n,
		    tr("a correlation or an absence has no detection of its "
		       "own",
			"correlationやabsenceにdetectionは書けません"));
	if (correlation != NULL)
		return rule_read_bases(r, documents) == -1
		    ? -1
		    : rule_read_correlation(r, correlation);
	if (rule_read_logsource(r, yaml_get(root, "logsource"),
		&r->rule->logsource) == -1)
		return -1;
	if (n == NULL)
		return RULE_FAIL(r, root,
		    tr("'%s' is missing", "「%s」がありません"), "detection");
	r->rule->detection =
	    detection_parse(n, rule_reader_of(r, SCOPE_FIELDS, &s));
	return r->rule->detection == NULL ? -1 : 0;
}

static int
read_root(struct rule_reader *r, const struct yaml_node *root,
    const struct yaml_node *documents)
{
	const struct yaml_node *extra = yaml_get(root, "x-konseki");

	if (check_keys(r, root) == -1 || read_head(r, root) == -1 ||
	    read_tags(r, yaml_get(root, "tags")) == -1 ||
	    read_detection(r, root, documents) == -1)
		return -1;
	if (extra == NULL)
		return RULE_FAIL(r, root,
		    tr("'%s' is missing", "「%s」がありません"), "x-konseki");
	r->rule->falsepositives = yaml_get(root, "falsepositives");
	return rule_extra(r, extra);
}

/* The rule is the document with x-konseki, if there are several. */
static int
find_root(struct rule_reader *r, struct yaml_node *documents)
{
	struct yaml_node *doc;

	if ((r->root = documents->first) == NULL)
		return RULE_FAIL(r, documents,
		    tr("a rule is a map", "ルールは対応表で書きます"));
	for (doc = documents->first; doc != NULL; doc = doc->next) {
		if (doc->kind != YAML_MAP)
			return RULE_FAIL(r, doc,
			    tr("a rule is a map", "ルールは対応表で書きます"));
		if (yaml_get(doc, "x-konseki") == NULL)
			continue;
		if (yaml_get(r->root, "x-konseki") != NULL && r->root != doc)
			return RULE_FAIL(r, doc,
			    tr("a file has one rule with x-konseki",
				"x-konsekiのあるルールはファイルに1件です"));
		r->root = doc;
	}
	return 0;
}

struct rule *
rule_parse(struct span text, const char *file, const struct settings *settings,
    struct rule_home *home, struct yaml_error *err)
{
	struct arena *arena = home->arena;
	bool expanded = false;
	struct rule_reader r = { .file = file,
		.settings = settings,
		.arena = arena,
		.pool = &home->pool,
		.names = home->names,
		.expanded = &expanded,
		.err = err };
	struct yaml_node *documents;

	documents = yaml_parse_all(text, file, arena, err);
	if (documents == NULL || find_root(&r, documents) == -1)
		return NULL;
	r.rule = arena_alloc(arena, sizeof(*r.rule));
	r.rule->file = arena_str(arena, span_str(file));
	r.rule->cap = FINDING_CRITICAL;
	if (read_root(&r, r.root, documents) == -1)
		return NULL;
	/* Its examples have ledgers of their own: it is read again for them. */
	if (expanded)
		r.rule->text = arena_copy(arena, text);
	return r.rule;
}

/* Whether folded value begins with a folded name, at a word's end. */
static bool
is_named(struct span value, struct span name)
{
	size_t i;

	if (name.len > value.len)
		return false;
	for (i = 0; i < name.len; i++)
		if ((value.p[i] | 0x20) != (name.p[i] | 0x20))
			return false;
	return value.len == name.len || value.p[i] == '-' ||
	    value.p[i] == ' ' || value.p[i] == '_';
}

static bool
any_named(const struct event *e, const enum ecs *fields, size_t n,
    struct span name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (is_named(event_get(e, fields[i]), name))
			return true;
	return e->format != NULL && is_named(span_str(e->format), name);
}

static bool
in_category(struct span category, const struct event *e)
{
	size_t i;

	for (i = 0; i < sizeof(categories) / sizeof(categories[0]); i++)
		if (span_is(category, categories[i].name))
			return sheet_is_one_of(event_get(e, ECS_KIND),
			    categories[i].kinds);
	return span_eq(event_get(e, ECS_EVENT_CATEGORY), category);
}

bool
rule_routes(const struct rule_logsource *l, const struct event *e)
{
	static const enum ecs products[] = { ECS_OBSERVER_PRODUCT,
		ECS_OBSERVER_VENDOR, ECS_OBSERVER_TYPE };
	static const enum ecs services[] = { ECS_EVENT_PROVIDER,
		ECS_SYSLOG_APPNAME, ECS_PROCESS_NAME };

	if (l->product.len > 0 && !span_is(l->product, "konseki") &&
	    !any_named(e, products, 3, l->product))
		return false;
	if (l->service.len > 0 && !any_named(e, services, 3, l->service))
		return false;
	return l->category.len == 0 || in_category(l->category, e);
}
