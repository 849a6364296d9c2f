/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/find/matcher.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/find/spot.h"
#include "analyzer/find/views.h"
#include "common/arena.h"
#include "common/literals.h"
#include "common/text.h"

#define AUTOMATON_BYTES 50000u /* of words; more are another automaton */

struct entry { /* a key and whose it is; several may have the same */
	uint64_t key;
	uint32_t number;
	uint32_t offset; /* name: where its label begins */
};

/*
 * What an index is asked: a block can be left out if of each indicator one key
 * at least is not in it.
 */
struct query {
	bool always; /* there are some of which an index says nothing */
	uint64_t *key;
	uint32_t *end; /* of each indicator's keys, counted in all keys */
	size_t n;
};

struct matcher {
	const struct indicator *v;
	size_t n;
	struct arena *arena;
	struct entry *table; /* key 0: free */
	size_t mask;
	bool wanted[SPOT_HEX + 1]; /* kinds of spots */
	bool width[129];	   /* of networks and addresses in the list */
	unsigned narrow[129], n_widths;
	struct literals **words; /* automata */
	size_t n_words, n_automata;
	uint32_t *word; /* indicator of each word */
	struct query query;
};

struct matcher_look {
	const struct matcher *m;
	struct buf scratch, folded;
	struct span view;
	struct keyset *keys;
	uint64_t *words; /* bits */
	uint32_t *found;
	size_t n, cap;
};

static void *
need(void *p)
{
	if (p == NULL)
		abort();
	return p;
}

/* ---- made of a list ---- */

static void
put(struct matcher *m, uint64_t key, uint32_t number, size_t offset)
{
	size_t i = (size_t)key & m->mask;

	while (m->table[i].key != 0)
		i = (i + 1) & m->mask;
	m->table[i] = (struct entry){ key, number, (uint32_t)offset };
}

/* The next label of a name from *at on; its place is *from. */
static struct span
next_label(struct span name, size_t *at, size_t *from)
{
	*from = *at;
	while (*at < name.len && name.p[*at] != '.')
		++*at;
	return span_sub(name, *from, (*at)++ - *from);
}

static bool
is_indexed(struct span label)
{
	size_t i;

	if (label.len < SPOT_LABEL_MIN)
		return false;
	for (i = 0; i < label.len; i++)
		if (label.p[i] >= 'a' && label.p[i] <= 'z')
			return true;
	return false;
}

/* A name is looked up by its longest label, and needs all of them. */
static void
put_name(struct matcher *m, uint32_t number)
{
	struct span name = m->v[number].text, label, best = { NULL, 0 };
	size_t at = 0, from, where = 0;

	while (at < name.len) {
		label = next_label(name, &at, &from);
		if (!is_indexed(label))
			continue;
		m->query.key[m->query.end[number]++] = spot_key_label(label);
		if (label.len > best.len) {
			best = label;
			where = from;
		}
	}
	put(m, spot_key_label(best), number, where);
	m->wanted[SPOT_LABEL] = true;
}

static void
put_prefix(struct matcher *m, uint32_t number)
{
	const struct prefix *p = &m->v[number].prefix;
	uint64_t key = spot_key_network(p);

	put(m, spot_key_address(&p->address, p->bits), number, 0);
	if (!m->width[p->bits])
		m->narrow[m->n_widths++] = p->bits;
	m->width[p->bits] = m->wanted[SPOT_ADDRESS] = true;
	if (key == 0)
		m->query.always = true;
	else
		m->query.key[m->query.end[number]++] = key;
}

static void
put_one(struct matcher *m, uint32_t number)
{
	const struct indicator *x = &m->v[number];

	switch (x->kind) {
	case INDICATOR_ADDRESS:
	case INDICATOR_NETWORK:
		put_prefix(m, number);
		break;
	case INDICATOR_NAME:
		put_name(m, number);
		break;
	case INDICATOR_HASH:
		m->wanted[SPOT_HEX] = true;
		put(m, spot_key_hex(x->text), number, 0);
		m->query.key[m->query.end[number]++] = spot_key_hex(x->text);
		break;
	case INDICATOR_WORD:
	case INDICATOR_KIND_COUNT:
	default:
		m->query.always = true;
		m->n_words++;
	}
}

