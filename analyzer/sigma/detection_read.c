/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/detection.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/regex/regex_lint.h"
#include "analyzer/sigma/encode.h"
#include "analyzer/sigma/modifier.h"
#include "common/literals.h"
#include "common/log.h"

#define FORMS 3 /* of one value: the offsets of base64offset */

static bool
is_null(const struct yaml_node *n)
{
	return n->plain &&
	    (n->text.len == 0 || span_is(n->text, "null") ||
		span_is(n->text, "~"));
}

static int
read_regex(const struct detection_reader *r, const struct yaml_node *n,
    struct span text, const struct modifiers *m, struct test *t)
{
	struct detection_pool *own = r->pool;
	struct span flags = span_str(!m->i && !m->m && !m->s
		? ""
		: arena_printf(r->arena, "(?%s%s%s)", m->i ? "i" : "",
		      m->m ? "m" : "", m->s ? "s" : ""));
	char why[128];
	struct span part;
	size_t at;

	text = span_str(arena_printf(r->arena, "%s%.*s",
	    (const char *)flags.p, (int)text.len, (const char *)text.p));
	t->regex = regex_new_text(text, r->arena, why, sizeof(why), &at);
	if (t->regex == NULL)
		return DETECTION_FAIL(r, n,
		    tr("the expression is wrong at its character %zu: %s",
			"正規表現の%zu文字目が誤りです: %s"),
		    at < flags.len ? 1 : at - flags.len + 1, why);
	if (own->n == own->cap) {
		own->cap = own->cap == 0 ? 64 : own->cap * 2;
		own->v = reallocarray(own->v, own->cap, sizeof(struct regex *));
		if (own->v == NULL)
			abort();
	}
	own->v[own->n++] = t->regex;
	if (regex_lint(text, &part) == REGEX_LINT_OK)
		return 0;
	return DETECTION_FAIL(r, n,
	    tr("a hostile line would stop this expression: '%.*s' can take the "
	       "same text in several ways",
		"攻撃者の作った行でこの正規表現は止まります: 「%.*s」は同じ文字"
		"列に何通りも一致します"),
	    (int)part.len, (const char *)part.p);
}

/* One text of the rule, its encodings done: a form, or three. */
static int
read_pattern(const struct detection_reader *r, const struct yaml_node *n,
    struct span text, const struct modifiers *m, struct value *v)
{
	unsigned how = (m->cased ? PATTERN_CASED : 0) |
	    (m->windash ? PATTERN_WINDASH : 0) |
	    (m->nchange > 0 ? PATTERN_LITERAL : 0);
	struct span form[FORMS] = { text };
	size_t i, k;

	v->n = 1;
	if (m->nchange > 0 &&
	    (memchr(text.p, '*', text.len) != NULL ||
		memchr(text.p, '?', text.len) != NULL))
		return DETECTION_FAIL(r, n,
		    tr("what is encoded cannot have wildcards",
			"符号化する値にワイルドカードは使えません"));
	for (i = 0; i < m->nchange; i++) {
		if (v->n > 1)
			return DETECTION_FAIL(r, n,
			    tr("base64offset is the last encoding",
				"base64offset は最後に書いてください"));
		if (m->change[i] == CHANGE_BASE64)
			form[0] = encode_base64(form[0], r->arena);
		else if (m->change[i] != CHANGE_BASE64_OFFSET)
			form[0] = encode_utf16(form[0],
			    m->change[i] == CHANGE_UTF16     ? ENCODE_BOM
				: m->change[i] == CHANGE_UTF16BE ? ENCODE_BE
								 : ENCODE_LE,
			    r->arena);
		else
			for (v->n = FORMS, k = FORMS; k-- > 0;)
				form[k] = encode_base64_at(form[0], (unsigned)k,
				    r->arena);
	}
	v->form = arena_alloc(r->arena, v->n * sizeof(*v->form));
	for (k = 0; k < v->n; k++) {
		v->form[k].kind = TEST_PATTERN;
		v->form[k].pattern =
		    pattern_parse(form[k], m->place, how, r->arena);
	}
	return 0;
}

static int
read_number(const struct detection_reader *r, const struct yaml_node *n,
    struct span text, struct test *t)
{
	if (detection_number(text, &t->number))
		return 0;
	return DETECTION_FAIL(r, n, tr("a number is needed", "数が必要です"));
}

