/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/witness.h"

#include <string.h>

#include "analyzer/regex/regex_need.h"
#include "analyzer/sigma/detection_tree.h"
#include "analyzer/sigma/fold.h"

/* What words beside the best list must be worth, and how many they may be. */
#define SCORE_MORE 6
#define WORDS_MORE 1000

#define SCORE_DERIVED 3 /* how much the best of it is better than nothing */

struct finder {
	const struct detection *d;
	uint32_t nfield, nderived;
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

/* They are asked in their order, the dearest last: the best come first. */
static int
score_of_derived(const struct finder *f, uint32_t i)
{
	return 1 + (int)((f->nderived - i) * SCORE_DERIVED / f->nderived);
}

/* A guess at how rare it is, in quarters of a letter. */
static int
score_of(const struct finder *f, const struct witness *w)
{
	int len = (int)(w->text.len < WITNESS_LEN ? w->text.len : WITNESS_LEN);

	switch (w->kind) {
	case WITNESS_PRESENT:
		return 1;
	case WITNESS_EXACT:
		if (w->field >= f->nfield)
			return score_of_derived(f, w->field - f->nfield);
		return is_number(w->text) ? 2 + len : 4 + 4 * len;
	case WITNESS_WORD:
	case WITNESS_ANYWHERE:
		break;
	}
	return len < 3 ? 2 * len : 4 * len;
}

static void
push(const struct finder *f, struct witnesses *to, const struct witness *w)
{
	struct witness *more;

	if (to->n == to->cap) {
		to->cap = to->cap == 0 ? 2 : to->cap * 2;
		more = arena_alloc(f->arena, to->cap * sizeof(*more));
		if (to->n > 0)
			memcpy(more, to->v, to->n * sizeof(*more));
		to->v = more;
	}
	to->v[to->n++] = *w;
}

/* Either side may be why it fits: both are looked for. */
static void
join(const struct finder *f, struct witnesses *out, const struct witnesses *b)
{
	size_t i, n = out->n;

	if (n == 0 || b->score < out->score)
		out->score = b->score;
	for (i = 0; i < b->n; i++)
		push(f, out, &b->v[i]);
	/* Twice as many are a letter's quarter less rare. */
	if (n > 0 && (out->n & (out->n - 1)) == 0 && out->score > 1)
		out->score--;
}

/* Whether a list is worth looking for beside a better one. */
static bool
is_worth(const struct witnesses *w)
{
	size_t i;

	for (i = 0; i < w->n && w->v[i].kind == WITNESS_EXACT; i++)
		;
	return i == w->n || (w->score >= SCORE_MORE && w->n <= WORDS_MORE);
}

/* Both must be there: *w is one more, or better than one. */
static void
add(struct witness_lists *out, const struct witnesses *w)
{
	size_t i = out->n;

	while (i > 0 && w->score > out->v[i - 1].score)
		i--;
	if (i == WITNESS_MOST)
		return;
	if (out->n < WITNESS_MOST)
		out->n++;
	memmove(&out->v[i + 1], &out->v[i],
	    (out->n - 1 - i) * sizeof(out->v[0]));
	out->v[i] = *w;
	while (out->n > 1 && !is_worth(&out->v[out->n - 1]))
		out->n--;
}

static void
add_all(const struct finder *f, struct witness_lists *out,
    const struct witness_lists *b)
{
	size_t i;

	for (i = 0; i < b->n; i++)
		add(out, &b->v[i]);
	for (i = 0; i < b->bar.n; i++)
		push(f, &out->bar, &b->bar.v[i]);
}

/* Which list of b goes with w best: of the same field and kind, not taken. */
static size_t
partner(const struct witnesses *w, const struct witness_lists *b,
    const bool *taken)
{
	size_t i, any = b->n;

	for (i = b->n; i-- > 0;) {
		if (taken[i])
			continue;
		any = i;
		if (b->v[i].v[0].field == w->v[0].field &&
		    b->v[i].v[0].kind == w->v[0].kind)
			return i;
	}
	return any;
}

static void
add_joined(const struct finder *f, struct witness_lists *out,
    const struct witnesses *a, const struct witnesses *b)
{
	struct witnesses w = { NULL, 0, 0, 0 };

	join(f, &w, a);
	join(f, &w, b);
	add(out, &w);
}

/*
 * Either side may be why it fits: then it has what one of them needs, list by
 * list.  Who has fewer lists has its best with the others too.
 */
static void
either(const struct finder *f, struct witness_lists *out,
    const struct witness_lists *b)
{
	const struct witness_lists a = *out;
	bool taken[WITNESS_MOST] = { false };
	size_t i, k;

	*out = (struct witness_lists){ .n = 0 };
	if (a.n == 0 || b->n == 0)
		return;
	for (i = 0; i < a.n; i++) {
		k = partner(&a.v[i], b, taken);
		if (k < b->n)
			taken[k] = true;
		add_joined(f, out, &a.v[i], &b->v[k < b->n ? k : 0]);
	}
	for (k = 0; k < b->n; k++)
		if (!taken[k])
			add_joined(f, out, &a.v[0], &b->v[k]);
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
	    ascii_part(regex_need_folded(regex_text(t->regex), f->arena));
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
	if (w.kind != WITNESS_EXACT && w.text.len > WITNESS_LEN)
		w.text = span_sub(w.text, w.text.len - WITNESS_LEN,
		    WITNESS_LEN);
	*out = (struct witnesses){ NULL, 0, 0, score_of(f, &w) };
	push(f, out, &w);
	return true;
}

static bool
of_value(const struct finder *f, const struct item *it,
    const struct value *val, struct witnesses *out)
{
	struct witnesses w;
	size_t i;

	*out = (struct witnesses){ NULL, 0, 0, 0 };
	for (i = 0; i < val->n; i++) {
		if (!of_form(f, it, &val->form[i], &w))
			return false;
		join(f, out, &w);
	}
	return out->n > 0;
}

static void
of_item(const struct finder *f, const struct item *it,
    struct witness_lists *out)
{
	struct witnesses w, any = { NULL, 0, 0, 0 };
	size_t i;

