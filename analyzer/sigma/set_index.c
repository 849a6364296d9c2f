/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/set.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/index.h"
#include "analyzer/sigma/set_needs.h"
#include "common/literals.h"

/* Bytes of words of one automaton; then comes another. */
#define WORDS_BYTES 60000u
#define FOUND (WORDS_BYTES / 64 + 1)

/* Who asks for what is found: runs of bits, by its number. */
struct lists {
	uint32_t *start; /* and one behind the last */
	uint32_t *bit;	 /* of struct set_work.met */
	uint32_t n;
};

/* Words of one field, or of all. */
struct words {
	struct literals *t;
	struct lists lists;
	struct words *next;
};

/* Those that are found fast come before the others. */
enum pace { PACE_DERIVED, PACE_FAST, PACE_SLOW, PACES };

struct search {
	struct words *words; /* or NULL */
	uint64_t *wanting;   /* a bit for each rule that looks for them */
};

struct field_index {
	struct search search[PACES];
	struct index *exact;	/* or NULL: number by text */
	struct lists by_exact;
	uint64_t lengths; /* of texts of exact, modulo 64 */
	uint64_t *wanting; /* derived: a bit for each rule that looks at it */
	uint64_t *closes;  /* derived: the lists that can be met no more when
			    * it was looked at, WITNESS_MOST times words */
	uint32_t *present; /* bits; n_present of them */
	size_t n_present;
};

/*
 * A rule has a bit for each of its lists (witness.h), set when one thing of
 * the list was met; those of the lists that it has not are set from the start.
 *
 * Values are cheap to look up, words dear to look for, and some less so than
 * others.  So all values come first, then those that must be derived, then the
 * words that are found fast, and each time a field is looked at only if a rule
 * that looks for something in it may still be asked.
 */
struct set_index {
	const struct set *set;
	struct arena *arena;
	size_t words; /* of the bits of one list */
	size_t *used; /* those in which it has rules; n_used */
	size_t n_used;
	uint64_t *met; /* from the start: WITNESS_MOST times words */
	uint64_t *open[PACES]; /* lists that words of that pace or of a later
				* one may meet, likewise */
	struct field_index **field; /* by field; NULL: nobody asks */
	uint32_t *derived;	    /* the fields of them that are */
	size_t n_derived;
	struct search anywhere[PACES];
};

struct set_work {
	uint64_t *met;
	uint64_t *maybe; /* rules that only words can still rule out */
	uint64_t found[FOUND]; /* zero between scans */
	uint64_t asked;
};

static void *
must(void *p)
{
	if (p == NULL)
		abort();
	return p;
}

static bool
has_bit(const uint64_t *bits, size_t i)
{
	return (bits[i / 64] >> i % 64 & 1) != 0;
}

static void
set_bit(uint64_t *bits, size_t i)
{
	bits[i / 64] |= UINT64_C(1) << i % 64;
}

static uint32_t
bit_of(const struct set_index *x, const struct set_need *n)
{
	return (uint32_t)(n->list * x->words * 64 + n->rule);
}

static struct field_index *
field_of(struct set_index *x, uint32_t field)
{
	if (x->field[field] == NULL)
		x->field[field] =
		    arena_alloc(x->arena, sizeof(struct field_index));
	return x->field[field];
}

static bool
is_new(const struct set_need *v, size_t i)
{
	return i == 0 || !span_eq(v[i].w.text, v[i - 1].w.text);
}

/* Lists of the n needs from v on, whose texts are numbered as they come. */
static void
make_lists(struct set_index *x, const struct set_need *v, size_t n,
    struct lists *l)
{
	size_t i;

	l->start = arena_alloc(x->arena, (n + 1) * sizeof(*l->start));
	l->bit = arena_alloc(x->arena, n * sizeof(*l->bit));
	for (i = 0; i < n; i++) {
		if (is_new(v, i))
			l->start[l->n++] = (uint32_t)i;
		l->bit[i] = bit_of(x, &v[i]);
	}
	l->start[l->n] = (uint32_t)n;
}

/* As many of v as one automaton takes: how many needs it took. */
static size_t
make_words(struct set_index *x, const struct set_need *v, size_t n,
    struct words **to)
{
	struct words *ws = arena_alloc(x->arena, sizeof(*ws));
	struct literals_word *word;
	size_t i, bytes = 0, count = 0;

	word = must(calloc(n, sizeof(*word)));
	for (i = 0; i < n; i++) {
		if (!is_new(v, i))
			continue;
		if ((bytes += v[i].w.text.len) > WORDS_BYTES)
			break;
		word[count] = (struct literals_word){ v[i].w.text,
			(uint32_t)count };
		count++;
	}
	ws->t = must(literals_make(x->arena, word, count));
	make_lists(x, v, i, &ws->lists);
	free(word);
	ws->next = *to;
	*to = ws;
	return i;
}