static void
make_words(struct matcher *m)
{
	struct literals_word *w =
	    need(calloc(m->n_words, sizeof(*w)));
	size_t i, k = 0, from = 0, bytes = 0;

	m->word = arena_alloc(m->arena, m->n_words * sizeof(*m->word));
	m->words = arena_alloc(m->arena,
	    (m->n_words + 1) * sizeof(struct literals *));
	for (i = 0; i < m->n; i++) {
		if (m->v[i].kind != INDICATOR_WORD)
			continue;
		w[k] = (struct literals_word){ m->v[i].text, (uint32_t)k };
		m->word[k++] = (uint32_t)i;
		bytes += m->v[i].text.len;
		if (bytes < AUTOMATON_BYTES && k < m->n_words)
			continue;
		m->words[m->n_automata++] =
		    need(literals_make(m->arena, w + from, k - from));
		from = k;
		bytes = 0;
	}
	free(w);
}

struct matcher *
matcher_new(const struct indicator *v, size_t n)
{
	struct matcher *m = need(calloc(1, sizeof(*m)));
	size_t i, slots = 64, keys = 0;

	m->v = v;
	m->n = n;
	m->arena = arena_new();
	while (slots < 4 * n)
		slots *= 2;
	m->mask = slots - 1;
	m->table = need(calloc(slots, sizeof(*m->table)));
	for (i = 0; i < n; i++) /* as many labels as a name can have */
		keys += v[i].kind == INDICATOR_NAME ? v[i].text.len / 2 + 1 : 1;
	m->query.n = n;
	m->query.key = need(calloc(keys + 1, sizeof(*m->query.key)));
	m->query.end = need(calloc(n + 1, sizeof(*m->query.end)));
	for (i = 0; i < n; i++) {
		m->query.end[i] = i == 0 ? 0 : m->query.end[i - 1];
		put_one(m, (uint32_t)i);
	}
	if (m->n_words > 0)
		make_words(m);
	return m;
}

void
matcher_free(struct matcher *m)
{
	if (m == NULL)
		return;
	free(m->table);
	free(m->query.key);
	free(m->query.end);
	arena_free(m->arena);
	free(m);
}

bool
matcher_may(const struct matcher *m, const uint8_t *filter, uint32_t n)
{
	const struct query *q = &m->query;
	uint32_t k = 0;
	size_t i;

	if (q->always || n == 0)
		return true;
	for (i = 0; i < q->n; i++) {
		while (k < q->end[i] && keyset_has(filter, n, q->key[k]))
			k++;
		if (k == q->end[i])
			return true;
		k = q->end[i];
	}
	return false;
}

/* ---- held against records ---- */

struct matcher_look *
matcher_look_new(const struct matcher *m)
{
	struct matcher_look *s = need(calloc(1, sizeof(*s)));

	s->m = m;
	buf_init(&s->scratch);
	buf_init(&s->folded);
	s->words = need(calloc(m->n_words / 64 + 1, sizeof(*s->words)));
	return s;
}

void
matcher_look_free(struct matcher_look *s)
{
	if (s == NULL)
		return;
	buf_fini(&s->scratch);
	buf_fini(&s->folded);
	free(s->words);
	free(s->found);
	free(s);
}

static void
add(struct matcher_look *s, uint32_t number)
{
	size_t i = s->n;

	while (i > 0 && s->found[i - 1] > number)
		i--;
	if (i > 0 && s->found[i - 1] == number)
		return;
	if (s->n == s->cap) {
		s->cap = s->cap == 0 ? 16 : 2 * s->cap;
		s->found = need(realloc(s->found, s->cap * sizeof(*s->found)));
	}
	memmove(s->found + i + 1, s->found + i,
	    (s->n - i) * sizeof(*s->found));
	s->found[i] = number;
	s->n++;
}

