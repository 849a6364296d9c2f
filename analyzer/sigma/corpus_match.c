/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/corpus.h"

#include <stdlib.h>
#include <string.h>

/*
 * What a log source may be asked is worked out once for each that comes; they
 * are few.  Beyond ROUTES the one asked longest ago is forgotten.
 *
 * Log sources with the same rules share an index over these: it is smaller
 * than one over all, and what only other rules look for is not looked for.
 * An index takes some milliseconds to make, so none is forgotten: who makes
 * up log sources cannot have them made over and over.  Beyond INDEXES the one
 * over all is asked.
 */
#define ROUTES 64
#define INDEXES 64

struct some {
	uint64_t *bits; /* a bit for each rule that is in it */
	struct set_index *index;
};

struct route {
	struct document_logsource of; /* copied; of.category.p is malloc()ed */
	uint64_t *bits;
	const struct set_index *index;
};

struct corpus_work {
	const struct corpus *corpus;
	struct set_work *set;
	uint32_t *fit;
	struct route route[ROUTES];
	size_t nroute, next;
	struct some some[INDEXES];
	size_t nsome;
	struct set_index *all; /* made when it is needed */
};

static void *
must(void *p)
{
	if (p == NULL)
		abort();
	return p;
}

static struct corpus_work *
work_new(const struct corpus *c)
{
	struct corpus_work *w = must(calloc(1, sizeof(*w)));

	w->corpus = c;
	w->set = set_work_new(c->set);
	w->fit = must(calloc(c->n + 1, sizeof(*w->fit)));
	return w;
}

static void
forget(struct route *r)
{
	free((void *)(uintptr_t)r->of.category.p);
	free(r->bits);
}

void
corpus_hits_fini(struct corpus_hits *h)
{
	struct corpus_work *w = h->work;
	size_t i;

	if (w != NULL) {
		for (i = 0; i < w->nroute; i++)
			forget(&w->route[i]);
		for (i = 0; i < w->nsome; i++) {
			free(w->some[i].bits);
			set_index_free(w->some[i].index);
		}
		set_index_free(w->all);
		set_work_free(w->set);
		free(w->fit);
		free(w);
	}
	*h = (struct corpus_hits){ NULL, 0, NULL };
}

static struct span
put(uint8_t **at, struct span s)
{
	struct span copy = span_make(*at, s.len);

	if (s.len > 0)
		memcpy(*at, s.p, s.len);
	*at += s.len;
	return copy;
}

static const struct set_index *
index_of_all(struct corpus_work *w)
{
	if (w->all == NULL)
		w->all = set_index_new(w->corpus->set, NULL);
	return w->all;
}

/* The index over the rules of bits. */
static const struct set_index *
index_of(struct corpus_work *w, const uint64_t *bits)
{
	size_t i, size = set_words(w->corpus->set) * sizeof(*bits);
	struct some *new;

	for (i = 0; i < w->nsome; i++)
		if (memcmp(w->some[i].bits, bits, size) == 0)
			return w->some[i].index;
	if (w->nsome == INDEXES)
		return index_of_all(w);
	new = &w->some[w->nsome++];
	new->bits = must(malloc(size));
	memcpy(new->bits, bits, size);
	new->index = set_index_new(w->corpus->set, bits);
	return new->index;
}

static void
learn(struct corpus_work *w, struct route *r,
    const struct document_logsource *of)
{
	const struct corpus *c = w->corpus;
	uint8_t *at = must(malloc(of->category.len + of->product.len +
	    of->service.len + 1));
	size_t i;

	r->of.category = put(&at, of->category);
	r->of.product = put(&at, of->product);
	r->of.service = put(&at, of->service);
	r->bits = must(calloc(set_words(c->set), sizeof(*r->bits)));
	for (i = 0; i < c->n; i++)
		if (document_routes(&c->rules[i].doc->logsource, of))
			r->bits[i / 64] |= UINT64_C(1) << i % 64;
	r->index = index_of(w, r->bits);
}

/* The rules that are for this log source. */
static const struct route *
route_of(struct corpus_work *w, const struct document_logsource *of)
{
	struct route *r;
	size_t i;

	for (i = 0; i < w->nroute; i++) {
		r = &w->route[i];
		if (span_eq(r->of.product, of->product) &&
		    span_eq(r->of.service, of->service) &&
		    span_eq(r->of.category, of->category))
			return r;
	}
	if (w->nroute < ROUTES)
		r = &w->route[w->nroute++];
	else {
		r = &w->route[w->next++ % ROUTES];
		forget(r);
	}
	learn(w, r, of);
	return r;
}

static bool
passes(const struct corpus_rule *r, struct view *v)
{
	size_t i;

	for (i = 0; i < r->nfilter; i++)
		if (!detection_match(r->filters[i], v))
			return false;
	return true;
}

void
corpus_match(const struct corpus *c, struct view *v,
    const struct document_logsource *route, struct corpus_hits *hits)
{
	struct corpus_work *w = hits->work;
	const struct route *r;
	size_t i, fit;

	if (w == NULL)
		w = hits->work = work_new(c);
	r = route == NULL ? NULL : route_of(w, route);
	fit = set_match(r == NULL ? index_of_all(w) : r->index, w->set, v,
	    r == NULL ? NULL : r->bits, w->fit);
	hits->v = w->fit;
	for (i = hits->n = 0; i < fit; i++)
		if (passes(&c->rules[w->fit[i]], v))
			w->fit[hits->n++] = w->fit[i];
}
