/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/regex/regex_tree.h"

struct parser {
	struct span in;
	size_t pos;
	struct arena *a;
	int depth;
	size_t n;
	bool fold, extended, line; /* (?i), (?x), (?-s) */
	bool failed;
};

static struct regex_node *parse_alt(struct parser *p);

static struct regex_node *
fail(struct parser *p)
{
	p->failed = true;
	return NULL;
}

static struct regex_node *
node(struct parser *p, enum regex_kind kind, size_t from)
{
	struct regex_node *n;

	if (p->n++ >= REGEX_TREE_NODES)
		return fail(p);
	n = arena_alloc(p->a, sizeof(*n));
	n->kind = kind;
	n->from = from;
	n->to = p->pos;
	return n;
}

static bool
at(const struct parser *p, const char *s)
{
	return span_starts(span_sub(p->in, p->pos, p->in.len), span_str(s));
}

/* Behind the next c; false if there is none. */
static bool
skip_past(struct parser *p, char c)
{
	while (p->pos < p->in.len && p->in.p[p->pos] != (uint8_t)c)
		p->pos++;
	return p->pos < p->in.len && p->pos++ < p->in.len;
}

static struct regex_node *
one_byte(struct parser *p, size_t from, uint8_t c)
{
	struct regex_node *n = node(p, REGEX_SET, from);

	if (n == NULL)
		return NULL;
	regex_set_add(&n->set, c, c);
	if (p->fold)
		regex_set_fold(&n->set);
	return n;
}

/* The body of a group, up to and with its ")". */
static struct regex_node *
body(struct parser *p, enum regex_kind kind, size_t from)
{
	bool fold = p->fold, extended = p->extended, line = p->line;
	struct regex_node *child, *n;

	if (++p->depth > REGEX_TREE_DEPTH)
		return fail(p);
	child = parse_alt(p);
	p->depth--;
	p->fold = fold;
	p->extended = extended;
	p->line = line;
	if (p->failed || !at(p, ")"))
		return fail(p);
	p->pos++;
	if (kind == REGEX_CAT) {
		child->from = from;
		child->to = p->pos;
		return child;
	}
	if ((n = node(p, kind, from)) != NULL)
		n->child = child;
	return n;
}

/* (?i), (?s-x:...): pos is at the letters. */
static struct regex_node *
flags(struct parser *p, size_t from)
{
	bool fold = p->fold, extended = p->extended, line = p->line;
	bool off = false;
	struct regex_node *n;

	for (; p->pos < p->in.len; p->pos++) {
		switch (p->in.p[p->pos]) {
		case '^':
			p->fold = p->extended = false;
			p->line = true;
			break;
		case '-':
			off = true;
			break;
		case 'i':
			p->fold = !off;
			break;
		case 'x':
			p->extended = !off;
			break;
		case 's':
			p->line = off;
			break;
		case 'm':
		case 'n':
		case 'J':
		case 'U':
			break;
		case ')':
			p->pos++;
			return node(p, REGEX_EMPTY, from);
		case ':':
			p->pos++;
			n = body(p, REGEX_CAT, from);
			p->fold = fold;
			p->extended = extended;
			p->line = line;
			return n;
		default:
			return fail(p);
		}
	}
	return fail(p);
}

/* A name and what closes it, then the body. */
static struct regex_node *
named(struct parser *p, size_t from, size_t skip, char close)
{
	p->pos += skip;
	return skip_past(p, close) ? body(p, REGEX_CAT, from) : fail(p);
}

