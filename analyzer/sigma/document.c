/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/document.h"

#include "analyzer/ledger/sheet.h"
#include "analyzer/sigma/detection_tree.h"
#include "analyzer/sigma/document_head.h"
#include "common/log.h"

static const struct {
	const char *name;
	enum document_kind kind;
} kinds[] = {
	{ "detection", DOCUMENT_RULE },
	{ "correlation", DOCUMENT_CORRELATION },
	{ "filter", DOCUMENT_FILTER },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* What makes a document a rule, a correlation or a filter. */
static struct yaml_node *
read_kind(const struct document_reader *r, const struct yaml_node *root,
    struct document *d)
{
	struct yaml_node *n, *body = NULL;
	size_t i;

	for (i = 0; i < KINDS; i++) {
		if ((n = yaml_get(root, kinds[i].name)) == NULL)
			continue;
		if (body != NULL) {
			(void)DOCUMENT_FAIL(r, n,
			    tr("'%.*s' and '%s' in one document: part them "
			       "by ---",
				"「%.*s」と「%s」は1つの文書に書けません。"
				"--- で分けてください"),
			    (int)body->key.len, (const char *)body->key.p,
			    kinds[i].name);
			return NULL;
		}
		body = n;
		d->kind = kinds[i].kind;
	}
	n = yaml_get(root, "x-konseki");
	if (body == NULL && n != NULL &&
	    (body = yaml_get(n, "absence")) != NULL)
		d->kind = DOCUMENT_CORRELATION;
	if (body == NULL)
		(void)DOCUMENT_FAIL(r, root,
		    tr("no document of Sigma: a rule has 'detection', a "
		       "correlation 'correlation', a filter 'filter'",
			"Sigmaの文書ではありません。ルールには detection、"
			"相関には correlation、フィルターには filter "
			"が必要です"));
	return body;
}

/* "action: global" and its kind ended with version 2. */
static int
refuse_action(const struct document_reader *r, const struct yaml_node *root)
{
	const struct yaml_node *n = yaml_get(root, "action");

	if (n == NULL || n->kind != YAML_SCALAR ||
	    !sheet_is_one_of(n->text, "global|reset|repeat"))
		return 0;
	return DOCUMENT_FAIL(r, n,
	    tr("'action: %s' is no longer Sigma: write each rule whole, with "
	       "its own title, logsource and detection, and --- between them",
		"「action: %s」はSigmaで廃止されました。title・logsource・"
		"detectionのそろったルールを --- "
		"で区切って書いてください"),
	    (const char *)n->text.p);
}

static int
read_logsource(const struct document_reader *r, const struct yaml_node *root,
    struct document_logsource *l)
{
	const struct yaml_node *map = yaml_get(root, "logsource"), *n;

	if (map == NULL || map->kind != YAML_MAP)
		return DOCUMENT_FAIL(r, map == NULL ? root : map,
		    tr("'logsource' is missing, or no map",
			"logsourceがないか、対応表ではありません"));
	for (n = map->first; n != NULL; n = n->next) {
		if (document_is_null(n))
			continue;
		if (!document_is_text(n) ||
		    !sheet_is_one_of(n->key,
			"category|product|service|definition"))
			return DOCUMENT_FAIL(r, n,
			    tr("logsource has the texts category, product, "
			       "service and definition",
				"logsourceには category product service "
				"definition を文字列で書きます"));
		if (span_is(n->key, "category"))
			l->category = n->text;
		else if (span_is(n->key, "product"))
			l->product = n->text;
		else if (span_is(n->key, "service"))
			l->service = n->text;
	}
	if (l->category.len + l->product.len + l->service.len > 0)
		return 0;
	return DOCUMENT_FAIL(r, map,
	    tr("logsource needs a category, a product or a service: without, "
	       "the rule would be for every event there is",
		"logsourceには category product service "
		"のどれかが必要です（なければ全イベントが対象になります）"));
}

static int
number_field(const struct detection_reader *r, const struct yaml_node *at,
    struct span name, uint32_t *field)
{
	const struct document_reader *own = r->arg;

	(void)at; /* any name is a field */
	*field = fields_put(own->fields, name);
	return 0;
}

static int
nobody_says(const struct document_reader *r, const struct yaml_node *at,
    struct span name)
{
	return DOCUMENT_FAIL(r, at,
	    tr("nobody says what %%%.*s%% stands for; --placeholders names "
	       "the file that does, --site the ledgers",
		"%%%.*s%% の値が決まっていません。--placeholders "
		"で値のファイルを、--site で台帳を指定してください"),
	    (int)name.len, (const char *)name.p);
}

static int
read_expand(const struct detection_reader *r, const struct yaml_node *at,
    struct span name, struct placeholder *p)
{
	const struct document_reader *own = r->arg;

	if (placeholders_get(own->placeholders, name, p) == 0)
		return 0;
	return nobody_says(own, at, name);
}

static int
read_detection(const struct document_reader *r, const struct yaml_node *map,
    struct document *d)
{
	struct document_reader own = *r;
	struct detection_reader dr = { .file = r->path,
		.arena = r->arena,
		.pool = r->pool,
		.err = r->err,
		.field = number_field,
		.expand = read_expand,
		.arg = &own };

	d->detection = detection_parse(map, &dr);
	return d->detection == NULL ? -1 : 0;
}

static bool
has_not(const struct condition *c)
{
	return c != NULL &&
	    (c->op == CONDITION_NOT || has_not(c->left) || has_not(c->right));
}

static int
read_names(const struct document_reader *r, const struct yaml_node *n,
    struct document *d)
{
	const struct yaml_node *name;

	if (n->kind == YAML_SCALAR && span_is(n->text, "any"))
		return 0;
	if (n->kind != YAML_SEQ)
		return DOCUMENT_FAIL(r, n,
		    tr("'rules' is a list of ids or names, or any",
			"「rules」は id か名前の一覧、または any です"));
	for (name = n->first; name != NULL; name = name->next)
		if (name->kind != YAML_SCALAR || name->text.len == 0)
			return DOCUMENT_FAIL(r, name,
			    tr("the id or the name of a rule is needed",
				"ルールの id か名前が必要です"));
	d->rules = n->first == NULL ? NULL : n;
	return 0;
}

/* The detection of a filter is its map without "rules". */
static int
read_filter(const struct document_reader *r, const struct yaml_node *map,
    struct document *d)
{
	const struct yaml_node *rules = yaml_get(map, "rules"), *n;
	struct yaml_node copy = *map, **tail = &copy.first;

	if (rules == NULL)
		return DOCUMENT_FAIL(r, map,
		    tr("'rules' is missing: a list of ids or names, or any",
			"「rules」がありません（id か名前の一覧、または "
			"any）"));
	copy.first = NULL;
	copy.n = 0;
	for (n = map->first; n != NULL; n = n->next) {
		if (n == rules)
			continue;
		*tail = arena_alloc(r->arena, sizeof(**tail));
		**tail = *n;
		tail = &(*tail)->next;
		copy.n++;
	}
	*tail = NULL;
	if (read_names(r, rules, d) == -1 || read_detection(r, &copy, d) == -1)
		return -1;
	d->excludes = has_not(d->detection->condition);
	return 0;
}

static int
read_number(void *arg, const struct yaml_node *at, struct span name,
    struct span *text)
{
	const struct document_reader *r = arg;
	struct placeholder p;

	if (placeholders_get(r->placeholders, name, &p) == -1 || p.n != 1)
		return nobody_says(r, at, name);
	*text = p.v[0];
	return 0;
}

static int
read_correlation(const struct document_reader *r, struct yaml_node *map,
    struct document *d)
{
	struct document_reader own = *r;

	if (correlation_expand(map, r->arena, read_number, &own) == -1)
		return -1;
	d->correlation = span_is(map->key, "absence")
	    ? correlation_parse_absence(map, r->path, r->arena, r->err)
	    : correlation_parse(map, r->path, r->arena, r->err);
	if (d->correlation == NULL)
		return -1;
	d->generate = d->generate || d->correlation->generate;
	return 0;
}

static int
read_body(const struct document_reader *r, struct yaml_node *body,
    struct document *d)
{
	if (body->kind != YAML_MAP)
		return DOCUMENT_FAIL(r, body,
		    tr("'%.*s' is a map", "「%.*s」は対応表で書きます"),
		    (int)body->key.len, (const char *)body->key.p);
	switch (d->kind) {
	case DOCUMENT_RULE:
		return read_logsource(r, d->root, &d->logsource) == -1
		    ? -1
		    : read_detection(r, body, d);
	case DOCUMENT_FILTER:
		return read_logsource(r, d->root, &d->logsource) == -1
		    ? -1
		    : read_filter(r, body, d);
	case DOCUMENT_CORRELATION:
		break;
	}
	return read_correlation(r, body, d);
}

struct document *
document_parse(const struct yaml_node *root, const struct document_reader *r)
{
	struct document *d = arena_alloc(r->arena, sizeof(*d));
	struct yaml_node *body;

	d->path = r->path;
	d->root = root;
	if (root->kind != YAML_MAP) {
		(void)DOCUMENT_FAIL(r, root,
		    tr("a rule is a map", "ルールは対応表で書きます"));
		return NULL;
	}
	if (refuse_action(r, root) == -1 ||
	    (body = read_kind(r, root, d)) == NULL ||
	    document_head(root, r, d) == -1 || read_body(r, body, d) == -1)
		return NULL;
	return d;
}

static bool
gives(struct span of, struct span in)
{
	return of.len == 0 || span_eq(of, in);
}

bool
document_routes(const struct document_logsource *of,
    const struct document_logsource *in)
{
	return gives(of->category, in->category) &&
	    gives(of->product, in->product) && gives(of->service, in->service);
}