static void
make_exact(struct set_index *x, const struct set_need *v, size_t n,
    struct field_index *f)
{
	size_t i, number = 0;

	f->exact = index_new();
	make_lists(x, v, n, &f->by_exact);
	for (i = 0; i < n; i++) {
		if (!is_new(v, i))
			continue;
		*index_put(f->exact, v[i].w.text) = (uint32_t)number++;
		f->lengths |= UINT64_C(1) << v[i].w.text.len % 64;
	}
}

static bool
is_long(const struct set_need *n)
{
	return n->w.text.len >= LITERALS_LONG;
}

/* Whether the long ones of v are so few that they are found fast. */
static bool
is_fast(const struct set_need *v, size_t n)
{
	size_t i, count = 0;

	for (i = 0; i < n; i++)
		count += is_new(v, i) && is_long(&v[i]);
	return count > 0 && count <= LITERALS_FEW;
}

/* Words, in as many automata as it takes, and who looks for them. */
static void
make_search(struct set_index *x, const struct set_need *v, size_t n,
    enum pace pace, struct search *to)
{
	size_t i, k;

	if (n == 0)
		return;
	to->wanting = arena_alloc(x->arena, x->words * sizeof(*to->wanting));
	for (i = 0; i < n; i++) {
		set_bit(to->wanting, v[i].rule);
		for (k = 0; k <= pace; k++)
			set_bit(x->open[k], bit_of(x, &v[i]));
	}
	for (i = 0; i < n;)
		i += make_words(x, v + i, n - i, &to->words);
}

static void
make_searches(struct set_index *x, const struct set_need *v, size_t n,
    struct search *to)
{
	struct set_need *part = must(calloc(n, sizeof(*part)));
	bool fast = is_fast(v, n);
	size_t i, nfast = 0, nslow = n;

	/* Both in the order that they have. */
	for (i = 0; i < n; i++)
		if (fast && is_long(&v[i]))
			part[nfast++] = v[i];
	for (i = n; i-- > 0;)
		if (!fast || !is_long(&v[i]))
			part[--nslow] = v[i];
	make_search(x, part, nfast, PACE_FAST, &to[PACE_FAST]);
	make_search(x, part + nfast, n - nfast, PACE_SLOW, &to[PACE_SLOW]);
	free(part);
}

/* They may yet be met when values have been looked up. */
static void
note_derived(struct set_index *x, const struct set_need *v, size_t n)
{
	struct field_index *f = field_of(x, v->w.field);
	size_t i;

	if (f->wanting == NULL) {
		f->wanting =
		    arena_alloc(x->arena, x->words * sizeof(*f->wanting));
		f->closes = arena_alloc(x->arena,
		    WITNESS_MOST * x->words * sizeof(*f->closes));
		x->derived[x->n_derived++] = v->w.field;
	}
	for (i = 0; i < n; i++) {
		set_bit(f->wanting, v[i].rule);
		set_bit(f->closes, bit_of(x, &v[i]));
		set_bit(x->open[PACE_DERIVED], bit_of(x, &v[i]));
	}
}

/* What is looked at later, too, is not closed yet. */
static void
make_closes(struct set_index *x)
{
	uint64_t *later = must(calloc(WITNESS_MOST * x->words, sizeof(*later)));
	uint64_t *closes, bits;
	size_t i, k;

	memcpy(later, x->open[PACE_FAST],
	    WITNESS_MOST * x->words * sizeof(*later));
	for (i = x->n_derived; i-- > 0;) {
		closes = x->field[x->derived[i]]->closes;
		for (k = 0; k < WITNESS_MOST * x->words; k++) {
			bits = closes[k];
			closes[k] &= ~later[k];
			later[k] |= bits;
		}
	}
	free(later);
}

/* Needs of one field and one kind. */
static void
make_kind(struct set_index *x, const struct set_need *v, size_t n)
{
	struct field_index *f;
	size_t i;

	if (v[0].w.kind != WITNESS_ANYWHERE && v[0].w.field >= x->set->nfield)
		note_derived(x, v, n);
	switch (v[0].w.kind) {
	case WITNESS_WORD:
		f = field_of(x, v[0].w.field);
		make_searches(x, v, n, f->search);
		return;
	case WITNESS_EXACT:
		make_exact(x, v, n, field_of(x, v[0].w.field));
		return;
	case WITNESS_PRESENT:
		f = field_of(x, v[0].w.field);
		f->present = arena_alloc(x->arena, n * sizeof(*f->present));
		f->n_present = n;
		for (i = 0; i < n; i++)
			f->present[i] = bit_of(x, &v[i]);
		return;
	case WITNESS_ANYWHERE:
		break;
	}
	make_searches(x, v, n, x->anywhere);
}