static struct regex_node *
group(struct parser *p)
{
	static const struct {
		const char *mark;
		enum regex_kind kind;
	} looks[] = { { "?:", REGEX_CAT }, { "?|", REGEX_CAT },
		{ "?>", REGEX_ATOMIC }, { "?=", REGEX_LOOK },
		{ "?!", REGEX_LOOK }, { "?<=", REGEX_BEHIND },
		{ "?<!", REGEX_BEHIND } };
	size_t from = p->pos++, i;

	for (i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
		if (at(p, looks[i].mark)) {
			p->pos += strlen(looks[i].mark);
			return body(p, looks[i].kind, from);
		}
	}
	if (at(p, "?<"))
		return named(p, from, 2, '>');
	if (at(p, "?P<"))
		return named(p, from, 3, '>');
	if (at(p, "?'"))
		return named(p, from, 2, '\'');
	if (at(p, "?#"))
		return skip_past(p, ')') ? node(p, REGEX_EMPTY, from) : fail(p);
	if (at(p, "?P") || at(p, "?R") || at(p, "?&") || at(p, "?+") ||
	    (at(p, "?") && p->pos + 1 < p->in.len &&
		p->in.p[p->pos + 1] >= '0' && p->in.p[p->pos + 1] <= '9'))
		return skip_past(p, ')') ? node(p, REGEX_OPAQUE, from)
					 : fail(p);
	if (at(p, "*") || at(p, "?(") || at(p, "?C") || at(p, "?*"))
		return fail(p);
	if (at(p, "?")) {
		p->pos++;
		return flags(p, from);
	}
	return body(p, REGEX_CAT, from);
}

/* \Q...\E, its bytes one behind the other. */
static struct regex_node *
quoted(struct parser *p, size_t from)
{
	struct regex_node *n = node(p, REGEX_CAT, from), **last;

	if (n == NULL)
		return NULL;
	for (last = &n->child; p->pos < p->in.len && !at(p, "\\E");
	     last = &(*last)->next) {
		p->pos++;
		*last = one_byte(p, p->pos - 1, p->in.p[p->pos - 1]);
		if (*last == NULL)
			return NULL;
	}
	p->pos += at(p, "\\E") ? 2 : 0;
	n->to = p->pos;
	/* What repeats the last byte would repeat all of them here. */
	if (p->pos < p->in.len && strchr("*+?{", p->in.p[p->pos]) != NULL)
		return fail(p);
	return n;
}

/* Behind what \1, \k<name>, \g{2}, \p{L} or \X speaks of. */
static bool
skip_argument(struct parser *p)
{
	uint8_t c = p->in.p[p->pos - 1];

	if (c >= '1' && c <= '9') {
		while (p->pos < p->in.len && p->in.p[p->pos] >= '0' &&
		    p->in.p[p->pos] <= '9')
			p->pos++;
		return true;
	}
	if (c == 0 || strchr("pPkg", c) == NULL)
		return c == 'X';
	if (at(p, "{"))
		return skip_past(p, '}');
	if (at(p, "<") && c != 'p' && c != 'P')
		return skip_past(p, '>');
	if (at(p, "'") && c != 'p' && c != 'P')
		return p->pos++ < p->in.len && skip_past(p, '\'');
	return p->pos++ < p->in.len && c != 'g';
}

static struct regex_node *
escape(struct parser *p)
{
	size_t from = p->pos;
	struct regex_set set;
	struct regex_node *n;

	switch (regex_escape_take(p->in, &p->pos, &set)) {
	case REGEX_ESCAPE_SET:
		if (p->fold)
			regex_set_fold(&set);
		if ((n = node(p, REGEX_SET, from)) != NULL)
			n->set = set;
		return n;
	case REGEX_ESCAPE_ASSERT:
		return node(p, REGEX_BORDER, from);
	case REGEX_ESCAPE_NONE:
		return node(p, REGEX_EMPTY, from);
	case REGEX_ESCAPE_END:
		return node(p, REGEX_END, from);
	case REGEX_ESCAPE_QUOTE:
		return quoted(p, from);
	case REGEX_ESCAPE_OTHER:
		break;
	}
	return skip_argument(p) ? node(p, REGEX_OPAQUE, from) : fail(p);
}

static struct regex_node *
atom(struct parser *p)
{
	size_t from = p->pos;
	struct regex_set set = { { 0 } };
	struct regex_node *n;

	switch (p->in.p[p->pos]) {
	case '(':
		return group(p);
	case '\\':
		return escape(p);
	case '[':
		if (!regex_class_take(p->in, &p->pos, p->fold, &set))
			return fail(p);
		break;
	case '.':
		p->pos++;
		if (p->line)
			regex_set_add(&set, '\n', '\n');
		regex_set_not(&set);
		break;
	case '^':
		p->pos++;
		return node(p, REGEX_BORDER, from);
	case '$':
		p->pos++;
		return node(p, REGEX_END, from);
	default:
		p->pos++;
		return one_byte(p, from, p->in.p[from]);
	}
	if ((n = node(p, REGEX_SET, from)) != NULL)
		n->set = set;
	return n;
}

