/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/explain.h"

#include <string.h>

#include "analyzer/format/apply.h"
#include "analyzer/format/set.h"

/* How well a line fits formats that did not take it, or the one that did. */

static bool
has(struct span text, struct span part)
{
	return text.len >= part.len &&
	    memmem(text.p, text.len, part.p, part.len) != NULL;
}

static bool
word_holds(enum explain_how how, struct span text, const struct header *h,
    struct span word)
{
	if (how == EXPLAIN_APP)
		return span_eq(word, h->app);
	return how == EXPLAIN_STARTS ? span_starts(text, word)
				     : has(text, word);
}

static void
add_word(struct explain_way *w, struct explain_word word)
{
	if (w->n == EXPLAIN_WORDS)
		return;
	w->held += word.holds;
	w->word[w->n++] = word;
}

/* One condition: any of the words. */
static void
add_any(struct explain_way *w, enum explain_how how, const struct span *list,
    size_t n, const struct header *h)
{
	struct span text = h->body[w->format->header];
	size_t i;

	if (n == 0)
		return;
	for (i = 0; i < n && !word_holds(how, text, h, list[i]); i++)
		;
	add_word(w, (struct explain_word){ how, i < n, list[i < n ? i : 0] });
}

static void
judge(struct explain_way *w, const struct header *h, struct regex_match *m)
{
	const struct detect *d = w->way;
	struct span text = h->body[w->format->header];
	size_t i;

	w->held = w->n = 0;
	add_any(w, EXPLAIN_APP, d->app, d->napp, h);
	add_any(w, EXPLAIN_STARTS, d->start, d->nstart, h);
	for (i = 0; i < d->nall; i++)
		add_any(w, EXPLAIN_ALL, &d->all[i], 1, h);
	add_any(w, EXPLAIN_CONTAINS, d->any, d->nany, h);
	if (d->pattern != NULL)
		add_word(w,
		    (struct explain_word){ EXPLAIN_PATTERN,
			regex_search(d->pattern, m, text) == 1,
			d->pattern_text });
}

/* Whether a fits better than b: by the part that holds, then by its number. */
static bool
better(const struct explain_way *a, const struct explain_way *b)
{
	if (a->held * b->n != b->held * a->n)
		return a->held * b->n > b->held * a->n;
	return a->held > b->held;
}

void
explain_fit(const struct format *f, const struct header *h,
    struct regex_match *m, struct explain_way *out)
{
	struct explain_way w = { .format = f };

	*out = w;
	for (w.way = f->detect; w.way != NULL; w.way = w.way->otherwise) {
		judge(&w, h, m);
		if (out->way == NULL || better(&w, out))
			*out = w;
	}
}

/* Keep the best in order. */
static size_t
insert(struct explain_way *near, size_t n, const struct explain_way *w)
{
	size_t i;

	if (n == EXPLAIN_NEAR && !better(w, &near[n - 1]))
		return n;
	if (n < EXPLAIN_NEAR)
		n++;
	for (i = n - 1; i > 0 && better(w, &near[i - 1]); i--)
		near[i] = near[i - 1];
	near[i] = *w;
	return n;
}

/* Whether a word holds: a pattern alone may be no more than "not these". */
static bool
says_something(const struct explain_way *w)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (w->word[i].holds && w->word[i].how != EXPLAIN_PATTERN)
			return true;
	return false;
}

size_t
explain_nearest(const struct format_set *set, const struct format *but,
    const struct header *h, struct explain_way *near)
{
	struct regex_match *m = regex_match_new();
	struct explain_way w;
	size_t i, n = 0;

	for (i = 0; i < set->n; i++) {
		if (set->format[i] == but)
			continue;
		explain_fit(set->format[i], h, m, &w);
		if (says_something(&w))
			n = insert(near, n, &w);
	}
	regex_match_free(m);
	return n;
}
