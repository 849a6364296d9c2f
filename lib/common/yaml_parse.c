/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

#include "common/log.h"
#include "common/text.h"

/* One pass over one stream; open maps and sequences are a stack. */
struct loader {
	yaml_parser_t parser;
	struct arena *arena;
	struct yaml_error *err;
	const char *name;
	struct yaml_node *docs;			/* the SEQ of documents */
	struct yaml_node *open[YAML_DEPTH + 1]; /* open[0] is docs */
	struct yaml_node **end[YAML_DEPTH + 1]; /* where the next child goes */
	size_t depth;				/* index of the innermost */
	struct yaml_node key; /* the key read last, if named */
	bool named;
};

static int fail_at(struct loader *l, yaml_mark_t at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static int
fail_at(struct loader *l, yaml_mark_t at, const char *fmt, ...)
{
	struct yaml_node node = { .line = (unsigned)at.line + 1,
		.col = (unsigned)at.column + 1 };
	char what[sizeof(l->err->what)];
	va_list ap;

	va_start(ap, fmt);
	if (vsnprintf(what, sizeof(what), fmt, ap) < 0)
		what[0] = '\0';
	va_end(ap);
	return yaml_fail(l->err, l->name, &node, "%s", what);
}

/* Line and column (in characters) of a byte; for what libyaml cannot place. */
static yaml_mark_t
place(struct span text, size_t pos)
{
	yaml_mark_t at = { pos, 0, 0 };
	size_t i;

	for (i = 0; i < pos && i < text.len; i++) {
		if (text.p[i] == '\n') {
			at.line++;
			at.column = 0;
		} else if ((text.p[i] & 0xC0) != 0x80)
			at.column++;
	}
	return at;
}

/* libyaml's own words, for those who do not read its English. */
static const struct {
	const char *theirs, *en, *ja;
} problems[] = {
#define ROW(theirs, en, ja) { theirs, en, ja },
#include "common/yaml_tbl.h"
#undef ROW
};

static int
fail_syntax(struct loader *l, struct span text)
{
	const yaml_parser_t *p = &l->parser;
	const char *problem = p->problem == NULL ? "?" : p->problem;
	size_t i;

	if (p->error == YAML_READER_ERROR)
		return fail_at(l, place(text, p->problem_offset), "%s",
		    tr("a control character is not allowed here",
			"ここに制御文字は書けません"));
	for (i = 0; i < sizeof(problems) / sizeof(problems[0]); i++)
		if (strcmp(problem, problems[i].theirs) == 0)
			return fail_at(l, p->problem_mark, "%s",
			    tr(problems[i].en, problems[i].ja));
	return fail_at(l, p->problem_mark,
	    tr("not valid YAML: %s", "YAML として読めません: %s"), problem);
}

static struct yaml_node *
node_new(struct loader *l, enum yaml_kind kind, yaml_mark_t at)
{
	struct yaml_node *n = arena_alloc(l->arena, sizeof(*n));

	n->kind = kind;
	n->line = (unsigned)at.line + 1;
	n->col = (unsigned)at.column + 1;
	return n;
}

/* Put a finished scalar or an opened collection where it belongs. */
static void
attach(struct loader *l, struct yaml_node *n)
{
	if (l->named) {
		n->key = l->key.text;
		n->key_line = l->key.line;
		n->key_col = l->key.col;
		l->named = false;
	}
	*l->end[l->depth] = n;
	l->end[l->depth] = &n->next;
	l->open[l->depth]->n++;
}

/* Whether what comes next is the key of a map. */
static bool
key_is_next(const struct loader *l)
{
	return l->open[l->depth]->kind == YAML_MAP && !l->named;
}

static int
on_scalar(struct loader *l, const yaml_event_t *ev)
{
	struct span text =
	    span_make(ev->data.scalar.value, ev->data.scalar.length);
	struct yaml_node *n;

	if (key_is_next(l)) {
		l->key.text = arena_copy(l->arena, text);
		l->key.line = (unsigned)ev->start_mark.line + 1;
		l->key.col = (unsigned)ev->start_mark.column + 1;
		l->named = true;
		return 0;
	}
	n = node_new(l, YAML_SCALAR, ev->start_mark);
	n->text = arena_copy(l->arena, text);
	n->plain = ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	attach(l, n);
	return 0;
}

static int
on_start(struct loader *l, const yaml_event_t *ev, enum yaml_kind kind)
{
	struct yaml_node *n;

	if (key_is_next(l))
		return fail_at(l, ev->start_mark, "%s",
		    tr("a key must be a plain name",
			"キーには名前だけが書けます"));
	if (l->depth == YAML_DEPTH)
		return fail_at(l, ev->start_mark,
		    tr("more than %d levels, one in another",
			"入れ子が %d 段を超えています"),
		    YAML_DEPTH);
	n = node_new(l, kind, ev->start_mark);
	attach(l, n);
	l->depth++;
	l->open[l->depth] = n;
	l->end[l->depth] = &n->first;
	return 0;
}

static int
by_key(const void *a, const void *b)
{
	const struct yaml_node *x = *(struct yaml_node *const *)a;
	const struct yaml_node *y = *(struct yaml_node *const *)b;
	size_t len = x->key.len < y->key.len ? x->key.len : y->key.len;
	int c = memcmp(x->key.p, y->key.p, len);

	if (c == 0 && x->key.len != y->key.len)
		c = x->key.len < y->key.len ? -1 : 1;
	if (c == 0)
		c = x->key_line < y->key_line ? -1 : x->key_line > y->key_line;
	return c != 0 ? c : x->key_col < y->key_col ? -1 : 1;
}

/* By sorting: a map of a million keys must not take a day. */
static int
check_keys(struct loader *l, const struct yaml_node *map)
{
	struct yaml_node **keys, *n, *twice = NULL;
	const struct yaml_node *first = NULL;
	yaml_mark_t at;
	size_t i = 0;

	if (map->n < 2)
		return 0;
	if ((keys = calloc(map->n, sizeof(*keys))) == NULL)
		abort();
	for (n = map->first; n != NULL; n = n->next)
		keys[i++] = n;
	qsort(keys, map->n, sizeof(*keys), by_key);
	for (i = 1; i < map->n; i++)
		if (span_eq(keys[i - 1]->key, keys[i]->key)) {
			first = keys[i - 1];
			twice = keys[i];
			break;
		}
	free(keys);
	if (twice == NULL)
		return 0;
	at = (yaml_mark_t){ 0, twice->key_line - 1, twice->key_col - 1 };
	return fail_at(l, at,
	    tr("'%s' stands here for the second time, after line %u",
		"「%s」が重複しています(最初は %u 行目)"),
	    (const char *)twice->key.p, first->key_line);
}

static int
on_end(struct loader *l)
{
	const struct yaml_node *n = l->open[l->depth];

	l->depth--;
	return n->kind == YAML_MAP ? check_keys(l, n) : 0;
}

static int
refuse(struct loader *l, yaml_mark_t at, const yaml_char_t *anchor,
    const yaml_char_t *tag)
{
	if (anchor != NULL)
		return fail_at(l, at, "%s",
		    tr("anchors (&name) and aliases (*name) are not allowed: "
		       "write it out, or put the value in quotes",
			"アンカー(&名前)とエイリアス(*名前)は使えません。"
			"繰り返して書くか、値を引用符で囲んでください"));
	if (tag != NULL)
		return fail_at(l, at, "%s",
		    tr("tags (!name) are not allowed: put the value in quotes",
			"タグ(!名前)は使えません。値を引用符で囲んで"
			"ください"));
	return 0;
}

static int
on_event(struct loader *l, const yaml_event_t *ev)
{
	const yaml_char_t *anchor = NULL, *tag = NULL;

	switch (ev->type) {
	case YAML_ALIAS_EVENT:
		return refuse(l, ev->start_mark, ev->data.alias.anchor, NULL);
	case YAML_SCALAR_EVENT:
		anchor = ev->data.scalar.anchor;
		tag = ev->data.scalar.tag;
		break;
	case YAML_SEQUENCE_START_EVENT:
		anchor = ev->data.sequence_start.anchor;
		tag = ev->data.sequence_start.tag;
		break;
	case YAML_MAPPING_START_EVENT:
		anchor = ev->data.mapping_start.anchor;
		tag = ev->data.mapping_start.tag;
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return on_end(l);
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		return 0;
	}
	if (refuse(l, ev->start_mark, anchor, tag) != 0)
		return -1;
	if (ev->type == YAML_SCALAR_EVENT)
		return on_scalar(l, ev);
	return on_start(l, ev,
	    ev->type == YAML_MAPPING_START_EVENT ? YAML_MAP : YAML_SEQ);
}

static int
load(struct loader *l, struct span text)
{
	yaml_event_t ev;
	bool end = false;
	int rc = 0;

	while (rc == 0 && !end) {
		if (!yaml_parser_parse(&l->parser, &ev))
			return fail_syntax(l, text);
		rc = on_event(l, &ev);
		end = ev.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&ev);
	}
	return rc;
}

