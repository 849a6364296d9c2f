/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/prefilter.h"

#include <string.h>

#include "common/literals.h"

/* A format's number, in a list. */
struct entry {
	uint32_t number;
	struct span text; /* of a start */
	struct entry *next;
};

struct prefilter {
	struct literals *literals; /* NULL: they are too many */
	const struct names *apps;  /* number in app */
	struct entry **app;
	/* By the first byte of the message at each level. */
	struct entry *start[HEADER_LEVELS][256];
	uint64_t always[PREFILTER_WORDS];
	size_t words; /* of found that are in use */
};

/* While it is made. */
struct draft {
	struct arena *a;
	struct prefilter *p;
	size_t napp, nword;
	struct names_entry *app;
	struct literals_word *word;
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

static struct span
longest(const struct span *text, size_t n)
{
	struct span best = { NULL, 0 };
	size_t i;

	for (i = 0; i < n; i++)
		if (text[i].len > best.len)
			best = text[i];
	return best;
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
	size_t i;

	if (w->napp > 0) {
		for (i = 0; i < w->napp; i++)
			add_app(d, w->app[i], number);
	} else if (w->nstart > 0 && !any_empty(w->start, w->nstart)) {
		for (i = 0; i < w->nstart; i++)
			push(d,
			    &d->p->start[f->header][w->start[i].p[0]],
			    number, w->start[i]);
	} else if (longest(w->all, w->nall).len > 0)
		d->word[d->nword++] = (struct literals_word){
			longest(w->all, w->nall), number
		};
	else if (w->nany > 0 && !any_empty(w->any, w->nany)) {
		for (i = 0; i < w->nany; i++)
			d->word[d->nword++] =
			    (struct literals_word){ w->any[i], number };
	} else
		set(d->p->always, number);
}

/* How many program names and words there are at most. */
static void
make_room(struct draft *d, struct format *const *format, size_t n)
{
	const struct detect *w;
	size_t i, apps = 1, words = 1;

	for (i = 0; i < n; i++) {
		for (w = format[i]->detect; w != NULL; w = w->otherwise) {
			apps += w->napp;
			words += w->nany + 1;
		}
	}
	d->app = arena_alloc(d->a, apps * sizeof(*d->app));
	d->p->app = arena_alloc(d->a, apps * sizeof(*d->p->app));
	d->word = arena_alloc(d->a, words * sizeof(*d->word));
}

struct prefilter *
prefilter_make(struct arena *a, struct format *const *format, size_t n)
{
	struct prefilter *p = arena_alloc(a, sizeof(*p));
	struct draft d = { .a = a, .p = p };
	const struct detect *w;
	size_t i;

	make_room(&d, format, n);
	for (i = 0; i < n; i++)
		for (w = format[i]->detect; w != NULL; w = w->otherwise)
			add_way(&d, format[i], w, (uint32_t)i);
	p->words = (n + 63) / 64;
	p->apps = names_make(a, d.app, d.napp);
	p->literals = literals_make(a, d.word, d.nword);
	for (i = 0; p->literals == NULL && i < d.nword; i++)
		set(p->always, d.word[i].number);
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

void
prefilter_run(const struct prefilter *p, const struct header *h,
    uint64_t found[PREFILTER_WORDS])
{
	const struct entry *e;
	uint32_t app;

	memcpy(found, p->always, p->words * sizeof(*found));
	app = h->app.len == 0 ? NAMES_NONE : names_find(p->apps, h->app);
	if (app != NAMES_NONE)
		for (e = p->app[app]; e != NULL; e = e->next)
			set(found, e->number);
	run_starts(p, h, found);
	if (p->literals != NULL)
		literals_scan(p->literals, h->body[HEADER_NONE], found);
}
