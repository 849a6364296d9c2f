/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/set.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/index.h"
#include "analyzer/sigma/witness.h"
#include "common/literals.h"

/* Bytes of words of one automaton; then comes another. */
#define WORDS_BYTES 60000u

/* Who asks for what is found: runs of rule numbers. */
struct lists {
	uint32_t *start; /* by number, and one behind the last */
	uint32_t *rule;
	uint32_t n;
};

/* Words of one field, or of all. */
struct words {
	struct literals *t;
	struct lists lists;
	struct words *next;
};

struct field_index {
	struct words *words;	/* or NULL */
	struct index *exact;	/* or NULL: number by text */
	struct lists by_exact;
	size_t longest; /* text of exact */
	uint32_t *present; /* rules; n_present of them */
	size_t n_present;
};

/* While it is made: a witness and who needs it. */
struct need {
	struct witness w;
	uint32_t rule;
};

struct set {
	struct arena *arena;
	const struct detection **d;
	size_t n, cap;
	uint32_t nfield;
	struct field_index **field; /* by field; NULL: nobody asks */
	struct words *anywhere;
	uint64_t *always;   /* rules that need nothing */
	uint64_t *anywhere_rules;
	size_t most_words; /* of one automaton */
	size_t n_always;
};

struct set_work {
	uint64_t *candidate, *found;
	uint64_t asked;
};

static void *
must(void *p)
{
	if (p == NULL)
		abort();
	return p;
}

struct set *
set_new(void)
{
	struct set *s = must(calloc(1, sizeof(*s)));

	s->arena = arena_new();
	return s;
}

void
set_free(struct set *s)
{
	uint32_t i;

	if (s == NULL)
		return;
	for (i = 0; s->field != NULL && i < s->nfield; i++)
		if (s->field[i] != NULL)
			index_free(s->field[i]->exact);
	free(s->d);
	free(s->field);
	arena_free(s->arena);
	free(s);
}

void
set_add(struct set *s, const struct detection *d)
{
	if (s->n == s->cap) {
		s->cap = s->cap == 0 ? 256 : s->cap * 2;
		s->d = must(reallocarray(s->d, s->cap, sizeof(*s->d)));
	}
	s->d[s->n++] = d;
}

size_t
set_words(const struct set *s)
{
	return s->n / 64 + 1;
}

size_t
set_unwitnessed(const struct set *s)
{
	return s->n_always;
}

static void
set_bit(uint64_t *bits, uint32_t i)
{
	bits[i / 64] |= UINT64_C(1) << i % 64;
}

/* By field and kind, then by text: the same text side by side. */
static int
by_text(const void *a, const void *b)
{
	const struct need *p = a, *q = b;
	size_t len;
	int c;

	if (p->w.field != q->w.field)
		return p->w.field < q->w.field ? -1 : 1;
	if (p->w.kind != q->w.kind)
		return p->w.kind < q->w.kind ? -1 : 1;
	len = p->w.text.len < q->w.text.len ? p->w.text.len : q->w.text.len;
	c = len == 0 ? 0 : memcmp(p->w.text.p, q->w.text.p, len);
	if (c != 0)
		return c;
	if (p->w.text.len != q->w.text.len)
		return p->w.text.len < q->w.text.len ? -1 : 1;
	return p->rule < q->rule ? -1 : p->rule > q->rule;
}

static struct field_index *
field_of(struct set *s, uint32_t field)
{
	if (s->field[field] == NULL)
		s->field[field] =
		    arena_alloc(s->arena, sizeof(struct field_index));
	return s->field[field];
}

/* Lists of the n needs from v on, whose texts are numbered as they come. */
static uint32_t
make_lists(struct set *s, const struct need *v, size_t n, struct lists *l)
{
	size_t i;

	l->start = arena_alloc(s->arena, (n + 1) * sizeof(*l->start));
	l->rule = arena_alloc(s->arena, n * sizeof(*l->rule));
	for (i = 0; i < n; i++) {
		if (i == 0 || !span_eq(v[i].w.text, v[i - 1].w.text))
			l->start[l->n++] = (uint32_t)i;
		l->rule[i] = v[i].rule;
	}
	l->start[l->n] = (uint32_t)n;
	return l->n;
}