static bool
take_count(struct parser *p, size_t *pos, uint32_t *n)
{
	size_t from = *pos;

	for (*n = 0; *pos < p->in.len && p->in.p[*pos] >= '0' &&
	     p->in.p[*pos] <= '9' && *n < 100000; ++*pos)
		*n = *n * 10 + (uint32_t)(p->in.p[*pos] - '0');
	return *pos > from;
}

/* {n}, {n,}, {n,m}; what looks otherwise is literal. */
static bool
take_braces(struct parser *p, uint32_t *min, uint32_t *max)
{
	size_t pos = p->pos + 1;

	if (!take_count(p, &pos, min))
		return false;
	*max = *min;
	if (pos < p->in.len && p->in.p[pos] == ',') {
		pos++;
		if (!take_count(p, &pos, max))
			*max = REGEX_MANY;
	}
	if (pos >= p->in.len || p->in.p[pos] != '}')
		return false;
	p->pos = pos + 1;
	return true;
}

static bool
take_repeat(struct parser *p, uint32_t *min, uint32_t *max)
{
	uint8_t c = p->pos < p->in.len ? p->in.p[p->pos] : 0;

	if (c == '{')
		return take_braces(p, min, max);
	if (c != '*' && c != '+' && c != '?')
		return false;
	p->pos++;
	*min = c == '+';
	*max = c == '?' ? 1 : REGEX_MANY;
	return true;
}

static void
skip_blanks(struct parser *p)
{
	while (p->extended && p->pos < p->in.len) {
		uint8_t c = p->in.p[p->pos];

		if (c == '#') {
			if (!skip_past(p, '\n'))
				p->pos = p->in.len;
		} else if (c == ' ' || (c >= '\t' && c <= '\r'))
			p->pos++;
		else
			break;
	}
}

/* An atom and all that repeats it. */
static struct regex_node *
repeated(struct parser *p)
{
	struct regex_node *n = atom(p), *r;
	uint32_t min, max;

	skip_blanks(p);
	while (n != NULL && take_repeat(p, &min, &max)) {
		if (min > max)
			return fail(p);
		if ((r = node(p, REGEX_REPEAT, n->from)) == NULL)
			return NULL;
		r->child = n;
		r->min = min;
		r->max = max;
		r->possessive = at(p, "+");
		if (at(p, "+") || at(p, "?"))
			p->pos++;
		r->to = p->pos;
		n = r;
		skip_blanks(p);
	}
	return n;
}

static struct regex_node *
parse_cat(struct parser *p)
{
	struct regex_node *n = node(p, REGEX_CAT, p->pos), **last;

	if (n == NULL)
		return NULL;
	for (last = &n->child; ; last = &(*last)->next) {
		skip_blanks(p);
		if (p->pos >= p->in.len || at(p, "|") || at(p, ")"))
			break;
		if ((*last = repeated(p)) == NULL)
			return NULL;
	}
	n->to = p->pos;
	return n;
}

static struct regex_node *
parse_alt(struct parser *p)
{
	struct regex_node *first = parse_cat(p), *n, **last;

	if (first == NULL || !at(p, "|"))
		return first;
	if ((n = node(p, REGEX_ALT, first->from)) == NULL)
		return NULL;
	n->child = first;
	last = &first->next;
	while (at(p, "|")) {
		p->pos++;
		if ((*last = parse_cat(p)) == NULL)
			return NULL;
		last = &(*last)->next;
	}
	n->to = p->pos;
	return n;
}

struct regex_node *
regex_tree_parse(struct span regex, struct arena *a)
{
	struct parser p = { .in = regex, .a = a };
	struct regex_node *n = parse_alt(&p);

	return p.failed || p.pos < regex.len ? NULL : n;
}
