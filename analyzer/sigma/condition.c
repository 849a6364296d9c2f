/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/condition.h"

#include <stdio.h>

#include "common/log.h"

struct parser {
	struct span text;
	size_t pos;	   /* behind the token */
	size_t at;	   /* of the token */
	struct span token; /* empty at the end */
	const struct span *names;
	size_t n;
	bool *used;
	struct arena *arena;
	struct condition_error *err;
	unsigned depth;
};

static bool
is_word(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '*' ||
	    c == '?' || c == '.';
}

static void
advance(struct parser *p)
{
	const uint8_t *s = p->text.p;

	while (p->pos < p->text.len &&
	    (s[p->pos] == ' ' || s[p->pos] == '\n' || s[p->pos] == '\t'))
		p->pos++;
	p->at = p->pos;
	if (p->pos < p->text.len && !is_word(s[p->pos]))
		p->pos++;
	else
		while (p->pos < p->text.len && is_word(s[p->pos]))
			p->pos++;
	p->token = span_sub(p->text, p->at, p->pos - p->at);
}

static bool
is_keyword(struct span token, const char *word)
{
	size_t i;

	if (token.len != strlen(word))
		return false;
	for (i = 0; i < token.len; i++)
		if ((token.p[i] | 0x20) != word[i])
			return false;
	return true;
}

static const struct condition *
fail(struct parser *p, const char *what)
{
	p->err->at = p->at;
	snprintf(p->err->what, sizeof(p->err->what), "%s", what);
	return NULL;
}

static const struct condition *
node(struct parser *p, enum condition_op op, size_t item,
    const struct condition *left, const struct condition *right)
{
	struct condition *c;

	if (left == NULL && op != CONDITION_ITEM)
		return NULL;
	if (right == NULL && (op == CONDITION_AND || op == CONDITION_OR))
		return NULL;
	c = arena_alloc(p->arena, sizeof(*c));
	*c = (struct condition){ op, item, left, right };
	return c;
}

static const struct condition *
item(struct parser *p, size_t i)
{
	p->used[i] = true;
	return node(p, CONDITION_ITEM, i, NULL, NULL);
}

/* Whether a name fits a pattern whose only wildcard is *. */
static bool
fits(struct span name, struct span pattern)
{
	size_t i;

	if (pattern.len == 0)
		return name.len == 0;
	if (pattern.p[0] == '*') {
		for (i = 0; i <= name.len; i++)
			if (fits(span_sub(name, i, name.len),
				span_sub(pattern, 1, pattern.len)))
				return true;
		return false;
	}
	return name.len > 0 && name.p[0] == pattern.p[0] &&
	    fits(span_sub(name, 1, name.len),
		span_sub(pattern, 1, pattern.len));
}

#define STARS 3 /* in one pattern: fits() is exponential in them */

/* "1 of x*": names that begin with _ are meant by "_x*" alone. */
static const struct condition *
quantified(struct parser *p, enum condition_op op)
{
	const struct condition *all = NULL, *one;
	struct span pattern;
	size_t i, stars = 0;

	advance(p);
	if (!is_keyword(p->token, "of"))
		return fail(p, tr("'of' is missing", "「of」がありません"));
	advance(p);
	pattern = is_keyword(p->token, "them") ? SPAN("*") : p->token;
	for (i = 0; i < pattern.len; i++)
		stars += pattern.p[i] == '*';
	if (pattern.len == 0 || !is_word(pattern.p[0]) || stars > STARS)
		return fail(p,
		    tr("'of' needs 'them' or a name with at most three *",
			"「of」の後には them か、*が3個以内の名前が必要です"));
	for (i = 0; i < p->n; i++) {
		if ((p->names[i].p[0] == '_' && pattern.p[0] != '_') ||
		    !fits(p->names[i], pattern))
			continue;
		one = item(p, i);
		all = all == NULL ? one : node(p, op, 0, all, one);
	}
	if (all == NULL)
		return fail(p,
		    tr("no selection has such a name",
			"この名前に合うselectionがありません"));
	advance(p);
	return all;
}

static const char *
aggregation(void)
{
	return tr("aggregations with | are no longer Sigma; write a "
		  "correlation",
	    "「|」による集計はSigmaで廃止されました。correlationを書いて"
	    "ください");
}

static const struct condition *parse_or(struct parser *p);

static const struct condition *
parse_atom(struct parser *p)
{
	const struct condition *c;
	size_t i;

	if (span_is(p->token, "(")) {
		if (++p->depth > CONDITION_DEPTH)
			return fail(p,
			    tr("nested too deeply",
				"括弧の入れ子が深すぎます"));
		advance(p);
		if ((c = parse_or(p)) == NULL)
			return NULL;
		if (!span_is(p->token, ")"))
			return fail(p,
			    tr("')' is missing", "「)」がありません"));
		p->depth--;
		advance(p);
		return c;
	}
	if (span_is(p->token, "1") || is_keyword(p->token, "any"))
		return quantified(p, CONDITION_OR);
	if (is_keyword(p->token, "all"))
		return quantified(p, CONDITION_AND);
	if (span_is(p->token, "|"))
		return fail(p, aggregation());
	for (i = 0; i < p->n; i++) {
		if (!span_eq(p->names[i], p->token))
			continue;
		advance(p);
		return item(p, i);
	}
	return fail(p,
	    tr("the name of a selection is missing here, or there is no such "
	       "selection",
		"selectionの名前がないか、その名前のselectionがありません"));
}

static const struct condition *
parse_not(struct parser *p)
{
	const struct condition *c;

	if (!is_keyword(p->token, "not"))
		return parse_atom(p);
	if (++p->depth > CONDITION_DEPTH)
		return fail(p,
		    tr("nested too deeply", "括弧の入れ子が深すぎます"));
	advance(p);
	c = parse_not(p);
	p->depth--;
	return node(p, CONDITION_NOT, 0, c, NULL);
}

static const struct condition *
parse_and(struct parser *p)
{
	const struct condition *c = parse_not(p);

	while (c != NULL && is_keyword(p->token, "and")) {
		advance(p);
		c = node(p, CONDITION_AND, 0, c, parse_not(p));
	}
	return c;
}

static const struct condition *
parse_or(struct parser *p)
{
	const struct condition *c = parse_and(p);

	while (c != NULL && is_keyword(p->token, "or")) {
		advance(p);
		c = node(p, CONDITION_OR, 0, c, parse_and(p));
	}
	return c;
}

const struct condition *
condition_parse(struct span text, const struct span *names, size_t n,
    bool *used, struct arena *arena, struct condition_error *err)
{
	struct parser p = { .text = text,
		.names = names,
		.n = n,
		.used = used,
		.arena = arena,
		.err = err };
	const struct condition *c;

	advance(&p);
	c = parse_or(&p);
	if (c != NULL && p.token.len > 0)
		return fail(&p,
		    span_is(p.token, "|")
			? aggregation()
			: tr("'and' or 'or' is missing here",
			      "ここに and か or が必要です"));
	return c;
}

bool
condition_holds(const struct condition *c,
    bool (*holds)(void *arg, size_t item), void *arg)
{
	switch (c->op) {
	case CONDITION_AND:
		return condition_holds(c->left, holds, arg) &&
		    condition_holds(c->right, holds, arg);
	case CONDITION_OR:
		return condition_holds(c->left, holds, arg) ||
		    condition_holds(c->right, holds, arg);
	case CONDITION_NOT:
		return !condition_holds(c->left, holds, arg);
	case CONDITION_ITEM:
		break;
	}
	return holds(arg, c->item);
}
