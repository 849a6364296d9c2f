/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/set.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/sigma/set_needs.h"

struct set *
set_new(void)
{
	struct set *s = set_must(calloc(1, sizeof(*s)));

	s->arena = arena_new();
	return s;
}

void
set_free(struct set *s)
{
	if (s == NULL)
		return;
	free(s->d);
	free(s->need);
	free(s->lists);
	arena_free(s->arena);
	free(s);
}

void
set_add(struct set *s, const struct detection *d,
    const struct detection *also)
{
	if (s->n == s->cap) {
		s->cap = s->cap == 0 ? 256 : s->cap * 2;
		s->d = set_must(reallocarray(s->d, s->cap, sizeof(*s->d)));
	}
	s->d[s->n++] = (struct set_member){ d, also };
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

/* By field and kind, then by text: the same text side by side. */
static int
by_text(const void *a, const void *b)
{
	const struct set_need *p = a, *q = b;
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
	if (p->rule != q->rule)
		return p->rule < q->rule ? -1 : 1;
	return p->list < q->list ? -1 : p->list > q->list;
}

static void
need(struct set *s, const struct witness *w, size_t rule, size_t list)
{
	if (s->nneed == s->cap_need) {
		s->cap_need = s->cap_need == 0 ? 1024 : s->cap_need * 2;
		s->need = set_must(reallocarray(s->need, s->cap_need,
		    sizeof(*s->need)));
	}
	s->need[s->nneed] = (struct set_need){ *w, (uint32_t)rule,
		(uint32_t)list };
	/* What is derived is short: no words are looked for in it. */
	if (w->field >= s->nfield && w->kind == WITNESS_WORD)
		s->need[s->nneed].w = (struct witness){ WITNESS_PRESENT,
			w->field, { NULL, 0 } };
	s->nneed++;
}

void
set_make(struct set *s, uint32_t nfield, uint32_t nderived)
{
	struct witness_lists w;
	size_t i, k, j;

	s->nfield = nfield;
	s->nderived = nderived;
	s->lists = set_must(calloc(s->n + 1, sizeof(*s->lists)));
	for (i = 0; i < s->n; i++) {
		witness_find(s->d[i].first, s->d[i].also, nfield, nderived,
		    s->arena, &w);
		s->lists[i] = (uint8_t)w.n;
		s->n_always += w.n == 0;
		for (k = 0; k < w.n; k++)
			for (j = 0; j < w.v[k].n; j++)
				need(s, &w.v[k].v[j], i, k);
		for (j = 0; j < w.bar.n; j++)
			need(s, &w.bar.v[j], i, SET_BAR);
	}
	if (s->nneed > 0)
		qsort(s->need, s->nneed, sizeof(*s->need), by_text);
}

size_t
set_texts(struct set *s, uint32_t field, const struct span **texts)
{
	struct span *v = arena_alloc(s->arena, (s->nneed + 1) * sizeof(*v));
	size_t i, n = 0;

	for (i = 0; i < s->nneed; i++)
		if (s->need[i].w.field == field &&
		    s->need[i].w.kind == WITNESS_EXACT &&
		    (n == 0 || !span_eq(v[n - 1], s->need[i].w.text)))
			v[n++] = s->need[i].w.text;
	*texts = v;
	return n;
}

/* What a list of a member says of the field. */
enum said { SAID_ONLY = 1, SAID_ELSE = 2, SAID_TEXT = 4 };

void
set_select(const struct set *s, uint32_t field, struct span text,
    uint64_t *some)
{
	uint8_t *said = set_must(calloc(s->n * SET_ROWS + 1, 1));
	const struct set_need *v;
	size_t i, k;
	bool fits;

	for (v = s->need; v < s->need + s->nneed; v++) {
		i = v->rule * SET_ROWS + v->list;
		said[i] |= v->w.field == field && v->w.kind == WITNESS_EXACT
		    ? SAID_ONLY
		    : SAID_ELSE;
		if (v->w.field == field && v->w.kind == WITNESS_EXACT &&
		    text.p != NULL && span_eq(v->w.text, text))
			said[i] |= SAID_TEXT;
	}
	memset(some, 0, set_words(s) * sizeof(*some));
	for (i = 0; i < s->n; i++) {
		fits = (said[i * SET_ROWS + SET_BAR] & SAID_TEXT) == 0;
		for (k = 0; k < WITNESS_MOST; k++)
			fits &= said[i * SET_ROWS + k] != SAID_ONLY;
		if (fits)
			set_put_bit(some, i);
	}
	free(said);
}