static uint8_t
lower_byte(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static bool
same_letters(const uint8_t *p, struct span lower)
{
	size_t i;

	for (i = 0; i < lower.len; i++)
		if (lower_byte(p[i]) != lower.p[i])
			return false;
	return true;
}

static bool
is_label_byte(uint8_t c)
{
	c = lower_byte(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
	    c == '_';
}

/* Whether a name stands where one of its labels does. */
static bool
name_is(const struct matcher_look *s, const struct entry *e, struct span label)
{
	struct span name = s->m->v[e->number].text;
	size_t at = (size_t)(label.p - s->view.p);

	if (e->offset > at || name.len > s->view.len - (at - e->offset))
		return false;
	at -= e->offset;
	return same_letters(s->view.p + at, name) &&
	    (at == 0 || !is_label_byte(s->view.p[at - 1])) &&
	    (at + name.len == s->view.len ||
		!is_label_byte(s->view.p[at + name.len]));
}

static bool
is(const struct matcher_look *s, const struct entry *e, const struct spot *spot)
{
	const struct indicator *x = &s->m->v[e->number];

	switch (x->kind) {
	case INDICATOR_ADDRESS:
	case INDICATOR_NETWORK:
		return spot->kind == SPOT_ADDRESS &&
		    prefix_holds(&x->prefix, &spot->address);
	case INDICATOR_NAME:
		return spot->kind == SPOT_LABEL && name_is(s, e, spot->text);
	case INDICATOR_HASH:
		return spot->kind == SPOT_HEX &&
		    spot->text.len == x->text.len &&
		    same_letters(spot->text.p, x->text);
	case INDICATOR_WORD:
	case INDICATOR_KIND_COUNT:
	default:
		return false;
	}
}

static void
look_up(struct matcher_look *s, uint64_t key, const struct spot *spot)
{
	const struct matcher *m = s->m;
	size_t i = (size_t)key & m->mask;

	for (; m->table[i].key != 0; i = (i + 1) & m->mask)
		if (m->table[i].key == key && is(s, &m->table[i], spot))
			add(s, m->table[i].number);
}

static void
take_spot(void *cookie, const struct spot *spot)
{
	struct matcher_look *s = cookie;
	uint64_t key[SPOT_KEYS];
	size_t i, n = 0;

	if (s->keys == NULL && !s->m->wanted[spot->kind])
		return;
	if (s->keys != NULL || spot->kind != SPOT_ADDRESS)
		n = spot_keys(spot, key);
	for (i = 0; s->keys != NULL && i < n; i++)
		keyset_add(s->keys, key[i]);
	if (spot->kind != SPOT_ADDRESS) {
		look_up(s, key[0], spot);
		return;
	}
	for (i = 0; i < s->m->n_widths; i++)
		look_up(s, spot_key_address(&spot->address, s->m->narrow[i]),
		    spot);
}

static void
fold(struct matcher_look *s, struct span view)
{
	uint8_t *p;
	size_t i;

	s->folded.len = 0;
	if (!text_is_plain(view)) {
		text_fold(view, true, &s->folded);
		return;
	}
	p = buf_reserve(&s->folded, view.len + 1);
	for (i = 0; i < view.len; i++)
		p[i] = lower_byte(view.p[i]);
	s->folded.len = view.len;
}

static void
take_view(void *cookie, struct span view)
{
	struct matcher_look *s = cookie;
	size_t i;

	s->view = view;
	spot_each(view, take_spot, s);
	if (s->m->n_words == 0)
		return;
	fold(s, view);
	for (i = 0; i < s->m->n_automata; i++)
		literals_scan(s->m->words[i], buf_view(&s->folded), s->words);
}

static void
take_words(struct matcher_look *s)
{
	size_t i, k;

	for (i = 0; i < s->m->n_words; i += 64) {
		if (s->words[i / 64] == 0)
			continue;
		for (k = 0; k < 64; k++)
			if ((s->words[i / 64] >> k & 1) != 0)
				add(s, s->m->word[i + k]);
		s->words[i / 64] = 0;
	}
}

size_t
matcher_look_at(struct matcher_look *s, enum record_kind kind, struct span body,
    struct keyset *keys)
{
	s->n = 0;
	s->keys = keys;
	views_each(kind, body, &s->scratch, take_view, s);
	take_words(s);
	return s->n;
}

uint32_t
matcher_look_found(const struct matcher_look *s, size_t i)
{
	return s->found[i];
}