/* The needs of those that are in it, in the set's order. */
static struct set_need *
select_needs(const struct set *s, const uint64_t *some, size_t *n)
{
	struct set_need *v = must(calloc(s->nneed + 1, sizeof(*v)));
	size_t i;

	for (i = *n = 0; i < s->nneed; i++)
		if (some == NULL || has_bit(some, s->need[i].rule))
			v[(*n)++] = s->need[i];
	return v;
}

struct set_index *
set_index_new(const struct set *s, const uint64_t *some)
{
	struct set_index *x = must(calloc(1, sizeof(*x)));
	struct set_need *v;
	size_t i, k, from, n;

	x->set = s;
	x->arena = arena_new();
	x->words = set_words(s);
	x->field = must(calloc(s->nfield + s->nderived + 1,
	    sizeof(struct field_index *)));
	x->derived =
	    arena_alloc(x->arena, (s->nderived + 1) * sizeof(*x->derived));
	x->met = must(calloc(WITNESS_MOST * x->words, sizeof(*x->met)));
	for (k = 0; k < PACES; k++)
		x->open[k] = arena_alloc(x->arena,
		    WITNESS_MOST * x->words * sizeof(uint64_t));
	for (i = 0; i < s->n; i++)
		for (k = s->lists[i]; k < WITNESS_MOST; k++)
			if (some == NULL || has_bit(some, i))
				set_bit(x->met + k * x->words, i);
	x->used = arena_alloc(x->arena, x->words * sizeof(*x->used));
	for (i = 0; i < x->words; i++)
		if (some == NULL || some[i] != 0)
			x->used[x->n_used++] = i;
	v = select_needs(s, some, &n);
	for (i = from = 0; i < n; i++) {
		if (i + 1 < n && v[i + 1].w.field == v[from].w.field &&
		    v[i + 1].w.kind == v[from].w.kind)
			continue;
		make_kind(x, v + from, i + 1 - from);
		from = i + 1;
	}
	make_closes(x);
	free(v);
	return x;
}

void
set_index_free(struct set_index *x)
{
	uint32_t i;

	if (x == NULL)
		return;
	for (i = 0; i < x->set->nfield + x->set->nderived; i++)
		if (x->field[i] != NULL)
			index_free(x->field[i]->exact);
	free(x->field);
	free(x->met);
	arena_free(x->arena);
	free(x);
}

struct set_work *
set_work_new(const struct set *s)
{
	struct set_work *w = must(calloc(1, sizeof(*w)));

	w->met = must(calloc(WITNESS_MOST * set_words(s), sizeof(*w->met)));
	w->maybe = must(calloc(set_words(s), sizeof(*w->maybe)));
	return w;
}

void
set_work_free(struct set_work *w)
{
	if (w == NULL)
		return;
	free(w->met);
	free(w->maybe);
	free(w);
}

uint64_t
set_asked(const struct set_work *w)
{
	return w->asked;
}

static void
meet(struct set_work *w, const struct lists *l, uint32_t number)
{
	uint32_t i;

	for (i = l->start[number]; i < l->start[number + 1]; i++)
		set_bit(w->met, l->bit[i]);
}

static void
scan(struct set_work *w, const struct words *ws, struct span folded)
{
	size_t i, n;
	uint64_t bits;

	for (; ws != NULL; ws = ws->next) {
		if (!literals_scan(ws->t, folded, w->found))
			continue;
		n = ws->lists.n / 64 + 1;
		for (i = 0; i < n; i++)
			for (bits = w->found[i]; bits != 0; bits &= bits - 1)
				meet(w, &ws->lists,
				    (uint32_t)(i * 64 +
					(size_t)__builtin_ctzll(bits)));
		memset(w->found, 0, n * sizeof(*w->found));
	}
}

static void
look_up(const struct field_index *f, struct set_work *w, struct view *v,
    struct view_value *o)
{
	struct span folded;
	uint32_t number;
	size_t i;

	for (i = 0; i < f->n_present; i++)
		set_bit(w->met, f->present[i]);
	if (f->exact == NULL)
		return;
	folded = view_folded(v, o);
	if ((f->lengths >> folded.len % 64 & 1) != 0 &&
	    (number = index_get(f->exact, folded)) != INDEX_NONE)
		meet(w, &f->by_exact, number);
}

/* Which rules may be asked yet, when words of that pace are not known. */
static void
find_maybe(const struct set_index *x, struct set_work *w,
    const uint64_t *routed, enum pace pace)
{
	const size_t *i, *end = x->used + x->n_used;
	const uint64_t *open = x->open[pace];
	uint64_t bits;
	size_t k;

	for (i = x->used; i < end; i++) {
		bits = routed == NULL ? UINT64_MAX : routed[*i];
		for (k = *i; k < WITNESS_MOST * x->words; k += x->words)
			bits &= w->met[k] | open[k];
		w->maybe[*i] = bits;
	}
}