static int
read_other(const struct detection_reader *r, const struct yaml_node *n,
    struct span text, const struct modifiers *m, struct test *t)
{
	t->kind = m->kind;
	switch (m->kind) {
	case TEST_REGEX:
		return read_regex(r, n, text, m, t);
	case TEST_CIDR:
		if (prefix_parse(text, &t->prefix) == 0)
			return 0;
		return DETECTION_FAIL(r, n,
		    tr("a network is needed, such as 10.0.0.0/8",
			"10.0.0.0/8のようなネットワークが必要です"));
	case TEST_EXISTS:
		if (yaml_bool(n, &t->exists) == 0)
			return 0;
		return DETECTION_FAIL(r, n,
		    tr("true or false", "true か false が必要です"));
	case TEST_FIELD:
		t->place = m->place;
		t->cased = m->cased;
		return r->field(r, n, text, &t->other);
	case TEST_EQ:
	case TEST_GT:
	case TEST_GTE:
	case TEST_LT:
	case TEST_LTE:
	case TEST_PATTERN:
	case TEST_NULL:
		break;
	}
	return read_number(r, n, text, t);
}

/* 0x and hexadecimal digits: the number in decimal.  False if it is not. */
static bool
read_hex(struct span s, struct arena *arena, struct span *decimal)
{
	unsigned long long v = 0;
	size_t i;
	uint8_t c;

	if (s.len < 3 || s.len > 18 || s.p[0] != '0' || s.p[1] != 'x')
		return false;
	for (i = 2; i < s.len; i++) {
		c = s.p[i] | 0x20;
		if ((c < '0' || c > '9') && (c < 'a' || c > 'f'))
			return false;
		v = v << 4 | (c <= '9' ? c - (unsigned)'0' : c - 'a' + 10u);
	}
	*decimal = span_str(arena_printf(arena, "%llu", v));
	return true;
}

static size_t
digits(struct span s, size_t i)
{
	size_t from = i;

	while (i < s.len && s.p[i] >= '0' && s.p[i] <= '9')
		i++;
	return i - from;
}

/*
 * What is a number to YAML is compared as events write it: 3.0 is 3, +5 is 5,
 * 0x10 is 16.  What YAML 1.1 and 1.2 read differently (010, 1_000, 1e3) stays
 * as it is.
 */
static struct span
number_text(struct span s, struct arena *arena)
{
	size_t sign = s.len > 0 && (s.p[0] == '-' || s.p[0] == '+');
	size_t whole = digits(s, sign), part, len = s.len;
	struct span decimal;

	if (read_hex(s, arena, &decimal))
		return decimal;
	if (whole == 0 || (whole > 1 && s.p[sign] == '0'))
		return s;
	part = digits(s, sign + whole + 1);
	if (sign + whole != len &&
	    (s.p[sign + whole] != '.' || sign + whole + 1 + part != len))
		return s;
	if (sign + whole != len) {
		while (s.p[len - 1] == '0')
			len--;
		len -= s.p[len - 1] == '.';
	}
	s = span_sub(s, s.p[0] == '+', len - (s.p[0] == '+'));
	return span_is(s, "-0") ? SPAN("0") : s;
}

static int
read_text(const struct detection_reader *r, const struct yaml_node *n,
    struct span text, const struct modifiers *m, struct value *v)
{
	v->text = text;
	if (m->kind == TEST_PATTERN && !(is_null(n) && !m->placed))
		return read_pattern(r, n,
		    n->plain && !m->placed && m->nchange == 0
			? number_text(text, r->arena)
			: text,
		    m, v);
	v->form = arena_alloc(r->arena, sizeof(*v->form));
	v->n = 1;
	if (m->kind != TEST_PATTERN)
		return read_other(r, n, text, m, v->form);
	v->form->kind = TEST_NULL;
	return 0;
}

/* The values of an item while they are read: names may stand for several. */
struct values {
	struct value *v;
	size_t n, cap;
};

static struct value *
values_next(const struct detection_reader *r, struct values *vs)
{
	struct value *more;

	if (vs->n == vs->cap) {
		vs->cap = vs->cap == 0 ? 4 : vs->cap * 2;
		more = arena_alloc(r->arena, vs->cap * sizeof(*more));
		if (vs->n > 0)
			memcpy(more, vs->v, vs->n * sizeof(*more));
		vs->v = more;
	}
	return &vs->v[vs->n++];
}

