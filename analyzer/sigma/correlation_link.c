/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/correlation_link.h"

#include <assert.h>

#include "common/log.h"

struct linker {
	struct correlation *const *v;
	size_t n;
	const struct correlation_scope *scope;
	struct arena *arena;
	struct correlation_linked *out;
	struct yaml_error err;
};

#define FAIL(l, c, at, ...) yaml_fail(&(l)->err, (c)->file, at, __VA_ARGS__)

static void
refuse(struct linker *l, size_t i)
{
	l->out[i].c = NULL;
	l->scope->refuse(l->scope->arg, (uint32_t)i, &l->err);
}

static int
find_rule(struct linker *l, const struct correlation *c,
    const struct correlation_name *name, struct correlation_source *s)
{
	enum correlation_found found =
	    l->scope->find(l->scope->arg, name->text, &s->number);

	s->chained = found == CORRELATION_OF_OTHER;
	assert(!s->chained || s->number < l->n);
	if (found == CORRELATION_NOBODY)
		return FAIL(l, c, name->at,
		    tr("there is no rule '%.*s'", "ルール「%.*s」がありません"),
		    (int)name->text.len, (const char *)name->text.p);
	return 0;
}

static int
find_rules(struct linker *l, size_t i)
{
	const struct correlation *c = l->v[i];
	struct correlation_source *s;
	size_t k, other;

	s = arena_alloc(l->arena, c->nrules * sizeof(*s));
	l->out[i] = (struct correlation_linked){ c, s };
	for (k = 0; k < c->nrules; k++) {
		if (find_rule(l, c, &c->rules[k], &s[k]) == -1)
			return -1;
		for (other = 0; other < k; other++)
			if (s[other].chained == s[k].chained &&
			    s[other].number == s[k].number)
				return FAIL(l, c, c->rules[k].at,
				    tr("this rule stands here twice",
					"同じルールが二度書かれています"));
	}
	return 0;
}

/* What each alias is said of is one of the rules. */
static int
check_aliases(struct linker *l, size_t i)
{
	const struct correlation *c = l->v[i];
	const struct correlation_source *s = l->out[i].sources;
	struct correlation_source of;
	size_t k, r;

	for (k = 0; k < c->naliases; k++) {
		if (find_rule(l, c, &c->aliases[k].rule, &of) == -1)
			return -1;
		for (r = 0; r < c->nrules; r++)
			if (s[r].chained == of.chained &&
			    s[r].number == of.number)
				break;
		if (r == c->nrules)
			return FAIL(l, c, c->aliases[k].rule.at,
			    tr("this rule is none of the correlation's",
				"この correlation の rules にないルールです"));
	}
	return 0;
}

/* What a name stands for in events of one source. */
static struct span
unalias(struct linker *l, const struct correlation *c,
    const struct correlation_source *s, struct span name)
{
	struct correlation_source of;
	size_t k;

	for (k = 0; k < c->naliases; k++)
		if (span_eq(c->aliases[k].alias, name) &&
		    find_rule(l, c, &c->aliases[k].rule, &of) == 0 &&
		    of.chained == s->chained && of.number == s->number)
			return c->aliases[k].field;
	return name;
}

static int
find_field(struct linker *l, const struct correlation *c,
    const struct correlation_source *s, const struct correlation_name *name,
    uint32_t *field)
{
	struct span text = unalias(l, c, s, name->text);
	const struct correlation *other;
	size_t k;

	*field = CORRELATION_NONE;
	if (s->chained) {
		other = l->v[s->number];
		for (k = 0; k < other->ngroup; k++)
			if (span_eq(other->group[k].text, text))
				*field = (uint32_t)k;
	} else
		*field = l->scope->field(l->scope->arg, text);
	if (*field != CORRELATION_NONE)
		return 0;
	return FAIL(l, c, name->at,
	    s->chained
		? tr("'%.*s' is not in the group-by of the correlation "
		     "that is referred to: write an alias",
		      "参照先の correlation の group-by に「%.*s」があり"
		      "ません。aliases を書いてください")
		: tr("there is no field '%.*s'", "項目「%.*s」はありません"),
	    (int)text.len, (const char *)text.p);
}