/* As many of v as one automaton takes: how many needs it took. */
static size_t
make_words(struct set *s, const struct need *v, size_t n, struct words **to)
{
	struct words *ws = arena_alloc(s->arena, sizeof(*ws));
	struct literals_word *word;
	size_t i, bytes = 0, count = 0;

	word = must(calloc(n, sizeof(*word)));
	for (i = 0; i < n; i++) {
		if (i > 0 && span_eq(v[i].w.text, v[i - 1].w.text))
			continue;
		if ((bytes += v[i].w.text.len) > WORDS_BYTES)
			break;
		word[count] = (struct literals_word){ v[i].w.text,
			(uint32_t)count };
		count++;
	}
	ws->t = must(literals_make(s->arena, word, count));
	(void)make_lists(s, v, i, &ws->lists);
	free(word);
	ws->next = *to;
	*to = ws;
	if (count / 64 + 1 > s->most_words)
		s->most_words = count / 64 + 1;
	return i;
}

static void
make_exact(struct set *s, const struct need *v, size_t n,
    struct field_index *f)
{
	size_t i, number = 0;

	f->exact = index_new();
	(void)make_lists(s, v, n, &f->by_exact);
	for (i = 0; i < n; i++) {
		if (i > 0 && span_eq(v[i].w.text, v[i - 1].w.text))
			continue;
		*index_put(f->exact, v[i].w.text) = (uint32_t)number++;
		if (v[i].w.text.len > f->longest)
			f->longest = v[i].w.text.len;
	}
}

/* Needs of one field and one kind. */
static void
make_kind(struct set *s, const struct need *v, size_t n)
{
	struct field_index *f;
	size_t i;

	switch (v[0].w.kind) {
	case WITNESS_WORD:
		f = field_of(s, v[0].w.field);
		for (i = 0; i < n;)
			i += make_words(s, v + i, n - i, &f->words);
		return;
	case WITNESS_EXACT:
		make_exact(s, v, n, field_of(s, v[0].w.field));
		return;
	case WITNESS_PRESENT:
		f = field_of(s, v[0].w.field);
		f->present = arena_alloc(s->arena, n * sizeof(*f->present));
		f->n_present = n;
		for (i = 0; i < n; i++)
			f->present[i] = v[i].rule;
		return;
	case WITNESS_ANYWHERE:
		break;
	}
	for (i = 0; i < n; i++)
		set_bit(s->anywhere_rules, v[i].rule);
	for (i = 0; i < n;)
		i += make_words(s, v + i, n - i, &s->anywhere);
}

/* What each detection needs. */
static struct need *
collect(struct set *s, size_t *count)
{
	struct need *v = NULL;
	struct witnesses w;
	size_t i, k, n = 0, cap = 0;

	for (i = 0; i < s->n; i++) {
		if (!witness_find(s->d[i], s->nfield, s->arena, &w)) {
			set_bit(s->always, (uint32_t)i);
			s->n_always++;
			continue;
		}
		if (n + w.n > cap) {
			cap = (n + w.n) * 2;
			v = must(reallocarray(v, cap, sizeof(*v)));
		}
		for (k = 0; k < w.n; k++)
			v[n++] = (struct need){ w.v[k], (uint32_t)i };
	}
	*count = n;
	return v;
}

void
set_make(struct set *s, uint32_t nfield)
{
	struct need *v;
	size_t i, from, n;

	s->nfield = nfield;
	s->field = must(calloc(nfield + 1, sizeof(struct field_index *)));
	s->always = arena_alloc(s->arena, set_words(s) * sizeof(uint64_t));
	s->anywhere_rules =
	    arena_alloc(s->arena, set_words(s) * sizeof(uint64_t));
	v = collect(s, &n);
	if (n > 0)
		qsort(v, n, sizeof(*v), by_text);
	for (i = from = 0; i < n; i++) {
		if (i + 1 < n && v[i + 1].w.field == v[from].w.field &&
		    v[i + 1].w.kind == v[from].w.kind)
			continue;
		make_kind(s, v + from, i + 1 - from);
		from = i + 1;
	}
	free(v);
}