/* Those without a thing of the lists that are closed. */
static void
rule_out(const struct set_index *x, struct set_work *w, const uint64_t *closes)
{
	const size_t *i, *end = x->used + x->n_used;
	size_t k;

	for (i = x->used; i < end; i++)
		for (k = *i; k < WITNESS_MOST * x->words; k += x->words)
			w->maybe[*i] &= w->met[k] | ~closes[k];
}

static bool
is_awaited(const struct set_index *x, const struct set_work *w,
    const uint64_t *wanting)
{
	const size_t *i, *end = x->used + x->n_used;

	for (i = x->used; i < end; i++)
		if ((w->maybe[*i] & wanting[*i]) != 0)
			return true;
	return false;
}

static bool
is_wanted(const struct set_index *x, const struct set_work *w,
    const struct search *s)
{
	return s->words != NULL && is_awaited(x, w, s->wanting);
}

/* The text of an event is often the value of a field too. */
static bool
is_whole(struct view *v, struct view_value *o)
{
	if (o->text.p != v->whole.text.p || o->text.len != v->whole.text.len)
		return false;
	v->whole.folded = view_folded(v, o);
	return true;
}

static void
search(const struct set_index *x, struct set_work *w, struct view *v,
    enum pace pace)
{
	bool anywhere = is_wanted(x, w, &x->anywhere[pace]);
	const struct field_index *f;
	struct view_value *o;
	uint32_t i;

	for (i = 0; i < v->n; i++) {
		o = &v->v[i];
		if (o->null)
			continue;
		f = o->field < x->set->nfield ? x->field[o->field] : NULL;
		if (f != NULL && is_wanted(x, w, &f->search[pace]))
			scan(w, f->search[pace].words, view_folded(v, o));
		if (anywhere && !is_whole(v, o))
			scan(w, x->anywhere[pace].words, view_folded(v, o));
	}
	if (anywhere && v->whole.text.len > 0)
		scan(w, x->anywhere[pace].words, view_folded(v, &v->whole));
}

/* What is derived, one after the other, while it still makes a difference. */
static void
look_up_derived(const struct set_index *x, struct set_work *w, struct view *v,
    const uint64_t *routed)
{
	struct view_value value = { .null = false };
	const struct field_index *f;
	size_t i;

	find_maybe(x, w, routed, PACE_DERIVED);
	for (i = 0; i < x->n_derived; i++) {
		f = x->field[x->derived[i]];
		if (!is_awaited(x, w, f->wanting))
			continue;
		value.text = view_derive(v, x->derived[i]);
		value.folded = span_make(NULL, 0);
		if (value.text.len > 0)
			look_up(f, w, v, &value);
		rule_out(x, w, f->closes);
	}
}

static void
look(const struct set_index *x, struct set_work *w, struct view *v,
    const uint64_t *routed)
{
	struct view_value *o;
	enum pace pace;
	uint32_t i;

	memcpy(w->met, x->met, WITNESS_MOST * x->words * sizeof(*x->met));
	for (i = 0; i < v->n; i++) {
		o = &v->v[i];
		if (!o->null && o->field < x->set->nfield &&
		    x->field[o->field] != NULL)
			look_up(x->field[o->field], w, v, o);
	}
	if (x->n_derived > 0)
		look_up_derived(x, w, v, routed);
	for (pace = PACE_FAST; pace < PACES; pace++) {
		find_maybe(x, w, routed, pace);
		search(x, w, v, pace);
	}
}

/* Those of the rules of the 64 from number 64 * i on that need be asked. */
static inline uint64_t
candidates(const struct set_index *x, const struct set_work *w, size_t i)
{
	uint64_t bits = UINT64_MAX;
	size_t k;

	for (k = 0; k < WITNESS_MOST; k++)
		bits &= w->met[k * x->words + i];
	return bits;
}

static bool
fits(const struct set_member *d, struct view *v)
{
	return detection_match(d->first, v) &&
	    (d->also == NULL || detection_match(d->also, v));
}

size_t
set_match(const struct set_index *x, struct set_work *w, struct view *v,
    const uint64_t *routed, uint32_t *hit)
{
	const size_t *i, *end = x->used + x->n_used;
	size_t n = 0;
	uint64_t bits;
	uint32_t number;

	look(x, w, v, routed);
	for (i = x->used; i < end; i++) {
		bits = candidates(x, w, *i) &
		    (routed == NULL ? UINT64_MAX : routed[*i]);
		for (; bits != 0; bits &= bits - 1) {
			number = (uint32_t)(*i * 64 +
			    (size_t)__builtin_ctzll(bits));
			w->asked++;
			if (fits(&x->set->d[number], v))
				hit[n++] = number;
		}
	}
	return n;
}
