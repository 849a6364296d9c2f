/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/literals.h"

#include <stdlib.h>
#include <string.h>

/*
 * The automaton with all its transitions: a row for each state, a column for
 * each class of bytes.  Bytes that no word has are class 0.  The states in
 * which a word ends have the highest numbers, so that one comparison finds
 * them.
 */
#define STATES_MAX UINT16_MAX

/*
 * Few words of some length: the text is read in leaps, and of every fourth
 * place (or third, or second) four bytes are looked up in a table of those
 * that words have near their start.  Only where they stand there does the
 * automaton read, until it is back at its beginning: no text costs more than
 * that and the looks.
 */
#define GRAM 4
#define GRAM_BITS 13
#define LEAP_MOST (LITERALS_LONG - GRAM + 1)
#define GRAMS_MOST (LITERALS_FEW * LEAP_MOST) /* more, and chance finds some */
#define LEAP_LEAST 2

struct literals {
	uint16_t class[256];
	size_t row;	      /* columns */
	uint16_t first_end;   /* the first state in which a word ends */
	size_t longest;	      /* word, bytes */
	size_t leap;	      /* bytes, or 0 */
	uint8_t *grams;	      /* by gram_of(): whether it may be one */
	const uint16_t *next; /* [state * row + class] */
	/* Numbers of the words that end in state first_end + i. */
	const uint32_t *ends;	 /* where its numbers begin, and those of the
				  * state behind it */
	const uint32_t *numbers; /* all of them */
};

/* While it is made: states by the order in which they were found. */
struct draft {
	size_t n, cap;
	size_t row;
	uint16_t *next;
	uint16_t *fail, *queue;
	struct ends {
		const struct ends *link; /* of the state that is the suffix */
		struct end *first;
	} *ends;
};

struct end {
	uint32_t number;
	struct end *next;
};

static void *
need(void *p)
{
	if (p == NULL)
		abort();
	return p;
}

static size_t
classes(struct literals *t, const struct literals_word *word, size_t n)
{
	size_t i, k, count = 1;

	for (i = 0; i < n; i++)
		for (k = 0; k < word[i].text.len; k++)
			if (t->class[word[i].text.p[k]] == 0)
				t->class[word[i].text.p[k]] = (uint16_t)count++;
	return count;
}

/* The state behind s on a byte of that class; it is made if need be. */
static uint16_t
grow(struct draft *d, uint16_t s, uint16_t class)
{
	uint16_t *at = &d->next[s * d->row + class];

	if (*at == 0)
		*at = (uint16_t)d->n++;
	return *at;
}

static void
plant(struct draft *d, const struct literals *t, struct arena *a,
    const struct literals_word *w)
{
	struct end *end = arena_alloc(a, sizeof(*end));
	uint16_t s = 0;
	size_t i;

	for (i = 0; i < w->text.len; i++)
		s = grow(d, s, t->class[w->text.p[i]]);
	end->number = w->number;
	end->next = d->ends[s].first;
	d->ends[s].first = end;
}

/* Breadth first: where a state has no way, that of its longest suffix. */
static void
link_states(struct draft *d)
{
	size_t head = 0, tail = 0, c, row = d->row;
	uint16_t s, to;

	for (c = 0; c < row; c++)
		if ((to = d->next[c]) != 0)
			d->queue[tail++] = to;
	while (head < tail) {
		s = d->queue[head++];
		d->ends[s].link = &d->ends[d->fail[s]];
		for (c = 0; c < row; c++) {
			uint16_t *at = &d->next[s * row + c];
			uint16_t other = d->next[d->fail[s] * row + c];

			if (*at == 0)
				*at = other;
			else {
				d->fail[*at] = other;
				d->queue[tail++] = *at;
			}
		}
	}
}

static bool
is_end(const struct ends *e)
{
	for (; e != NULL; e = e->link)
		if (e->first != NULL)
			return true;
	return false;
}

/*
 * Give the states in which words end the highest numbers; else those near the
 * start the lowest, as a text is nearly always there: few rows are in use.
 */
static void
order(const struct draft *d, struct literals *t, uint16_t *new)
{
	size_t i, s, low = 1, high;

	new[0] = 0;
	for (i = 0; i + 1 < d->n; i++)
		if (!is_end(&d->ends[s = d->queue[i]]))
			new[s] = (uint16_t)low++;
	t->first_end = (uint16_t)low;
	for (i = 0, high = low; i + 1 < d->n; i++)
		if (is_end(&d->ends[s = d->queue[i]]))
			new[s] = (uint16_t)high++;
}

static size_t
list_numbers(const struct ends *e, uint32_t *out)
{
	const struct end *end;
	size_t n = 0;

	for (; e != NULL; e = e->link)
		for (end = e->first; end != NULL; end = end->next, n++)
			if (out != NULL)
				out[n] = end->number;
	return n;
}

static void
freeze(const struct draft *d, struct literals *t, struct arena *a)
{
	uint16_t *new = arena_alloc(a, d->n * sizeof(*new)), *next;
	uint16_t *old = arena_alloc(a, d->n * sizeof(*old));
	uint32_t *starts, *numbers;
	size_t s, c, row = d->row, total = 0;

	order(d, t, new);
	t->next = next = arena_alloc(a, d->n * row * sizeof(*next));
	for (s = 0; s < d->n; s++) {
		old[new[s]] = (uint16_t)s;
		total += list_numbers(&d->ends[s], NULL);
		for (c = 0; c < row; c++)
			next[new[s] * row + c] = new[d->next[s * row + c]];
	}
	t->ends = starts =
	    arena_alloc(a, (d->n - t->first_end + 1) * sizeof(*starts));
	t->numbers = numbers = arena_alloc(a, (total + 1) * sizeof(*numbers));
	for (s = t->first_end, total = 0; s < d->n; s++) {
		*starts++ = (uint32_t)total;
		total += list_numbers(&d->ends[old[s]], numbers + total);
	}
	*starts = (uint32_t)total;
}

