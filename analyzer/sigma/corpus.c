/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/corpus.h"

#include <errno.h>
#include <stdlib.h>

#include "analyzer/ledger/index.h"
#include "analyzer/sigma/corpus_files.h"
#include "analyzer/sigma/document_head.h"
#include "common/io.h"
#include "common/log.h"

/* A document as it was read; doc is NULL once it is refused. */
struct entry {
	struct document *doc;
	size_t file;
	size_t number; /* of a rule or a correlation, among its like */
};

struct loader {
	struct corpus *c;
	const struct placeholders *placeholders;
	struct corpus_files files;
	bool *bad; /* by file: something of it was refused */
	struct entry *v;
	size_t n, cap;
	struct index *names; /* ids in lower case, and names: of an entry */
};

static void
errors_add(struct corpus_errors *e, const struct yaml_error *err)
{
	if (e->n == e->cap) {
		e->cap = e->cap == 0 ? 16 : e->cap * 2;
		e->v = reallocarray(e->v, e->cap, sizeof(*e->v));
		if (e->v == NULL)
			abort();
	}
	e->v[e->n++] = *err;
}

/* What could not even be listed counts as a file. */
static void
refuse_unlisted(void *arg, const struct yaml_error *err)
{
	struct corpus *c = arg;

	errors_add(&c->refused, err);
	c->files++;
	c->refused_files++;
}

static void
refuse_file(struct loader *l, size_t file, const struct yaml_error *err)
{
	errors_add(&l->c->refused, err);
	l->c->refused_files += !l->bad[file];
	l->bad[file] = true;
}

/* A document that stands for itself but not beside the others. */
static void
refuse(struct loader *l, struct entry *e, const struct yaml_error *err)
{
	refuse_file(l, e->file, err);
	e->doc = NULL;
}

static void
add_entry(struct loader *l, struct document *d, size_t file)
{
	if (l->n == l->cap) {
		l->cap = l->cap == 0 ? 256 : l->cap * 2;
		l->v = reallocarray(l->v, l->cap, sizeof(*l->v));
		if (l->v == NULL)
			abort();
	}
	l->v[l->n++] = (struct entry){ d, file, 0 };
}

static void
read_documents(struct loader *l, const struct yaml_node *docs, size_t file)
{
	const char *path = l->files.v[file];
	struct yaml_error err;
	struct document_reader r = { .path = path,
		.arena = l->c->arena,
		.pool = &l->c->pool,
		.fields = l->c->fields,
		.placeholders = l->placeholders,
		.err = &err };
	const struct yaml_node *n;
	struct document *d;
	size_t found = 0;

	for (n = docs->first; n != NULL; n = n->next) {
		if (document_is_null(n))
			continue; /* "---" before or behind all */
		found++;
		if ((d = document_parse(n, &r)) != NULL)
			add_entry(l, d, file);
		else
			refuse_file(l, file, &err);
	}
	if (found > 0)
		return;
	(void)yaml_fail(&err, path, NULL, "%s",
	    tr("there is nothing in this file", "内容がありません"));
	refuse_file(l, file, &err);
}

static void
read_file(struct loader *l, size_t file, struct buf *text)
{
	const char *rel = l->files.v[file];
	const struct yaml_node *docs;
	struct yaml_error err;
	char path[4096];

	text->len = 0;
	if (io_join(path, sizeof(path), l->files.dir, rel) == -1 ||
	    io_read_file(path, CORPUS_FILE, text) == -1) {
		(void)yaml_fail(&err, rel, NULL,
		    tr("cannot be read: %s", "読めません: %s"),
		    strerror(errno));
		refuse_file(l, file, &err);
		return;
	}
	docs = yaml_parse_all(buf_view(text), rel, l->c->arena, &err);
	if (docs == NULL)
		refuse_file(l, file, &err);
	else
		read_documents(l, docs, file);
}

/* An id in lower case: UUIDs are the same in either. */
static struct span
lower(struct loader *l, struct span s)
{
	char *p = arena_str(l->c->arena, s);
	size_t i;

	for (i = 0; i < s.len; i++)
		if (p[i] >= 'A' && p[i] <= 'Z')
			p[i] = (char)(p[i] + 32);
	return span_make(p, s.len);
}

/* Enter an id or a name.  false: another one has it, and e is refused. */
static bool
enter(struct loader *l, struct entry *e, struct span key, const char *what)
{
	const struct document *twin;
	struct yaml_error err;
	uint32_t *at;

	if (key.len == 0)
		return true;
	at = index_put(l->names, key);
	twin = *at == INDEX_NONE ? NULL : l->v[*at].doc;
	if (twin == NULL) { /* or it is refused itself */
		*at = (uint32_t)(e - l->v);
		return true;
	}
	(void)yaml_fail(&err, e->doc->path, yaml_get(e->doc->root, what),
	    tr("%s has the %s '%.*s' already, in its line %u",
		"%sに同じ%s「%.*s」があります(%u行目)"),
	    twin->path, what, (int)key.len, (const char *)key.p,
	    yaml_get(twin->root, what) == NULL
		? twin->root->line
		: yaml_get(twin->root, what)->line);
	refuse(l, e, &err);
	return false;
}