	if (it->negate ||
	    (!it->keyword && it->field >= f->nfield + f->nderived))
		return;
	for (i = 0; i < it->n; i++) {
		if (!of_value(f, it, &it->values[i], &w)) {
			if (!it->all)
				return;
		} else if (it->all)
			add(out, &w);
		else
			join(f, &any, &w);
	}
	if (any.n > 0)
		add(out, &any);
}

static void
of_selection(const struct finder *f, const struct selection *s,
    struct witness_lists *out)
{
	const struct alternative *a;
	const struct item *it;
	struct witness_lists each;

	for (a = s->first; a != NULL; a = a->next) {
		each = (struct witness_lists){ .n = 0 };
		for (it = a->first; it != NULL; it = it->next)
			of_item(f, it, &each);
		if (a == s->first)
			*out = each;
		else
			either(f, out, &each);
	}
}

/* A selection of one field and whole values is there if one of them is. */
static void
bar_selection(const struct finder *f, const struct selection *s,
    struct witness_lists *out)
{
	struct witness_lists lists = { .n = 0 };
	const struct item *it = s->first != NULL ? s->first->first : NULL;
	size_t i;

	if (it == NULL || s->first->next != NULL || it->next != NULL ||
	    it->lengths == 0 || it->field >= f->nfield)
		return;
	of_item(f, it, &lists);
	for (i = 0; lists.n > 0 && i < lists.v[0].n; i++)
		if (lists.v[0].v[i].kind == WITNESS_EXACT) /* not '' */
			push(f, &out->bar, &lists.v[0].v[i]);
}

/* Neither side of an "or" may fit. */
static void
bar(const struct finder *f, const struct condition *c,
    struct witness_lists *out)
{
	if (c->op == CONDITION_ITEM)
		bar_selection(f, &f->d->selections[c->item], out);
	if (c->op != CONDITION_OR)
		return;
	bar(f, c->left, out);
	bar(f, c->right, out);
}

static void
of_condition(const struct finder *f, const struct condition *c,
    struct witness_lists *out)
{
	struct witness_lists right = { .n = 0 };

	*out = (struct witness_lists){ .n = 0 };
	switch (c->op) {
	case CONDITION_ITEM:
		of_selection(f, &f->d->selections[c->item], out);
		return;
	case CONDITION_NOT:
		bar(f, c->left, out);
		return;
	case CONDITION_AND:
	case CONDITION_OR:
		break;
	}
	of_condition(f, c->left, out);
	of_condition(f, c->right, &right);
	if (c->op == CONDITION_OR)
		either(f, out, &right);
	else
		add_all(f, out, &right);
}

void
witness_find(const struct detection *d, const struct detection *also,
    uint32_t nfield, uint32_t nderived, struct arena *arena,
    struct witness_lists *out)
{
	struct finder f = { d, nfield, nderived, arena };
	struct witness_lists more;

	of_condition(&f, d->condition, out);
	if (also == NULL)
		return;
	f.d = also;
	of_condition(&f, also->condition, &more);
	add_all(&f, out, &more);
}