static int
find_fields(struct linker *l, size_t i)
{
	const struct correlation *c = l->v[i];
	struct correlation_source *s = l->out[i].sources;
	size_t r, k;

	for (r = 0; r < c->nrules; r++, s++) {
		s->group =
		    arena_alloc(l->arena, (c->ngroup + 1) * sizeof(uint32_t));
		s->fields =
		    arena_alloc(l->arena, (c->nfields + 1) * sizeof(uint32_t));
		for (k = 0; k < c->ngroup; k++)
			if (find_field(l, c, s, &c->group[k], &s->group[k]) ==
			    -1)
				return -1;
		for (k = 0; k < c->nfields; k++)
			if (find_field(l, c, s, &c->fields[k], &s->fields[k]) ==
			    -1)
				return -1;
	}
	return 0;
}

/* One above the highest of those that it refers to; 0: not known yet. */
static unsigned
height(const struct linker *l, size_t i, const unsigned *heights)
{
	const struct correlation_source *s = l->out[i].sources;
	unsigned most = 0;
	size_t k;

	for (k = 0; k < l->v[i]->nrules; k++) {
		if (!s[k].chained)
			continue;
		if (heights[s[k].number] == 0)
			return 0;
		if (heights[s[k].number] > most)
			most = heights[s[k].number];
	}
	return most + 1;
}

/*
 * Build up from those that refer to rules alone: what is never reached refers
 * to itself, or to one that does.  A list of n takes n rounds at most.
 */
static void
refuse_circles(struct linker *l)
{
	unsigned *heights =
	    arena_alloc(l->arena, (l->n + 1) * sizeof(*heights));
	bool more = true;
	size_t i;

	while (more) {
		more = false;
		for (i = 0; i < l->n; i++) {
			if (heights[i] != 0 || l->out[i].c == NULL)
				continue;
			heights[i] = height(l, i, heights);
			more |= heights[i] != 0;
		}
	}
	for (i = 0; i < l->n; i++) {
		if (l->out[i].c == NULL ||
		    (heights[i] != 0 && heights[i] <= CORRELATION_HEIGHT))
			continue;
		(void)FAIL(l, l->v[i], l->v[i]->at,
		    heights[i] == 0
			? tr("what it refers to leads in a circle",
			      "参照をたどると循環しています")
			: tr("more than 10 correlations refer to each other "
			     "in a row",
			      "correlation の参照が10段を超えています"));
		refuse(l, i);
	}
}

/* Whoever refers to a refused one is refused too, until there is none. */
static void
refuse_dependants(struct linker *l)
{
	const struct correlation *c;
	bool more = true;
	size_t i, k;

	while (more) {
		more = false;
		for (i = 0; i < l->n; i++) {
			c = l->out[i].c;
			for (k = 0; c != NULL && k < c->nrules; k++) {
				if (!l->out[i].sources[k].chained ||
				    l->out[l->out[i].sources[k].number].c !=
					NULL)
					continue;
				(void)FAIL(l, c, c->rules[k].at,
				    tr("the correlation '%.*s' was refused",
					"correlation「%.*s」が断られたため使え"
					"ません"),
				    (int)c->rules[k].text.len,
				    (const char *)c->rules[k].text.p);
				refuse(l, i);
				c = NULL;
				more = true;
			}
		}
	}
}

struct correlation_linked *
correlation_link(struct correlation *const *v, size_t n,
    const struct correlation_scope *scope, struct arena *arena)
{
	struct linker l = { .v = v, .n = n, .scope = scope, .arena = arena };
	size_t i;

	l.out = arena_alloc(arena, (n + 1) * sizeof(*l.out));
	for (i = 0; i < n; i++)
		if (v[i] != NULL &&
		    (find_rules(&l, i) == -1 || check_aliases(&l, i) == -1))
			refuse(&l, i);
	refuse_dependants(&l);
	refuse_circles(&l);
	for (i = 0; i < n; i++)
		if (l.out[i].c != NULL && find_fields(&l, i) == -1)
			refuse(&l, i);
	refuse_dependants(&l);
	return l.out;
}