static void
enter_all(struct loader *l)
{
	struct entry *e;

	for (e = l->v; e < l->v + l->n; e++)
		if (enter(l, e, lower(l, e->doc->id), "id"))
			(void)enter(l, e, e->doc->name, "name");
}

/* Whom a name or an id means, or NULL. */
static struct entry *
find(struct loader *l, struct span name)
{
	uint32_t at = index_get(l->names, name);

	if (at == INDEX_NONE)
		at = index_get(l->names, lower(l, name));
	return at == INDEX_NONE || l->v[at].doc == NULL ? NULL : &l->v[at];
}

static void
collect_rules(struct loader *l)
{
	struct corpus *c = l->c;
	struct entry *e;

	c->rules = calloc(l->n + 1, sizeof(*c->rules));
	if (c->rules == NULL)
		abort();
	for (e = l->v; e < l->v + l->n; e++) {
		if (e->doc == NULL || e->doc->kind != DOCUMENT_RULE)
			continue;
		e->number = c->n;
		c->rules[c->n].place = (size_t)(e - l->v);
		c->rules[c->n++].doc = e->doc;
	}
}

static void
add_filter(struct corpus *c, struct corpus_rule *r, const struct document *f)
{
	const struct detection **more;

	more = arena_alloc(c->arena, (r->nfilter + 1) * sizeof(*more));
	if (r->nfilter > 0)
		memcpy(more, r->filters, r->nfilter * sizeof(*more));
	more[r->nfilter++] = f->detection;
	r->filters = more;
}

/* Whether all rules that a filter names are rules of the corpus. */
static bool
check_names(struct loader *l, struct entry *e)
{
	const struct yaml_node *n = e->doc->rules;
	struct yaml_error err;
	struct entry *to;

	for (n = n == NULL ? NULL : n->first; n != NULL; n = n->next) {
		to = find(l, n->text);
		if (to != NULL && to->doc->kind == DOCUMENT_RULE)
			continue;
		(void)yaml_fail(&err, e->doc->path, n,
		    to == NULL
			? tr("there is no rule '%s' here, or it is refused",
			      "ルール「%s」がないか、断られています")
			: tr("'%s' is no rule; filters are for rules",
			      "「%s」はルールではありません"),
		    (const char *)n->text.p);
		refuse(l, e, &err);
		return false;
	}
	return true;
}

static void
warn(struct loader *l, const struct document *d, const struct yaml_node *at,
    const char *what)
{
	struct yaml_error err;

	(void)yaml_fail(&err, d->path, at, "%s", what);
	errors_add(&l->c->warnings, &err);
}

static void
apply_filter(struct loader *l, const struct document *f)
{
	const struct yaml_node *n;
	struct corpus_rule *r;
	size_t i;

	if (f->rules == NULL) {
		for (i = 0; i < l->c->n; i++)
			if (document_routes(&f->logsource,
				&l->c->rules[i].doc->logsource))
				add_filter(l->c, &l->c->rules[i], f);
		return;
	}
	for (n = f->rules->first; n != NULL; n = n->next) {
		r = &l->c->rules[find(l, n->text)->number];
		if (document_routes(&f->logsource, &r->doc->logsource))
			add_filter(l->c, r, f);
		else
			warn(l, f, n,
			    tr("the filter is for another logsource than this "
			       "rule, and is not applied to it",
				"このルールの logsource "
				"はフィルターと合わないため、適用しません"));
	}
}

static void
apply_filters(struct loader *l)
{
	struct entry *e;

	for (e = l->v; e < l->v + l->n; e++) {
		if (e->doc == NULL || e->doc->kind != DOCUMENT_FILTER ||
		    !check_names(l, e))
			continue;
		apply_filter(l, e->doc);
		if (!e->doc->excludes)
			warn(l, e->doc,
			    yaml_get(yaml_get(e->doc->root, "filter"),
				"condition"),
			    tr("there is no 'not': the rules match only where "
			       "this filter does",
				"not がありません。ルールはこの条件に合う"
				"ときだけ一致します"));
	}
}