struct set_work *
set_work_new(const struct set *s)
{
	struct set_work *w = must(calloc(1, sizeof(*w)));

	w->candidate = must(calloc(set_words(s), sizeof(uint64_t)));
	w->found = must(calloc(s->most_words + 1, sizeof(uint64_t)));
	return w;
}

void
set_work_free(struct set_work *w)
{
	if (w == NULL)
		return;
	free(w->candidate);
	free(w->found);
	free(w);
}

uint64_t
set_asked(const struct set_work *w)
{
	return w->asked;
}

static void
add_list(struct set_work *w, const struct lists *l, uint32_t number)
{
	uint32_t i;

	for (i = l->start[number]; i < l->start[number + 1]; i++)
		set_bit(w->candidate, l->rule[i]);
}

static void
scan(struct set_work *w, const struct words *ws, struct span folded)
{
	size_t i, n;
	uint64_t bits;

	for (; ws != NULL; ws = ws->next) {
		n = ws->lists.n / 64 + 1;
		memset(w->found, 0, n * sizeof(*w->found));
		literals_scan(ws->t, folded, w->found);
		for (i = 0; i < n; i++)
			for (bits = w->found[i]; bits != 0; bits &= bits - 1)
				add_list(w, &ws->lists,
				    (uint32_t)(i * 64 +
					(size_t)__builtin_ctzll(bits)));
	}
}

static void
look_at(const struct field_index *f, struct set_work *w, struct view *v,
    struct view_value *o)
{
	uint32_t number;
	size_t i;

	for (i = 0; i < f->n_present; i++)
		set_bit(w->candidate, f->present[i]);
	if (f->exact != NULL && o->text.len <= f->longest &&
	    (number = index_get(f->exact, view_folded(v, o))) != INDEX_NONE)
		add_list(w, &f->by_exact, number);
	if (f->words != NULL)
		scan(w, f->words, view_folded(v, o));
}

/* Whether a rule that looks everywhere may be asked at all. */
static bool
is_wanted(const struct set *s, const uint64_t *routed)
{
	size_t i;

	for (i = 0; i < set_words(s); i++)
		if ((s->anywhere_rules[i] &
			(routed == NULL ? UINT64_MAX : routed[i])) != 0)
			return true;
	return false;
}

static void
find_candidates(const struct set *s, struct set_work *w, struct view *v,
    const uint64_t *routed)
{
	bool anywhere = s->anywhere != NULL && is_wanted(s, routed);
	struct view_value *o;
	uint32_t i;

	memcpy(w->candidate, s->always, set_words(s) * sizeof(*s->always));
	for (i = 0; i < v->n; i++) {
		o = &v->v[i];
		if (o->null)
			continue;
		if (o->field < s->nfield && s->field[o->field] != NULL)
			look_at(s->field[o->field], w, v, o);
		if (anywhere)
			scan(w, s->anywhere, view_folded(v, o));
	}
	if (anywhere && v->whole.text.len > 0)
		scan(w, s->anywhere, view_folded(v, &v->whole));
}

size_t
set_match(const struct set *s, struct set_work *w, struct view *v,
    const uint64_t *routed, uint32_t *hit)
{
	size_t i, n = 0;
	uint64_t bits;
	uint32_t number;

	find_candidates(s, w, v, routed);
	for (i = 0; i < set_words(s); i++) {
		bits = w->candidate[i];
		if (routed != NULL)
			bits &= routed[i];
		for (; bits != 0; bits &= bits - 1) {
			number = (uint32_t)(i * 64 +
			    (size_t)__builtin_ctzll(bits));
			w->asked++;
			if (detection_match(s->d[number], v))
				hit[n++] = number;
		}
	}
	return n;
}
