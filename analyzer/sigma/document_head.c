/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/document_head.h"

#include <stdlib.h>

#include "analyzer/ledger/sheet.h"
#include "analyzer/sigma/detection_tree.h"
#include "common/log.h"
#include "common/num.h"
#include "common/utc.h"

/* Sorted, a list of a million values shows its double ones in time. */
#define HEAD_LIST 1000

enum head_type { TEXT, UUID, RELATED, STATUS, TEXTS, DATE, LEVEL, TAGS, BOOL };

static const struct head_key {
	const char *name;
	enum head_type type;
	size_t max; /* characters */
} keys[] = {
#define KEY(name, type, max) { name, type, max },
#include "analyzer/sigma/document_key_tbl.h"
#undef KEY
};

bool
document_is_null(const struct yaml_node *n)
{
	return n->kind == YAML_SCALAR && n->plain &&
	    (n->text.len == 0 || span_is(n->text, "null") ||
		span_is(n->text, "~"));
}

bool
document_is_text(const struct yaml_node *n)
{
	double number;

	return n->kind == YAML_SCALAR &&
	    (!n->plain ||
		!(document_is_null(n) || detection_number(n->text, &number) ||
		    sheet_is_one_of(n->text,
			"true|True|TRUE|false|False|FALSE")));
}

static size_t
characters(struct span s)
{
	size_t i, n = 0;

	for (i = 0; i < s.len; i++)
		n += (s.p[i] & 0xC0) != 0x80;
	return n;
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
			       ((s.p[i] | 0x20) >= 'a' &&
				   (s.p[i] | 0x20) <= 'f')))
			return false;
	}
	return s.len == 36;
}

static int
read_uuid(const struct document_reader *r, const struct yaml_node *n)
{
	if (n->kind == YAML_SCALAR && is_uuid(n->text))
		return 0;
	return DOCUMENT_FAIL(r, n,
	    tr("an id is a UUID, such as "
	       "929a690e-bef0-4204-a928-ef5e620d6fcc",
		"idはUUIDです（例: 929a690e-bef0-4204-a928-ef5e620d6fcc）"));
}

static int
read_text(const struct document_reader *r, const struct yaml_node *n,
    const struct head_key *key)
{
	if (document_is_text(n) && characters(n->text) <= key->max)
		return 0;
	return DOCUMENT_FAIL(r, n,
	    tr("'%s' is a text of at most %zu characters; a number is one in "
	       "quotes",
		"「%s」は%zu文字以内の文字列です（数は引用符で囲みます）"),
	    key->name, key->max);
}

static int
read_word(const struct document_reader *r, const struct yaml_node *n,
    const struct head_key *key, const char *words)
{
	if (n->kind == YAML_SCALAR && sheet_is_one_of(n->text, words))
		return 0;
	return DOCUMENT_FAIL(r, n,
	    tr("'%s' is one of %s", "「%s」は %s のいずれかです"), key->name,
	    words);
}

/* 2026-11-27; Sigma wrote 2026/11/27 until its version 2. */
static int
read_date(const struct document_reader *r, const struct yaml_node *n,
    const struct head_key *key)
{
	uint64_t year, month, day;
	struct span s = n->text;

	if (n->kind == YAML_SCALAR && s.len == 10 &&
	    (s.p[4] == '-' || s.p[4] == '/') && s.p[7] == s.p[4] &&
	    num_parse(span_sub(s, 0, 4), 9999, &year) == 0 && year > 0 &&
	    num_parse(span_sub(s, 5, 2), 12, &month) == 0 &&
	    num_parse(span_sub(s, 8, 2), 31, &day) == 0 && day > 0 &&
	    day <= (uint64_t)utc_month_days((int)year, (int)month))
		return 0;
	return DOCUMENT_FAIL(r, n,
	    tr("'%s' is a day, such as 2026-11-27",
		"「%s」は 2026-11-27 のような日付です"),
	    key->name);
}

static int
compare_nodes(const void *a, const void *b)
{
	const struct yaml_node *x = *(const struct yaml_node *const *)a;
	const struct yaml_node *y = *(const struct yaml_node *const *)b;
	size_t len = x->text.len < y->text.len ? x->text.len : y->text.len;
	int c = len == 0 ? 0 : memcmp(x->text.p, y->text.p, len);

	return c != 0 ? c : (x->text.len > y->text.len) -
	    (x->text.len < y->text.len);
}

static bool
is_behind(const struct yaml_node *a, const struct yaml_node *b)
{
	return a->line != b->line ? a->line > b->line : a->col > b->col;
}

