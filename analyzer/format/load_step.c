/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdlib.h>
#include <string.h>

#include "analyzer/format/load.h"
#include "analyzer/regex/regex_lint.h"
#include "common/buf.h"
#include "common/num.h"
#include "common/text.h"

/* Patterns. */

static void
keep_pattern(struct loader *ld, const struct yaml_node *n, struct regex *p)
{
	struct format_set *set = ld->set;

	if (set->npattern == set->cap) {
		set->cap = set->cap * 2 + 64;
		set->pattern =
		    realloc(set->pattern, set->cap * sizeof(*set->pattern));
		if (set->pattern == NULL)
			abort();
	}
	set->pattern[set->npattern++] =
	    (struct set_pattern){ p, ld->file, n->line };
}

/* Put the fragments where {{name}} stands; they may hold others. */
static int
expand(struct loader *ld, const struct yaml_node *n, struct span s,
    struct buf *out, int depth)
{
	struct load_fragment *f;
	const uint8_t *at, *end;

	while (s.len > 0 && (at = memmem(s.p, s.len, "{{", 2)) != NULL &&
	    (end = memmem(at, s.len - (size_t)(at - s.p), "}}", 2)) != NULL) {
		struct span name = span_make(at + 2, (size_t)(end - at) - 2);

		for (f = ld->fragments; f != NULL && !span_eq(f->name, name);
		     f = f->next)
			;
		if (f == NULL || depth == 0)
			return load_fail(ld, n,
			    tr("there is no fragment "
			       "'%.*s', or it holds itself",
				"部品「%.*s」が"
				"ないか、自分自身を含んでいます"),
			    (int)name.len, (const char *)name.p);
		f->used = true;
		buf_append(out, s.p, (size_t)(at - s.p));
		if (expand(ld, n, f->text, out, depth - 1) != 0)
			return -1;
		s = span_sub(s, (size_t)(end - s.p) + 2, s.len);
	}
	buf_span(out, s);
	return 0;
}

/* The expression would go astray on a hostile line: say where, and how not. */
static void
refuse(struct loader *ld, const struct yaml_node *n,
    enum regex_lint_fault fault, struct span part)
{
	if (fault == REGEX_LINT_NESTED)
		load_fail(ld, n,
		    tr("the repeat '%.*s' can match one text in ever so many "
		       "ways, and on some lines would not end; make what it "
		       "repeats possessive (a++ in place of a+), or let each "
		       "round begin with a character found nowhere else in it",
			"繰り返し「%.*s」は同じ文字列に何通りにも一致し、行に"
			"よっては終わりません。中の繰り返しを後戻りしない形"
			"（a+ でなく a++）にするか、毎回、ほかに現れない文字で"
			"始めてください"),
		    (int)part.len, (const char *)part.p);
	else
		load_fail(ld, n,
		    tr("'%.*s' repeats the same characters twice in a row; "
		       "make the first possessive (a++), give it a narrower "
		       "class ([^,]* in place of .*), or put a character "
		       "between that it cannot match",
			"「%.*s」は同じ文字の繰り返しが続いています。前の方を"
			"後戻りしない形（a++）にするか、文字の範囲を狭める（.* "
			"でなく [^,]*）か、前の方に含まれない文字を間に置いて"
			"ください"),
		    (int)part.len, (const char *)part.p);
}

static struct regex *
compile(struct loader *ld, const struct yaml_node *n, struct span text)
{
	enum regex_lint_fault fault;
	struct span part;
	struct regex *p;
	char err[128];
	size_t offset;

	p = regex_new(text, ld->a, err, sizeof(err), &offset);
	if (p == NULL)
		load_fail(ld, n,
		    tr("expression, at its byte %zu: %s",
			"正規表現の%zuバイト目: %s"),
		    offset, err);
	else
		keep_pattern(ld, n, p);
	if (p == NULL || (fault = regex_lint(text, &part)) == REGEX_LINT_OK)
		return p;
	refuse(ld, n, fault, part);
	return NULL;
}

struct regex *
load_pattern(struct loader *ld, const struct yaml_node *n)
{
	struct regex *p = NULL;
	struct buf text;

	if (n->kind != YAML_SCALAR || n->text.len == 0) {
		load_fail(ld, n,
		    tr("a regular expression is expected",
			"正規表現が必要です"));
		return NULL;
	}
	buf_init(&text);
	if (expand(ld, n, n->text, &text, 8) == 0)
		p = compile(ld, n, buf_view(&text));
	buf_fini(&text);
	return p;
}

static int
load_rule(struct loader *ld, const struct yaml_node *n, uint16_t from,
    struct rule_pattern *r)
{
	uint16_t *slot;
	size_t i, groups;

	if ((r->pattern = load_pattern(ld, n)) == NULL)
		return -1;
	r->from = from;
	r->line = n->line;
	groups = regex_groups(r->pattern);
	r->slot = slot = arena_alloc(ld->a, (groups + 1) * sizeof(*slot));
	for (i = 0; i < groups; i++) {
		if (load_given(ld, n, regex_group_name(r->pattern, i),
			&slot[i]) != 0)
			return -1;
		ld->use[slot[i]].use |= MODEL_GROUP;
	}
	return 0;
}