/* Of a rule, or of a correlation, the number that it has among its like. */
static enum correlation_found
find_number(void *arg, struct span name, uint32_t *number)
{
	struct entry *e = find(arg, name);

	if (e == NULL || e->doc->kind == DOCUMENT_FILTER)
		return CORRELATION_NOBODY;
	*number = (uint32_t)e->number;
	return e->doc->kind == DOCUMENT_RULE ? CORRELATION_OF_RULE
					     : CORRELATION_OF_OTHER;
}

static uint32_t
number_field(void *arg, struct span name)
{
	struct loader *l = arg;

	return fields_put(l->c->fields, name);
}

static void
refuse_correlation(void *arg, uint32_t number, const struct yaml_error *err)
{
	struct loader *l = arg;
	struct corpus_correlation *c = &l->c->correlations[number];

	if (c->doc != NULL) /* others still find it, and say what it is */
		refuse_file(l, l->v[c->place].file, err);
	c->doc = NULL;
}

static void
collect_correlations(struct loader *l)
{
	struct corpus *c = l->c;
	struct correlation_scope scope = { find_number, number_field,
		refuse_correlation, l };
	struct correlation **v;
	struct entry *e;

	c->correlations = calloc(l->n + 1, sizeof(*c->correlations));
	v = calloc(l->n + 1, sizeof(*v));
	if (c->correlations == NULL || v == NULL)
		abort();
	for (e = l->v; e < l->v + l->n; e++) {
		if (e->doc == NULL || e->doc->kind != DOCUMENT_CORRELATION)
			continue;
		e->number = c->ncorrelation;
		v[e->number] = e->doc->correlation;
		c->correlations[c->ncorrelation++] =
		    (struct corpus_correlation){ e->doc,
			    (size_t)(e - l->v), false };
	}
	c->linked = correlation_link(v, c->ncorrelation, &scope, c->arena);
	free(v);
}

/* What a correlation refers to is silent, unless one wants to hear it. */
static void
silence(struct corpus *c, bool generate)
{
	const struct correlation_linked *from;
	const struct correlation_source *to;
	size_t i, k;

	for (i = 0; i < c->ncorrelation; i++) {
		from = &c->linked[i];
		if (from->c == NULL ||
		    c->correlations[i].doc->generate != generate)
			continue;
		for (k = 0; k < from->c->nrules; k++) {
			to = &from->sources[k];
			if (to->chained)
				c->correlations[to->number].silent = !generate;
			else
				c->rules[to->number].silent = !generate;
		}
	}
}

static int
by_place(const void *a, const void *b)
{
	const struct yaml_error *x = a, *y = b;
	int c = strcmp(x->file, y->file);

	if (c == 0)
		c = (x->line > y->line) - (x->line < y->line);
	return c != 0 ? c : (x->col > y->col) - (x->col < y->col);
}

static void
sort(struct corpus_errors *e)
{
	if (e->n > 1)
		qsort(e->v, e->n, sizeof(*e->v), by_place);
}

static void
resolve(struct loader *l)
{
	enter_all(l);
	collect_rules(l);
	collect_correlations(l);
	silence(l->c, false);
	silence(l->c, true);
	apply_filters(l);
	sort(&l->c->refused);
	sort(&l->c->warnings);
}

static void
make_set(struct corpus *c)
{
	size_t i;

	c->set = set_new();
	for (i = 0; i < c->n; i++)
		set_add(c->set, c->rules[i].doc->detection, NULL);
	set_make(c->set, fields_count(c->fields), 0);
}

struct corpus *
corpus_load(const char *dir, const struct placeholders *placeholders)
{
	struct corpus *c = calloc(1, sizeof(*c));
	struct loader l = { .c = c, .placeholders = placeholders };
	struct buf text;
	size_t i;

	if (c == NULL)
		abort();
	c->arena = arena_new();
	c->fields = fields_new();
	l.files = (struct corpus_files){ .arena = c->arena,
		.dir = dir,
		.refuse = refuse_unlisted,
		.arg = c };
	if (corpus_files(&l.files) == -1) {
		corpus_free(c);
		return NULL;
	}
	c->dir = arena_str(c->arena, span_str(l.files.dir));
	c->files += l.files.n;
	l.names = index_new();
	l.bad = arena_alloc(c->arena, l.files.n + 1);
	buf_init(&text);
	for (i = 0; i < l.files.n; i++)
		read_file(&l, i, &text);
	buf_fini(&text);
	resolve(&l);
	make_set(c);
	c->ndocument = l.n;
	index_free(l.names);
	free(l.files.v);
	free(l.v);
	return c;
}

void
corpus_free(struct corpus *c)
{
	if (c == NULL)
		return;
	set_free(c->set);
	free(c->rules);
	free(c->correlations);
	free(c->refused.v);
	free(c->warnings.v);
	fields_free(c->fields);
	detection_pool_fini(&c->pool);
	arena_free(c->arena);
	free(c);
}
