/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/cluster.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/format/cluster_words.h"
#include "common/arena.h"
#include "common/buf.h"

#define LEAVES 4096u /* lists of templates; a power of two */
#define NONE UINT32_MAX

struct row {
	struct cluster_template t;
	uint32_t source;
	size_t nword;
	struct cluster_word word[CLUSTER_WORDS];
	uint32_t next; /* in its leaf */
};

struct cluster {
	struct arena *a;
	size_t nsource, nrow;
	struct cluster_source source[CLUSTER_SOURCES];
	struct row *row[CLUSTER_TEMPLATES];
	uint32_t leaf[LEAVES];
	size_t kept; /* bytes of lines */
	uint64_t beyond;
};

struct cluster *
cluster_new(void)
{
	struct cluster *c = calloc(1, sizeof(*c));

	if (c == NULL)
		abort();
	c->a = arena_new();
	memset(c->leaf, 0xff, sizeof(c->leaf));
	return c;
}

void
cluster_free(struct cluster *c)
{
	if (c == NULL)
		return;
	arena_free(c->a);
	free(c);
}

/* The source of that name, or NONE if there is no room. */
static uint32_t
source_of(struct cluster *c, struct span name)
{
	size_t i;

	name = span_sub(name, 0, CLUSTER_SAMPLE);
	for (i = 0; i < c->nsource && !span_eq(c->source[i].name, name); i++)
		;
	if (i == CLUSTER_SOURCES)
		return NONE;
	if (i == c->nsource)
		c->source[c->nsource++].name = arena_copy(c->a, name);
	return (uint32_t)i;
}

void
cluster_known(struct cluster *c, struct span source)
{
	uint32_t s = source_of(c, source);

	if (s != NONE)
		c->source[s].lines++;
}

/* FNV-1a over what a leaf is found by. */
static uint32_t
leaf_of(uint32_t source, const struct cluster_word *word, size_t n)
{
	struct span first = n > 0 ? word[0].text : SPAN("");
	uint32_t h = 2166136261u;
	size_t i;

	h = (h ^ source) * 16777619u;
	h = (h ^ (uint32_t)n) * 16777619u;
	for (i = 0; i < first.len; i++)
		h = (h ^ first.p[i]) * 16777619u;
	return (h ^ h >> 16) & (LEAVES - 1);
}

static size_t
alike(const struct row *r, const struct cluster_word *word)
{
	size_t i, n = 0;

	for (i = 0; i < r->nword; i++)
		n += span_eq(r->word[i].text, word[i].text);
	return n;
}

/* The template that is most like it, of those that are enough so. */
static struct row *
find(struct cluster *c, uint32_t leaf, uint32_t source,
    const struct cluster_word *word, size_t n)
{
	struct row *best = NULL;
	size_t most = 0, same;
	uint32_t i;

	for (i = c->leaf[leaf]; i != NONE; i = c->row[i]->next) {
		struct row *r = c->row[i];

		if (r->source != source || r->nword != n)
			continue;
		if (n > 0 && !span_eq(r->word[0].text, word[0].text))
			continue;
		same = alike(r, word);
		if (same * 5 >= n * 3 && (best == NULL || same > most)) {
			best = r;
			most = same;
		}
	}
	return best;
}

static struct row *
add_row(struct cluster *c, uint32_t leaf, uint32_t source,
    const struct cluster_word *word, size_t n, uint64_t where)
{
	struct row *r;
	size_t i;

	if (c->nrow == CLUSTER_TEMPLATES)
		return NULL;
	r = arena_alloc(c->a, sizeof(*r));
	r->source = source;
	r->t.first = where;
	r->nword = n;
	for (i = 0; i < n; i++) {
		r->word[i] = word[i];
		r->word[i].text = arena_copy(c->a, word[i].text);
	}
	r->next = c->leaf[leaf];
	c->leaf[leaf] = (uint32_t)c->nrow;
	c->row[c->nrow++] = r;
	return r;
}

/* Where a line differs from its template that says nothing any more. */
static void
merge(struct row *r, const struct cluster_word *word)
{
	size_t i;

	for (i = 1; i < r->nword; i++)
		if (!span_eq(r->word[i].text, word[i].text))
			r->word[i].text = SPAN("*");
}

static void
keep(struct cluster *c, struct row *r, struct span raw)
{
	raw = span_sub(raw, 0, CLUSTER_SAMPLE);
	if (r->t.nsample == CLUSTER_SAMPLES ||
	    c->kept + raw.len > CLUSTER_BYTES)
		return;
	c->kept += raw.len;
	r->t.sample[r->t.nsample++] = arena_copy(c->a, raw);
}

void
cluster_add(struct cluster *c, struct span source, struct span text,
    struct span raw, uint64_t where)
{
	struct cluster_word word[CLUSTER_WORDS];
	uint32_t s = source_of(c, source), leaf;
	uint8_t space[CLUSTER_SPACE];
	struct row *r = NULL;
	size_t n;

	if (s != NONE) {
		c->source[s].lines++;
		c->source[s].unknown++;
		n = cluster_words(text, word, space);
		leaf = leaf_of(s, word, n);
		r = find(c, leaf, s, word, n);
		if (r != NULL)
			merge(r, word);
		else
			r = add_row(c, leaf, s, word, n, where);
	}
	if (r == NULL) {
		c->beyond++;
		return;
	}
	r->t.n++;
	r->t.last = where;
	keep(c, r, raw);
}

static int
compare(struct span a, struct span b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int rc = len == 0 ? 0 : memcmp(a.p, b.p, len);

	return rc != 0 ? rc : a.len > b.len ? 1 : -(a.len < b.len);
}

static int
by_name(const void *a, const void *b)
{
	const struct cluster_source *x = a, *y = b;

	return compare(x->name, y->name);
}

static int
by_number(const void *a, const void *b)
{
	const struct cluster_template *x = &(*(struct row *const *)a)->t,
				      *y = &(*(struct row *const *)b)->t;
	int rc = compare(x->source, y->source);

	if (rc != 0)
		return rc;
	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return compare(x->text, y->text);
}

void
cluster_sort(struct cluster *c)
{
	struct buf text;
	size_t i, k;

	buf_init(&text);
	for (i = 0; i < c->nrow; i++) {
		struct row *r = c->row[i];

		text.len = 0;
		for (k = 0; k < r->nword; k++) {
			buf_span(&text, r->word[k].text);
			if (r->word[k].end != '\0')
				buf_byte(&text, (uint8_t)r->word[k].end);
		}
		r->t.text = arena_copy(c->a, buf_view(&text));
		r->t.source = c->source[r->source].name;
	}
	buf_fini(&text);
	qsort(c->source, c->nsource, sizeof(*c->source), by_name);
	qsort(c->row, c->nrow, sizeof(*c->row), by_number);
}

size_t
cluster_sources(const struct cluster *c)
{
	return c->nsource;
}

const struct cluster_source *
cluster_source(const struct cluster *c, size_t i)
{
	return &c->source[i];
}

size_t
cluster_templates(const struct cluster *c)
{
	return c->nrow;
}

const struct cluster_template *
cluster_template(const struct cluster *c, size_t i)
{
	return &c->row[i]->t;
}

uint64_t
cluster_beyond(const struct cluster *c)
{
	return c->beyond;
}