static inline uint32_t
gram_of(const uint8_t *p)
{
	uint32_t gram;

	memcpy(&gram, p, GRAM);
	return gram * 0x9E3779B1u >> (32 - GRAM_BITS);
}

/* Whichever place of a word a leap ends at, its gram is there. */
static void
make_grams(struct literals *t, const struct literals_word *word, size_t n,
    struct arena *a)
{
	size_t i, k, leap = LEAP_MOST;

	for (i = 0; i < n; i++) {
		if (word[i].text.len < GRAM - 1 + LEAP_LEAST)
			return;
		if (word[i].text.len - (GRAM - 1) < leap)
			leap = word[i].text.len - (GRAM - 1);
	}
	if (n == 0 || n * leap > GRAMS_MOST)
		return;
	t->leap = leap;
	t->grams = arena_alloc(a, 1u << GRAM_BITS);
	for (i = 0; i < n; i++)
		for (k = 0; k < leap; k++)
			t->grams[gram_of(word[i].text.p + k)] = 1;
}

struct literals *
literals_make(struct arena *a, const struct literals_word *word, size_t n)
{
	struct literals *t = arena_alloc(a, sizeof(*t));
	struct draft d = { .n = 1, .cap = 1 };
	size_t i;

	for (i = 0; i < n; i++) {
		d.cap += word[i].text.len;
		if (word[i].text.len > t->longest)
			t->longest = word[i].text.len;
	}
	if (d.cap > STATES_MAX)
		return NULL;
	t->row = d.row = classes(t, word, n);
	d.next = need(calloc(d.cap * d.row, sizeof(*d.next)));
	d.fail = need(calloc(d.cap, sizeof(*d.fail)));
	d.queue = need(calloc(d.cap, sizeof(*d.queue)));
	d.ends = need(calloc(d.cap, sizeof(*d.ends)));
	for (i = 0; i < n; i++)
		plant(&d, t, a, &word[i]);
	link_states(&d);
	freeze(&d, t, a);
	make_grams(t, word, n, a);
	free(d.next);
	free(d.fail);
	free(d.queue);
	free(d.ends);
	return t;
}

static bool
mark(const struct literals *t, uint16_t state, uint64_t *found)
{
	uint32_t i = t->ends[state - t->first_end],
		 end = t->ends[state - t->first_end + 1];

	for (; i < end; i++)
		found[t->numbers[i] / 64] |= UINT64_C(1)
		    << t->numbers[i] % 64;
	return true;
}

static inline uint16_t
step(const struct literals *t, uint16_t state, uint8_t byte)
{
	return t->next[state * t->row + t->class[byte]];
}

/* From p on until no word has begun that has not ended, beyond least. */
static const uint8_t *
read_on(const struct literals *t, const uint8_t *p, const uint8_t *end,
    const uint8_t *least, uint64_t *found, bool *any)
{
	uint16_t a = 0;

	while (p < end) {
		if ((a = step(t, a, *p++)) >= t->first_end)
			*any = mark(t, a, found);
		if (a == 0 && p > least)
			break;
	}
	return p;
}

static bool
scan_leaping(const struct literals *t, struct span text, uint64_t *found)
{
	const uint8_t *p = text.p, *end = p + text.len, *from = p;
	size_t back, leap = t->leap;
	bool any = false;

	while (end - p >= GRAM) {
		if (!t->grams[gram_of(p)]) {
			p += leap;
			continue;
		}
		/* The word may have begun since the leap before. */
		back = (size_t)(p - from) < leap ? (size_t)(p - from)
						 : leap - 1;
		from = p = read_on(t, p - back, end, p, found, &any);
	}
	return any;
}

/*
 * Each step waits for the one before, so a longer text is read from four
 * places at once, from each as far as a word may reach over the next.
 */
#define PLACES 4

static bool
scan_places(const struct literals *t, struct span text, uint64_t *found)
{
	const size_t n = (text.len + 3 * t->longest + 3) / PLACES,
		     last = text.len - n;
	const uint8_t *p = text.p, *q = p + last / 3, *r = p + 2 * last / 3,
		      *s = p + last, *const end = p + text.len;
	const uint16_t first = t->first_end;
	uint16_t a = 0, b = 0, c = 0, d = 0;
	bool any = false;

	for (; s < end; p++, q++, r++, s++) {
		a = step(t, a, *p);
		b = step(t, b, *q);
		c = step(t, c, *r);
		d = step(t, d, *s);
		if (a >= first)
			any = mark(t, a, found);
		if (b >= first)
			any = mark(t, b, found);
		if (c >= first)
			any = mark(t, c, found);
		if (d >= first)
			any = mark(t, d, found);
	}
	return any;
}

bool
literals_scan(const struct literals *t, struct span text, uint64_t *found)
{
	const uint8_t *p = text.p, *end = p + text.len;
	uint16_t a = 0;
	bool any = false;

	if (t->leap > 0)
		return scan_leaping(t, text, found);
	if (text.len > PLACES * t->longest)
		return scan_places(t, text, found);
	for (; p < end; p++)
		if ((a = step(t, a, *p)) >= t->first_end)
			any = mark(t, a, found);
	return any;
}