int
load_patterns(struct loader *ld, const struct yaml_node *n, uint16_t from,
    const struct rule_pattern **out)
{
	struct rule_pattern *r = arena_alloc(ld->a, sizeof(*r));

	*out = r;
	if (n->kind != YAML_SEQ)
		return load_rule(ld, n, from, r);
	for (n = n->first; n != NULL; n = n->next) {
		if (load_rule(ld, n, from, r) != 0)
			return -1;
		if (n->next != NULL)
			r = r->next = arena_alloc(ld->a, sizeof(*r));
	}
	return 0;
}

/* parse: csv, table, pattern; load_key_step.c has those with keys. */

int
load_separators(struct loader *ld, const struct yaml_node *n, struct step *s)
{
	const struct yaml_node *c;

	if ((c = yaml_get(n, "pair")) != NULL && load_byte(ld, c, &s->pair))
		return -1;
	if ((c = yaml_get(n, "separator")) != NULL && load_byte(ld, c, &s->sep))
		return -1;
	return 0;
}

/* Which columns a layout wants, from 1 as people count. */
static int
load_layout_when(struct loader *ld, const struct yaml_node *n,
    struct csv_layout *y)
{
	const struct yaml_node *c;
	struct test *t;
	uint64_t column;

	if (n->kind != YAML_MAP)
		return load_fail(ld, n,
		    tr("column: value is expected",
			"列番号: 値 の対応が必要です"));
	y->test = t = arena_alloc(ld->a, (n->n + 1) * sizeof(*t));
	y->ntest = n->n;
	for (c = n->first; c != NULL; c = c->next, t++) {
		if (num_parse(c->key, CELLS_MAX, &column) != 0 || column == 0)
			return load_fail(ld, c,
			    tr("a column from 1 to %d is "
			       "expected",
				"1から%dまでの列番号が必要です"),
			    CELLS_MAX);
		t->slot = (uint16_t)(column - 1);
		t->how = TEST_IS;
		if (load_texts(ld, c, &t->value, &t->n) != 0)
			return -1;
	}
	return 0;
}

static int
load_limit(struct loader *ld, const struct yaml_node *n, size_t *limit)
{
	uint64_t v;

	if (n->kind != YAML_SCALAR || num_parse(n->text, CELLS_MAX, &v) != 0)
		return load_fail(ld, n,
		    tr("a number up to %d is expected", "%dまでの数が必要です"),
		    CELLS_MAX);
	*limit = (size_t)v;
	return 0;
}

static int
load_columns(struct loader *ld, const struct yaml_node *n, struct csv_layout *y)
{
	const struct yaml_node *c;
	uint16_t *slot;

	if (n->kind != YAML_SEQ || n->n > CELLS_MAX)
		return load_fail(ld, n,
		    tr("a list of at most %d columns is "
		       "expected",
			"%d列までの並びが必要です"),
		    CELLS_MAX);
	y->slot = slot = arena_alloc(ld->a, (n->n + 1) * sizeof(*slot));
	y->n = n->n;
	for (c = n->first; c != NULL; c = c->next, slot++) {
		*slot = SLOT_NONE;
		if (c->kind == YAML_SCALAR && span_is(c->text, "_"))
			continue;
		if (load_given(ld, c, c->text, slot) != 0)
			return -1;
	}
	return 0;
}

static int
load_layout(struct loader *ld, const struct yaml_node *n, struct csv_layout *y)
{
	const struct yaml_node *c;

	if (load_keys(ld, n, "when columns min max") != 0)
		return -1;
	y->min = 1;
	y->max = CELLS_MAX;
	if ((c = yaml_get(n, "when")) != NULL &&
	    load_layout_when(ld, c, y) != 0)
		return -1;
	if ((c = yaml_get(n, "min")) != NULL && load_limit(ld, c, &y->min))
		return -1;
	if ((c = yaml_get(n, "max")) != NULL && load_limit(ld, c, &y->max))
		return -1;
	if ((c = yaml_get(n, "columns")) == NULL)
		return load_fail(ld, n,
		    tr("'columns' is missing", "columns がありません"));
	return load_columns(ld, c, y);
}

static int
load_csv(struct loader *ld, const struct yaml_node *n, struct step *s)
{
	const struct yaml_node *list, *c;
	struct csv_layout *y;

	s->kind = STEP_CSV;
	s->sep = ',';
	if (load_keys(ld, n, "separator layouts") != 0 ||
	    load_separators(ld, n, s) != 0)
		return -1;
	if ((list = yaml_get(n, "layouts")) == NULL || list->kind != YAML_SEQ)
		return load_fail(ld, n,
		    tr("'layouts' is missing: a list",
			"layouts（並び）がありません"));
	s->layout = y = arena_alloc(ld->a, (list->n + 1) * sizeof(*y));
	s->n = list->n;
	for (c = list->first; c != NULL; c = c->next)
		if (load_layout(ld, c, y++) != 0)
			return -1;
	return 0;
}