static size_t
first_bad_byte(struct span text)
{
	size_t i = 0, n;

	while (i < text.len && (n = text_step(span_sub(text, i, 4))) > 0)
		i += n;
	return i;
}

static int
check_text(struct loader *l, struct span text)
{
	if (text.len > YAML_BYTES)
		return yaml_fail(l->err, l->name, NULL,
		    tr("longer than %u bytes", "%u バイトを超えています"),
		    YAML_BYTES);
	if (text_is_utf8(text))
		return 0;
	return fail_at(l, place(text, first_bad_byte(text)), "%s",
	    tr("not UTF-8: save the file as UTF-8",
		"UTF-8 ではありません。文字コードを UTF-8 にして保存し直して"
		"ください"));
}

struct yaml_node *
yaml_parse_all(struct span text, const char *name, struct arena *arena,
    struct yaml_error *err)
{
	static const uint8_t empty[1];
	struct loader l = { .arena = arena, .err = err, .name = name };
	int rc;

	if (check_text(&l, text) != 0)
		return NULL;
	if (!yaml_parser_initialize(&l.parser))
		abort();
	yaml_parser_set_input_string(&l.parser, text.len == 0 ? empty : text.p,
	    text.len);
	l.docs = node_new(&l, YAML_SEQ, (yaml_mark_t){ 0 });
	l.open[0] = l.docs;
	l.end[0] = &l.docs->first;
	rc = load(&l, text);
	yaml_parser_delete(&l.parser);
	return rc == 0 ? l.docs : NULL;
}

struct yaml_node *
yaml_parse(struct span text, const char *name, struct arena *arena,
    struct yaml_error *err)
{
	struct yaml_node *docs = yaml_parse_all(text, name, arena, err);

	if (docs == NULL)
		return NULL;
	if (docs->n == 1)
		return docs->first;
	if (docs->n == 0)
		yaml_fail(err, name, NULL, "%s",
		    tr("there is nothing in this file", "内容がありません"));
	else
		yaml_fail(err, name, docs->first->next, "%s",
		    tr("a second document begins ('---'): one is allowed",
			"2 つ目の文書(---)があります。1 つだけ書けます"));
	return NULL;
}