static bool
is_name(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

/* The first %name% of s, from *at on: where it begins, and how long it is. */
static bool
find_name(struct span s, size_t *at, size_t *len)
{
	size_t i, end;

	for (i = *at; i < s.len; i++) {
		if (s.p[i] != '%')
			continue;
		for (end = i + 1; end < s.len && is_name(s.p[end]); end++)
			;
		if (end == s.len || s.p[end] != '%' || end == i + 1)
			continue;
		*at = i;
		*len = end - i + 1;
		return true;
	}
	return false;
}

/*
 * What stands for the names of text from at on, each in its place; several
 * names: each value of one with each of the other.  A text without is itself.
 */
static int
read_expanded(const struct detection_reader *r, const struct yaml_node *n,
    struct span text, size_t at, const struct modifiers *m, struct values *vs)
{
	struct placeholder p = { NULL, 0 };
	struct span whole;
	size_t i, len;

	if (vs->n >= DETECTION_VALUES)
		return DETECTION_FAIL(r, n,
		    tr("more than %d values", "値が%d個を超えています"),
		    DETECTION_VALUES);
	if (!find_name(text, &at, &len))
		return read_text(r, n, text, m, values_next(r, vs));
	if (r->expand == NULL)
		return DETECTION_FAIL(r, n,
		    tr("no names are known here for expand",
			"ここで expand に使える名前はありません"));
	if (r->expand(r, n, span_sub(text, at + 1, len - 2), &p) == -1)
		return -1;
	for (i = 0; i < p.n; i++) {
		whole = span_str(arena_printf(r->arena, "%.*s%.*s%.*s",
		    (int)at, (const char *)text.p, (int)p.v[i].len,
		    (const char *)p.v[i].p, (int)(text.len - at - len),
		    (const char *)text.p + at + len));
		if (read_expanded(r, n, whole, at + p.v[i].len, m, vs) == -1)
			return -1;
	}
	return 0;
}

/* Many texts that may stand anywhere are looked for at once. */
#define WORDS_LEAST 8
#define WORDS_BYTES 4096 /* the automaton is some hundred times that */

static void
make_words(const struct detection_reader *r, struct item *it)
{
	const struct pattern *p;
	struct literals_word *w;
	size_t i, bytes = 0;

	if (it->keyword || it->all || it->n < WORDS_LEAST)
		return;
	w = arena_alloc(r->arena, it->n * sizeof(*w));
	for (i = 0; i < it->n; i++) {
		p = &it->values[i].form[0].pattern;
		if (it->values[i].n != 1 ||
		    it->values[i].form[0].kind != TEST_PATTERN || p->cased ||
		    !p->simple || p->place != PATTERN_CONTAINS ||
		    p->core.len == 0 || (bytes += p->core.len) > WORDS_BYTES)
			return;
		w[i] = (struct literals_word){ p->core, 0 };
	}
	it->words = literals_make(r->arena, w, it->n);
}

/* Values that are whole texts are ruled out by their lengths. */
static void
note_lengths(struct item *it)
{
	const struct pattern *p;
	uint64_t lengths = 0;
	size_t i;

	if (it->keyword || (it->all && it->n > 1))
		return;
	for (i = 0; i < it->n; i++) {
		p = &it->values[i].form[0].pattern;
		if (it->values[i].n != 1 ||
		    it->values[i].form[0].kind != TEST_PATTERN || p->cased ||
		    !p->simple || p->place != PATTERN_WHOLE)
			return;
		lengths |= UINT64_C(1) << p->core.len % 64;
	}
	it->lengths = lengths;
}

static int
read_values(const struct detection_reader *r, const struct yaml_node *n,
    const struct modifiers *m, struct item *it)
{
	const struct yaml_node *v = n->kind == YAML_SEQ ? n->first : n;
	struct values vs = { NULL, 0, 0 };

	for (; v != NULL; v = n->kind == YAML_SEQ ? v->next : NULL) {
		if (v->kind != YAML_SCALAR)
			return DETECTION_FAIL(r, v,
			    tr("a value, or a list of values",
				"値か値の一覧が必要です"));
		if (vs.n >= DETECTION_VALUES)
			return DETECTION_FAIL(r, v,
			    tr("more than %d values", "値が%d個を超えています"),
			    DETECTION_VALUES);
		if (m->expand ? read_expanded(r, v, v->text, 0, m, &vs) == -1
			      : read_text(r, v, v->text, m,
				    values_next(r, &vs)) == -1)
			return -1;
	}
	if (vs.n == 0 && !m->expand)
		return DETECTION_FAIL(r, n,
		    tr("an empty list fits nothing",
			"空の一覧は何にも一致しません"));
	it->line = n->line;
	it->values = vs.v;
	it->n = vs.n;
	it->all = it->all && vs.n > 0; /* names may stand for nothing */
	make_words(r, it);
	note_lengths(it);
	detection_pool_number(r->pool, it);
	return 0;
}

/* A keyword stands anywhere in the text. */
static int
set_keyword(const struct detection_reader *r, const struct yaml_node *n,
    struct modifiers *m, struct item *it)
{
	it->keyword = true;
	it->field = VIEW_OTHER;
	if (m->kind == TEST_PATTERN && !m->placed)
		m->place = PATTERN_CONTAINS;
	if (m->kind == TEST_PATTERN || m->kind == TEST_REGEX)
		return 0;
	return DETECTION_FAIL(r, n,
	    tr("this modifier needs a field", "この修飾子にはフィールドが必要"
					      "です"));
}

static int
read_item(const struct detection_reader *r, const struct yaml_node *n,
    struct item *it)
{
	struct modifiers m;
	struct span name;

	if (modifiers_parse(r, n, &name, &m) == -1 ||
	    (name.len == 0 ? set_keyword(r, n, &m, it)
			   : r->field(r, n, name, &it->field)) == -1)
		return -1;
	it->key = n->key;
	it->all = m.all;
	it->negate = m.neq;
	it->part = m.part;
	return read_values(r, n, &m, it);
}

/* A text, or texts in a list, without a field. */
static int
read_keyword(const struct detection_reader *r, const struct yaml_node *n,
    struct item *it)
{
	struct modifiers m = { .kind = TEST_PATTERN };

	return set_keyword(r, n, &m, it) == -1 ? -1
					       : read_values(r, n, &m, it);
}

static int
read_alternative(const struct detection_reader *r, const struct yaml_node *map,
    struct alternative *a)
{
	struct item **tail = &a->first;
	const struct yaml_node *n;

	if (map->kind == YAML_SCALAR) {
		*tail = arena_alloc(r->arena, sizeof(**tail));
		return read_keyword(r, map, *tail);
	}
	if (map->kind != YAML_MAP || map->first == NULL)
		return DETECTION_FAIL(r, map,
		    tr("a selection is a map of fields, or a list of maps or "
		       "of words",
			"selectionはフィールドの対応表か、対応表または語の一覧"
			"で書きます"));
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
		return DETECTION_FAIL(r, n,
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

static const struct condition *
read_condition(const struct detection_reader *r, const struct yaml_node *n,
    const struct detection *d)
{
	bool used[DETECTION_SELECTIONS] = { false };
	struct span names[DETECTION_SELECTIONS];
	const struct condition *c;
	struct condition_error why;
	size_t i;

	if (n->kind != YAML_SCALAR || n->text.len > DETECTION_CONDITION) {
		(void)DETECTION_FAIL(r, n,
		    tr("a condition is a text of at most %d bytes, or a list "
		       "of such",
			"condition は%dバイト以内の文かその一覧で書きます"),
		    DETECTION_CONDITION);
		return NULL;
	}
	for (i = 0; i < d->n; i++)
		names[i] = d->selections[i].name;
	c = condition_parse(n->text, names, d->n, used, r->arena, &why);
	if (c == NULL) {
		(void)DETECTION_FAIL(r, n, "condition: %s", why.what);
		if (n->plain)
			r->err->col += (unsigned)why.at;
	}
	return c;
}

/* A list of conditions: any of them. */
static int
read_conditions(const struct detection_reader *r, const struct yaml_node *map,
    struct detection *d)
{
	const struct yaml_node *n = yaml_get(map, "condition"), *one;
	const struct condition *c;
	struct condition *any;

	if (n == NULL || (n->kind == YAML_SEQ && n->first == NULL))
		return DETECTION_FAIL(r, n == NULL ? map : n,
		    tr("there is no condition", "condition がありません"));
	one = n->kind == YAML_SEQ ? n->first : n;
	for (; one != NULL; one = n->kind == YAML_SEQ ? one->next : NULL) {
		if ((c = read_condition(r, one, d)) == NULL)
			return -1;
		if (d->condition != NULL) {
			any = arena_alloc(r->arena, sizeof(*any));
			*any = (struct condition){ CONDITION_OR, 0,
				d->condition, c };
			c = any;
		}
		d->condition = c;
	}
	return 0;
}

struct detection *
detection_parse(const struct yaml_node *map, const struct detection_reader *r)
{
	struct detection *d = arena_alloc(r->arena, sizeof(*d));
	const struct yaml_node *n;

	if (map->kind != YAML_MAP || map->n > DETECTION_SELECTIONS + 1) {
		(void)DETECTION_FAIL(r, map,
		    tr("a map of at most %d selections and a condition",
			"%d個以内のselectionとconditionの対応表が必要です"),
		    DETECTION_SELECTIONS);
		return NULL;
	}
	d->selections = arena_alloc(r->arena, map->n * sizeof(*d->selections));
	for (n = map->first; n != NULL; n = n->next) {
		if (span_is(n->key, "condition"))
			continue;
		if (n->key.len == 0 || span_is(n->key, "timeframe")) {
			(void)DETECTION_FAIL(r, n,
			    n->key.len == 0
				? tr("a selection needs a name",
				      "selectionには名前が必要です")
				: tr("timeframe is no longer Sigma; write a "
				     "correlation",
				      "timeframeはSigmaで廃止されました。correl"
				      "ationを書いてください"));
			return NULL;
		}
		d->selections[d->n].name = n->key;
		if (read_selection(r, n, &d->selections[d->n++]) == -1)
			return NULL;
	}
	return read_conditions(r, map, d) == -1 ? NULL : d;
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
