/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/witness.h"

#include <string.h>

#include "analyzer/regex/regex_need.h"
#include "analyzer/sigma/detection_tree.h"
#include "analyzer/sigma/fold.h"

struct finder {
	const struct detection *d;
	uint32_t nfield;
	struct arena *arena;
};

static bool
is_number(struct span s)
{
	size_t i;

	for (i = 0; i < s.len && s.p[i] - (unsigned)'0' < 10; i++)
		;
	return i == s.len;
}

/* A guess at how rare it is, in quarters of a letter. */
static int
score_of(const struct witness *w)
{
	int len = (int)(w->text.len < WITNESS_LEN ? w->text.len : WITNESS_LEN);

	switch (w->kind) {
	case WITNESS_PRESENT:
		return 1;
	case WITNESS_EXACT:
		return is_number(w->text) ? 2 + len : 4 + 4 * len;
	case WITNESS_WORD:
	case WITNESS_ANYWHERE:
		break;
	}
	return len < 3 ? 2 * len : 4 * len;
}

static void
one(const struct finder *f, const struct witness *w, struct witnesses *out)
{
	out->v = arena_alloc(f->arena, sizeof(*out->v));
	out->v[0] = *w;
	out->n = 1;
	out->score = score_of(w);
}

/* Either side may be why it fits: both are looked for. */
static void
join(const struct finder *f, struct witnesses *out, const struct witnesses *b)
{
	struct witness *v =
	    arena_alloc(f->arena, (out->n + b->n) * sizeof(*v));
	int score = out->score < b->score ? out->score : b->score;
	size_t n = out->n + b->n;

	if (out->n > 0)
		memcpy(v, out->v, out->n * sizeof(*v));
	memcpy(v + out->n, b->v, b->n * sizeof(*v));
	/* Twice as many are a letter's quarter less rare. */
	if (out->n > 0 && (n & (n - 1)) == 0 && score > 1)
		score--;
	*out = (struct witnesses){ v, n, score };
}

/* Folding knows characters, so a word does not begin within one. */
static struct span
ascii_part(struct span s)
{
	size_t i = 0, from;
	struct span best = { NULL, 0 };

	while (i < s.len) {
		for (from = i; i < s.len && s.p[i] < 0x80; i++)
			;
		if (i - from > best.len)
			best = span_sub(s, from, i - from);
		i += i < s.len;
	}
	return best;
}

static struct span
word_of_regex(const struct finder *f, const struct test *t)
{
	struct span s =
	    ascii_part(regex_need(regex_text(t->regex), f->arena));
	uint8_t *out = arena_alloc(f->arena, s.len + 1);

	return span_make(out, fold_case(s, out));
}

static bool
of_form(const struct finder *f, const struct item *it, const struct test *t,
    struct witnesses *out)
{
	struct witness w = { WITNESS_PRESENT, it->field, { NULL, 0 } };

	if (t->kind == TEST_NULL || (t->kind == TEST_EXISTS && !t->exists))
		return false;
	if (t->kind == TEST_PATTERN)
		w.text = pattern_literal(&t->pattern, f->arena);
	else if (t->kind == TEST_REGEX)
		w.text = word_of_regex(f, t);
	if (it->keyword && w.text.len == 0)
		return false;
	if (it->keyword)
		w.kind = WITNESS_ANYWHERE;
	else if (w.text.len > 0)
		w.kind = t->kind == TEST_PATTERN && t->pattern.simple &&
			!t->pattern.cased && t->pattern.place == PATTERN_WHOLE
		    ? WITNESS_EXACT
		    : WITNESS_WORD;
	if (w.kind != WITNESS_EXACT)
		w.text = span_sub(w.text, 0, WITNESS_LEN);
	one(f, &w, out);
	return true;
}

static bool
of_value(const struct finder *f, const struct item *it,
    const struct value *val, struct witnesses *out)
{
	struct witnesses w;
	size_t i;

	*out = (struct witnesses){ NULL, 0, 1000 };
	for (i = 0; i < val->n; i++) {
		if (!of_form(f, it, &val->form[i], &w))
			return false;
		join(f, out, &w);
	}
	return out->n > 0;
}

/* The better of two of which both must be there; *has: whether *out is one. */
static void
prefer(struct witnesses *out, bool *has, const struct witnesses *w)
{
	if (!*has || w->score > out->score)
		*out = *w;
	*has = true;
}

static bool
of_item(const struct finder *f, const struct item *it, struct witnesses *out)
{
	struct witnesses w;
	bool has = false;
	size_t i;

	if (it->negate || (!it->keyword && it->field >= f->nfield))
		return false;
	*out = (struct witnesses){ NULL, 0, 1000 };
	for (i = 0; i < it->n; i++) {
		if (!of_value(f, it, &it->values[i], &w)) {
			if (!it->all)
				return false;
			continue;
		}
		if (it->all)
			prefer(out, &has, &w);
		else
			join(f, out, &w);
	}
	return out->n > 0;
}

static bool
of_selection(const struct finder *f, const struct selection *s,
    struct witnesses *out)
{
	const struct alternative *a;
	const struct item *it;
	struct witnesses w, best = { NULL, 0, 0 };
	bool has;

	*out = (struct witnesses){ NULL, 0, 1000 };
	for (a = s->first; a != NULL; a = a->next) {
		has = false;
		for (it = a->first; it != NULL; it = it->next)
			if (of_item(f, it, &w))
				prefer(&best, &has, &w);
		if (!has)
			return false;
		join(f, out, &best);
	}
	return out->n > 0;
}

static bool
of_condition(const struct finder *f, const struct condition *c,
    struct witnesses *out)
{
	struct witnesses left, right;
	bool has = false, l, r;

	switch (c->op) {
	case CONDITION_ITEM:
		return of_selection(f, &f->d->selections[c->item], out);
	case CONDITION_NOT:
		return false;
	case CONDITION_AND:
	case CONDITION_OR:
		break;
	}
	l = of_condition(f, c->left, &left);
	r = of_condition(f, c->right, &right);
	if (c->op == CONDITION_OR) {
		*out = left;
		if (l && r)
			join(f, out, &right);
		return l && r;
	}
	if (l)
		prefer(out, &has, &left);
	if (r)
		prefer(out, &has, &right);
	return has;
}

bool
witness_find(const struct detection *d, uint32_t nfield, struct arena *arena,
    struct witnesses *out)
{
	struct finder f = { d, nfield, arena };

	return of_condition(&f, d->condition, out);
}