static int
add_titles(struct loader *ld, const struct yaml_node *n, struct names_entry *e,
    size_t *count)
{
	const struct span *title;
	struct buf folded;
	uint16_t slot;
	size_t i, titles;

	if (load_given(ld, n, n->key, &slot) != 0 ||
	    load_texts(ld, n, &title, &titles) != 0)
		return -1;
	buf_init(&folded);
	for (i = 0; i < titles; i++) {
		folded.len = 0;
		text_fold(text_trim(title[i]), true, &folded);
		e[*count].name = arena_copy(ld->a, buf_view(&folded));
		e[(*count)++].value = slot;
	}
	buf_fini(&folded);
	return 0;
}

static int
load_required(struct loader *ld, const struct yaml_node *n, struct step *s)
{
	const struct span *name;
	uint16_t *slot;
	size_t i;

	if (load_texts(ld, n, &name, &s->n) != 0)
		return -1;
	s->required = slot = arena_alloc(ld->a, (s->n + 1) * sizeof(*slot));
	for (i = 0; i < s->n; i++)
		if (load_input(ld, n, name[i], &slot[i]) != 0)
			return -1;
	return 0;
}

/* A table whose first record names its columns. */
static int
load_table(struct loader *ld, const struct yaml_node *n, struct step *s)
{
	const struct yaml_node *columns, *required, *c;
	struct names_entry *e;
	size_t count = 0;

	s->kind = STEP_CSV_HEADER;
	s->sep = ',';
	if (load_keys(ld, n, "separator columns required directive "
		"untitled") != 0 ||
	    load_separators(ld, n, s) != 0)
		return -1;
	if ((c = yaml_get(n, "directive")) != NULL)
		s->directive = c->text;
	s->untitled = SLOT_NONE;
	if ((c = yaml_get(n, "untitled")) != NULL &&
	    load_given(ld, c, c->text, &s->untitled) != 0)
		return -1;
	columns = yaml_get(n, "columns");
	required = yaml_get(n, "required");
	if (columns == NULL || columns->kind != YAML_MAP || required == NULL)
		return load_fail(ld, n,
		    tr("'columns' and 'required' are "
		       "needed",
			"columns と required が必要です"));
	for (c = columns->first; c != NULL; c = c->next)
		count += c->kind == YAML_SEQ ? c->n : 1;
	if (count > NAMES_MAX)
		return load_fail(ld, columns,
		    tr("more than %d values", "値が%d個より多くあります"),
		    NAMES_MAX);
	e = arena_alloc(ld->a, (count + 1) * sizeof(*e));
	for (c = columns->first, count = 0; c != NULL; c = c->next)
		if (add_titles(ld, c, e, &count) != 0)
			return -1;
	s->keys = names_make(ld->a, e, count);
	return load_required(ld, required, s);
}

static int
load_step(struct loader *ld, const struct yaml_node *n, struct step *s)
{
	const struct yaml_node *c;

	if (load_keys(ld, n,
		"from when optional keyvalue cef leef json xml csv table "
		"pattern"))
		return -1;
	s->from = SLOT_MESSAGE;
	s->line = n->line;
	if ((c = yaml_get(n, "from")) != NULL &&
	    load_input(ld, c, c->text, &s->from) != 0)
		return -1;
	if ((c = yaml_get(n, "when")) != NULL &&
	    load_when(ld, c, &s->when) != 0)
		return -1;
	if ((c = yaml_get(n, "optional")) != NULL &&
	    load_bool(ld, c, &s->optional) != 0)
		return -1;
	switch (load_key_step(ld, n, s)) {
	case 1:
		break;
	case 0:
		return 0;
	default:
		return -1;
	}
	if ((c = yaml_get(n, "csv")) != NULL)
		return load_csv(ld, c, s);
	if ((c = yaml_get(n, "table")) != NULL)
		return load_table(ld, c, s);
	s->kind = STEP_PATTERN;
	if ((c = yaml_get(n, "pattern")) != NULL)
		return load_patterns(ld, c, s->from, &s->pattern);
	return load_fail(ld, n,
	    tr("keyvalue, cef, leef, json, xml, csv, table or pattern is "
	       "expected",
		"keyvalue, cef, leef, json, xml, csv, table, pattern "
		"のどれかが必要です"));
}

int
load_steps(struct loader *ld, const struct yaml_node *n)
{
	const struct yaml_node *c;
	struct step *s;

	if (n->kind != YAML_SEQ)
		return load_fail(ld, n,
		    tr("a list of steps is expected", "手順の並びが必要です"));
	ld->f->step = s = arena_alloc(ld->a, (n->n + 1) * sizeof(*s));
	ld->f->nstep = n->n;
	for (c = n->first; c != NULL; c = c->next, s++) {
		if (load_step(ld, c, s) != 0)
			return -1;
		if (s->kind == STEP_CSV_HEADER && c != n->first)
			return load_fail(ld, c,
			    tr("a table is the first step",
				"table は最初の手順でなければなりません"));
	}
	return 0;
}