/* No text stands twice in a list. */
static int
check_twice(const struct document_reader *r, const struct yaml_node *list)
{
	const struct yaml_node **v, *n, *twice = NULL;
	size_t i = 0;

	v = arena_alloc(r->arena, (list->n + 1) * sizeof(const void *));
	for (n = list->first; n != NULL; n = n->next)
		v[i++] = n;
	qsort(v, list->n, sizeof(*v), compare_nodes);
	for (i = 1; i < list->n && twice == NULL; i++)
		if (span_eq(v[i - 1]->text, v[i]->text))
			twice = is_behind(v[i], v[i - 1]) ? v[i] : v[i - 1];
	if (twice == NULL)
		return 0;
	return DOCUMENT_FAIL(r, twice,
	    tr("'%.*s' stands twice in '%.*s'",
		"「%.*s」が「%.*s」に2回あります"),
	    (int)twice->text.len, (const char *)twice->text.p,
	    (int)list->key.len, (const char *)list->key.p);
}

static int
read_texts(const struct document_reader *r, const struct yaml_node *list)
{
	const struct yaml_node *n;

	if (list->kind == YAML_MAP ||
	    (list->kind == YAML_SCALAR &&
		!(span_is(list->key, "falsepositives") &&
		    document_is_text(list))) ||
	    list->n > HEAD_LIST)
		return DOCUMENT_FAIL(r, list,
		    tr("'%.*s' is a list of at most %d texts",
			"「%.*s」は%d個以内の文字列の一覧です"),
		    (int)list->key.len, (const char *)list->key.p, HEAD_LIST);
	for (n = list->first; n != NULL; n = n->next)
		if (!document_is_text(n))
			return DOCUMENT_FAIL(r, n,
			    tr("'%.*s' is a list of texts",
				"「%.*s」は文字列の一覧です"),
			    (int)list->key.len, (const char *)list->key.p);
	return check_twice(r, list);
}

/* namespace.name, as in attack.t1059.001. */
static bool
is_tag(struct span s)
{
	bool dot = false;
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (s.p[i] == '.' && i > 0)
			dot = true;
		else if (!((s.p[i] >= 'a' && s.p[i] <= 'z') ||
			     (s.p[i] >= '0' && s.p[i] <= '9') ||
			     s.p[i] == '-' || s.p[i] == '_'))
			return false;
	}
	return dot && s.p[s.len - 1] != '.';
}

static int
read_tags(const struct document_reader *r, const struct yaml_node *list)
{
	const struct yaml_node *n;

	if (read_texts(r, list) == -1)
		return -1;
	for (n = list->first; n != NULL; n = n->next)
		if (!is_tag(n->text))
			return DOCUMENT_FAIL(r, n,
			    tr("a tag is written namespace.name in lower "
			       "case, such as attack.t1078",
				"タグは attack.t1078 のように小文字で"
				"書きます"));
	return 0;
}

static int
read_related(const struct document_reader *r, const struct yaml_node *list)
{
	static const struct head_key type = { "type", TEXT, 0 };
	const struct yaml_node *n, *id, *how;

	if (list->kind != YAML_SEQ)
		return DOCUMENT_FAIL(r, list,
		    tr("'related' is a list", "「related」は一覧です"));
	for (n = list->first; n != NULL; n = n->next) {
		id = yaml_get(n, "id");
		how = yaml_get(n, "type");
		if (id == NULL || how == NULL)
			return DOCUMENT_FAIL(r, n,
			    tr("what is related has an id and a type",
				"relatedの各項目には id と type が必要です"));
		if (read_uuid(r, id) == -1 ||
		    read_word(r, how, &type,
			"derived|obsolete|merged|renamed|similar") == -1)
			return -1;
	}
	return 0;
}

static int
read_key(const struct document_reader *r, const struct yaml_node *n,
    const struct head_key *key, struct document *d)
{
	switch (key->type) {
	case UUID:
		return read_uuid(r, n);
	case RELATED:
		return read_related(r, n);
	case STATUS:
		return read_word(r, n, key,
		    "stable|test|experimental|deprecated|unsupported");
	case TEXTS:
		return read_texts(r, n);
	case DATE:
		return read_date(r, n, key);
	case LEVEL:
		return read_word(r, n, key,
		    "informational|low|medium|high|critical");
	case TAGS:
		return read_tags(r, n);
	case BOOL:
		if (yaml_bool(n, &d->generate) == 0)
			return 0;
		return DOCUMENT_FAIL(r, n,
		    tr("'%s' is true or false",
			"「%s」は true か false です"),
		    key->name);
	case TEXT:
		break;
	}
	return read_text(r, n, key);
}

static struct span
text_of(const struct yaml_node *root, const char *name)
{
	const struct yaml_node *n = yaml_get(root, name);

	return n == NULL || document_is_null(n) ? span_make(NULL, 0) : n->text;
}

int
document_head(const struct yaml_node *root, const struct document_reader *r,
    struct document *d)
{
	const struct yaml_node *n;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		n = yaml_get(root, keys[i].name);
		if (n != NULL && !document_is_null(n) &&
		    read_key(r, n, &keys[i], d) == -1)
			return -1;
	}
	d->title = text_of(root, "title");
	d->id = text_of(root, "id");
	d->name = text_of(root, "name");
	if (d->title.len > 0)
		return 0;
	n = yaml_get(root, "title");
	return DOCUMENT_FAIL(r, n == NULL ? root : n,
	    tr("'%s' is missing", "「%s」がありません"), "title");
}
