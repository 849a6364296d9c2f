/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/choose.h"

#include <stdlib.h>

#include "common/find.h"

#define SOON 24 /* bytes into the message of a known program */
#define SORT_FEW 16

/* In this order. */
enum rank {
	RANK_SURE,	/* words where they are in its examples */
	RANK_LIKELY,	/* the same of one that says "last" */
	RANK_LATER,	/* sure, but deep in what a known program writes */
	RANK_ANY,	/* needs nothing: whatever no other knew */
	RANK_FAR	/* words further on than in any example */
};

static void
stands(struct choose_place *p, struct span line, const uint8_t *at)
{
	size_t n = at >= line.p && at <= line.p + line.len
	    ? (size_t)(at - line.p)
	    : 0;

	if (n < p->first)
		p->first = n;
	if (n > p->last)
		p->last = n;
}

static size_t
into(struct span line, struct span text, size_t at)
{
	size_t begin = text.len > 0 ? (size_t)(text.p - line.p) : 0;

	return at > begin ? at - begin : 0;
}

/* The first of the words of which any will do. */
static const uint8_t *
first_of(struct span text, const struct span *word, size_t n)
{
	const uint8_t *at = NULL, *p;
	size_t i;

	for (i = 0; i < n; i++)
		if ((p = find_part(text, word[i])) != NULL &&
		    (at == NULL || p < at))
			at = p;
	return at;
}

/* Of one way that detects the line. */
static struct choose_place
place_way(const struct detect *d, struct span text, const struct header *h,
    struct regex_match *m)
{
	struct choose_place p = { .first = SIZE_MAX };
	struct span line = h->body[HEADER_NONE];
	size_t i;

	if (d->pattern != NULL && d->pattern_text.len > 0 &&
	    d->pattern_text.p[0] == '^')
		stands(&p, line, text.p);
	else if (d->pattern != NULL && regex_search(d->pattern, m, text) == 1)
		stands(&p, line, regex_whole(m).p);
	if (d->napp > 0)
		stands(&p, line, h->app.p);
	if (d->nstart > 0)
		stands(&p, line, text.p);
	for (i = 0; i < d->nall; i++)
		stands(&p, line, find_part(text, d->all[i]));
	if (d->nany > 0)
		stands(&p, line, first_of(text, d->any, d->nany));
	p.into = into(line, text, p.first);
	p.app = d->napp > 0;
	return p;
}

static bool
is_before(const struct choose_place *a, const struct choose_place *b)
{
	if (a->rank != b->rank)
		return a->rank < b->rank;
	if (a->first != b->first)
		return a->first < b->first;
	if (a->last != b->last)
		return a->last < b->last;
	return a->number < b->number;
}

static enum rank
rank(const struct format *f, const struct detect *d,
    const struct choose_place *p)
{
	if (f->last && d->napp + d->nstart + d->nall + d->nany == 0)
		return RANK_ANY;
	if (p->into > d->near)
		return RANK_FAR;
	return f->last ? RANK_LIKELY : RANK_SURE;
}

/*
 * How a line is of this format: by the first way that is not too far, or the
 * nearest.  Return false if it is not.
 */
static bool
place_format(const struct format *f, const struct header *h,
    struct regex_match *m, const struct apply_words *words,
    struct choose_place *best)
{
	const struct detect *d = apply_way(f, f->detect, h, m, words);
	struct choose_place p;

	if (d == NULL)
		return false;
	*best = (struct choose_place){ .rank = RANK_FAR, .first = SIZE_MAX };
	for (; d != NULL; d = apply_way(f, d->otherwise, h, m, words)) {
		p = place_way(d, h->body[f->header], h, m);
		p.rank = rank(f, d, &p);
		if (is_before(&p, best))
			*best = p;
		if (p.rank < RANK_FAR)
			break;
	}
	best->number = (uint16_t)f->number;
	return true;
}

/*
 * A program whose texts a format knows wrote the line: other formats are of
 * appliances that have that program, and whose own words come soon.
 */
static void
demote(struct choose_place *place, size_t n, const struct header *h)
{
	const struct span *tag = &h->body[HEADER_TAG];
	size_t i, begin;

	for (i = 0; i < n && !(place[i].rank == RANK_LIKELY && place[i].app);
	     i++)
		;
	if (i == n || tag->len == 0)
		return;
	begin = (size_t)(tag->p - h->body[HEADER_NONE].p);
	for (i = 0; i < n; i++)
		if (place[i].rank == RANK_SURE &&
		    place[i].first > begin + SOON)
			place[i].rank = RANK_LATER;
}

static int
by_place(const void *a, const void *b)
{
	return is_before(a, b) ? -1 : 1;
}

/* They are few, mostly. */
static void
sort(struct choose_place *place, size_t n)
{
	struct choose_place p;
	size_t i, k;

	if (n > SORT_FEW) {
		qsort(place, n, sizeof(*place), by_place);
		return;
	}
	for (i = 1; i < n; i++) {
		p = place[i];
		for (k = i; k > 0 && is_before(&p, &place[k - 1]); k--)
			place[k] = place[k - 1];
		place[k] = p;
	}
}

size_t
choose_formats(const struct format_set *set,
    const struct prefilter_found *found, const struct header *h,
    struct regex_match *m, const struct apply_words *words,
    struct choose_place out[static CHOOSE_MAX], size_t *far)
{
	size_t n = 0, w, i;
	uint64_t bits;

	for (w = 0; w * 64 < set->n; w++) {
		for (bits = found->format[w]; bits != 0; bits &= bits - 1) {
			i = w * 64 + (size_t)__builtin_ctzll(bits);
			n += place_format(set->format[i], h, m, words,
			    &out[n]);
		}
	}
	demote(out, n, h);
	sort(out, n);
	for (i = 0; i < n && out[i].rank < RANK_FAR; i++)
		;
	*far = i;
	/* None that is far behind one that is where it should be. */
	return n > 0 && out[0].rank < RANK_ANY ? i : n;
}

/* From the way that begins first: the others may be what it has quoted. */
static bool
learn(const struct format *f, struct span raw, struct regex_match *m)
{
	const struct apply_words words = { NULL, NULL, false };
	struct detect *d, *best = NULL;
	struct choose_place p, first = { .first = SIZE_MAX };
	struct header h;

	header_parse(raw, &h);
	for (d = f->detect; d != NULL; d = d->otherwise) {
		if (!apply_detect(d, h.body[f->header], &h, m, &words))
			continue;
		p = place_way(d, h.body[f->header], &h, m);
		if (best == NULL || is_before(&p, &first)) {
			best = d;
			first = p;
		}
	}
	if (best != NULL && first.into > best->near)
		best->near = first.into;
	return best != NULL;
}

/*
 * A quarter more than in any example, and a little for what has few; a format
 * without any, such as a draft, tells nothing of it.
 */
void
choose_learn(const struct format *f)
{
	struct regex_match *m = regex_match_new();
	const struct yaml_node *e, *raw;
	struct detect *d;
	bool any = false;

	for (e = f->examples->first; e != NULL; e = e->next)
		if ((raw = yaml_get(e, "raw")) != NULL &&
		    yaml_get(e, "unknown") == NULL)
			any |= learn(f, raw->text, m);
	for (d = f->detect; d != NULL; d = d->otherwise)
		d->near = any ? d->near + d->near / 4 + 16 : SIZE_MAX;
	regex_match_free(m);
}
