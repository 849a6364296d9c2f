/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/prefilter.h"

#include <string.h>

#include "common/literals.h"

#define WORD_MAX 8 /* bytes of a word that are looked for */

/* A format's number, in a list. */
struct entry {
	uint32_t number;
	struct span text; /* of a start */
	struct entry *next;
};

struct prefilter {
	const struct literals *literals; /* NULL: they are too many */
	const struct names *apps;	 /* number in app */
	struct entry **app;
	struct entry **word; /* by their numbers */
	/* By the first byte of the message at each level. */
	struct entry *start[HEADER_LEVELS][256];
	uint64_t always[PREFILTER_MAX / 64];
	size_t format_words, word_words; /* of found that are in use */
};

/* While it is made. */
struct draft {
	struct arena *a;
	struct prefilter *p;
	size_t napp;
	struct names_entry *app;
};

static void
set(uint64_t *found, uint32_t number)
{
	found[number / 64] |= UINT64_C(1) << number % 64;
}

static void
push(struct draft *d, struct entry **list, uint32_t number, struct span text)
{
	struct entry *e = arena_alloc(d->a, sizeof(*e));

	*e = (struct entry){ number, text, *list };
	*list = e;
}

static void
add_app(struct draft *d, struct span app, uint32_t number)
{
	size_t i;

	for (i = 0; i < d->napp && !span_eq(d->app[i].name, app); i++)
		;
	if (i == d->napp)
		d->app[d->napp++] = (struct names_entry){ app, (uint32_t)i };
	push(d, &d->p->app[i], number, app);
}

/* The longest of the words that have a number, or n. */
static size_t
longest(const struct span *text, const uint16_t *word, size_t n)
{
	size_t i, best = n;

	for (i = 0; i < n; i++)
		if (word[i] != PREFILTER_NO_WORD &&
		    (best == n || text[i].len > text[best].len))
			best = i;
	return best;
}

static bool
all_numbered(const uint16_t *word, size_t n)
{
	size_t i;

	for (i = 0; i < n && word[i] != PREFILTER_NO_WORD; i++)
		;
	return i == n;
}

static bool
any_empty(const struct span *text, size_t n)
{
	size_t i;

	for (i = 0; i < n && text[i].len > 0; i++)
		;
	return i < n;
}

/* What a line must have for this way. */
static void
add_way(struct draft *d, const struct format *f, const struct detect *w,
    uint32_t number)
{
	struct prefilter *p = d->p;
	size_t i;

	if (w->napp > 0) {
		for (i = 0; i < w->napp; i++)
			add_app(d, w->app[i], number);
	} else if (w->nstart > 0 && !any_empty(w->start, w->nstart)) {
		for (i = 0; i < w->nstart; i++)
			push(d, &p->start[f->header][w->start[i].p[0]], number,
			    w->start[i]);
	} else if ((i = longest(w->all, w->all_word, w->nall)) < w->nall)
		push(d, &p->word[w->all_word[i]], number, w->all[i]);
	else if (w->nany > 0 && all_numbered(w->any_word, w->nany)) {
		for (i = 0; i < w->nany; i++)
			push(d, &p->word[w->any_word[i]], number, w->any[i]);
	} else
		set(p->always, number);
}

static size_t
count_apps(struct format *const *format, size_t n)
{
	const struct detect *w;
	size_t i, apps = 1;

	for (i = 0; i < n; i++)
		for (w = format[i]->detect; w != NULL; w = w->otherwise)
			apps += w->napp;
	return apps;
}

/* The beginnings of the words are enough, and keep the automaton small. */
static const struct literals *
make_literals(struct arena *a, const struct span *word, size_t n)
{
	struct literals_word *list = arena_alloc(a, (n + 1) * sizeof(*list));
	size_t i;

	for (i = 0; i < n; i++)
		list[i] = (struct literals_word){
			span_sub(word[i], 0, WORD_MAX), (uint32_t)i
		};
	return literals_make(a, list, n);
}

struct prefilter *
prefilter_make(struct arena *a, struct format *const *format, size_t n,
    const struct span *word, size_t nword)
{
	struct prefilter *p = arena_alloc(a, sizeof(*p));
	struct draft d = { .a = a, .p = p };
	const struct detect *w;
	size_t i, apps = count_apps(format, n);

	d.app = arena_alloc(a, apps * sizeof(*d.app));
	p->app = arena_alloc(a, apps * sizeof(*p->app));
	p->word_words = (nword + 63) / 64;
	/* One for each bit, also for those that no word has. */
	p->word = arena_alloc(a, (p->word_words * 64 + 1) * sizeof(*p->word));
	for (i = 0; i < n; i++)
		for (w = format[i]->detect; w != NULL; w = w->otherwise)
			add_way(&d, format[i], w, (uint32_t)i);
	p->format_words = (n + 63) / 64;
	p->apps = names_make(a, d.app, d.napp);
	p->literals = make_literals(a, word, nword);
	return p;
}

static void
run_starts(const struct prefilter *p, const struct header *h, uint64_t *found)
{
	const struct entry *e;
	int level;

	for (level = 0; level < HEADER_LEVELS; level++) {
		struct span text = h->body[level];

		if (text.len == 0)
			continue;
		for (e = p->start[level][text.p[0]]; e != NULL; e = e->next)
			if (span_starts(text, e->text))
				set(found, e->number);
	}
}

/* The words in the line, and the formats that need one of them. */
static void
run_words(const struct prefilter *p, struct span line,
    struct prefilter_found *found)
{
	const struct entry *e;
	uint64_t bits;
	size_t i;

	if (p->literals != NULL)
		literals_scan(p->literals, line, found->word);
	else
		memset(found->word, 0xff, p->word_words * sizeof(bits));
	for (i = 0; i < p->word_words; i++)
		for (bits = found->word[i]; bits != 0; bits &= bits - 1)
			for (e = p->word[i * 64 +
				 (size_t)__builtin_ctzll(bits)];
			     e != NULL; e = e->next)
				set(found->format, e->number);
}

void
prefilter_run(const struct prefilter *p, const struct header *h,
    struct prefilter_found *found)
{
	const struct entry *e;
	uint32_t app;

	memcpy(found->format, p->always,
	    p->format_words * sizeof(*found->format));
	memset(found->word, 0, p->word_words * sizeof(*found->word));
	app = h->app.len == 0 ? NAMES_NONE : names_find(p->apps, h->app);
	if (app != NAMES_NONE)
		for (e = p->app[app]; e != NULL; e = e->next)
			set(found->format, e->number);
	run_starts(p, h, found->format);
	run_words(p, h->body[HEADER_NONE], found);
}
