/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/kv_order.h"
#include "analyzer/format/step_put.h"

#include <string.h>

/*
 * key=value as most firewalls write it.  Where the keys come in the order that
 * is known, take_known() reads them in a loop of its own; whatever it is not
 * made for, the general one reads.
 */

/* A backslash that keeps a quote is no part of the value. */
static size_t
unquote(struct span s, uint8_t *out)
{
	size_t i, n = 0;

	for (i = 0; i < s.len; i++) {
		if (s.p[i] == '\\' && i + 1 < s.len &&
		    (s.p[i + 1] == '"' || s.p[i + 1] == '\''))
			i++;
		out[n++] = s.p[i];
	}
	return n;
}

void
step_put_pair(struct line *l, uint32_t slot, const struct kv_pair *pair)
{
	struct span value = pair->value;
	uint8_t *out;

	if (pair->escaped) {
		out = arena_alloc(l->a, value.len);
		value = span_make(out, unquote(value, out));
	}
	line_put(l, (uint16_t)slot, value);
	if (pair->open)
		l->fault = "a quoted value never closes";
}

static bool
may_learn(const struct step *s, struct span key)
{
	size_t i;

	for (i = 0; i < key.len; i++)
		if (memchr(s->parting.p, key.p[i], s->parting.len) != NULL)
			return false;
	return true;
}

/*
 * A stretch of the pairs: from every byte below limit AHEAD bytes can be read.
 * A line is copied to where that is so, with separators behind it, which end
 * the last value and begin no key; of a long one, its last bytes are.
 */
#define AHEAD ((size_t)KV_ORDER_TEXT + 1 + FIND_NEAR)

#define COPY_MAX (LINE_COPY - AHEAD)

struct stretch {
	const uint8_t *p, *limit, *end;
	uintptr_t moved; /* from there to where it stands in the line */
	const uint8_t *line; /* where that is of a copy's first byte, or NULL */
	uint8_t sep;
};

/*
 * The value behind a key, plain, or quoted without a backslash.  Return what
 * stands behind its pair, or NULL if it is neither.
 */
static inline const uint8_t *
take_value(const uint8_t *from, const uint8_t *end, uint8_t sep,
    struct span *value)
{
	const uint8_t *to;
	unsigned bits;

	if (*from != '"') {
		to = find_near(from, end, sep, sep);
		*value = span_make(from, (size_t)(to - from));
		return to + 1;
	}
	bits = find_bits(++from, '"', '\\');
	if (bits != 0)
		to = from + (unsigned)__builtin_ctz(bits);
	else if ((to = find_near(from, end, '"', '\\')) == end)
		return NULL;
	if (*to != '"')
		return NULL;
	*value = span_make(from, (size_t)(to - from));
	/* Near is below end.  A branch, so that what follows need not wait. */
	if ((bits != 0 || to + 1 < end) && to[1] == sep)
		return to + 2;
	return to + 1;
}

/* The pair at p may be so again, if a separator ended it. */
static __attribute__((noinline)) void
keep_pair(struct kv_order_key *key, const uint8_t *p, const uint8_t *next,
    struct span value)
{
	size_t quotes = (size_t)(value.p - p) - key->len;

	if ((size_t)(next - value.p) == value.len + quotes + 1)
		kv_order_keep(key, span_make(p, (size_t)(next - p)), value);
}

/*
 * Pairs whose next key is likely one that came behind last.  Return the last
 * key, or that which was given; t->p stands behind its pair.  *known becomes
 * true where a key has a slot.  On its own, so that all of the loop stays in
 * registers.
 */
static __attribute__((noinline)) struct kv_order_key *
take_stretch(struct line *l, struct stretch *t, struct kv_order_key *last,
    bool *known)
{
	const uint8_t *p = t->p, *next;
	const uint8_t *const limit = t->limit, *const end = t->end;
	const struct format *const f = l->f;
	const uintptr_t moved = t->moved;
	struct kv_order_key *key;
	uint16_t *used = l->used + l->nused;
	const uint8_t sep = t->sep;
	struct span *in, value;

	/* Of more separators than one the general loop knows. */
	for (p += *p == sep; p < limit; last = key) {
		key = last->next[0]; /* most are */
		/* A line may have another separator than those before. */
		if (kv_order_again(key, p) && p[key->npair - 1] == sep) {
			value = span_make(p + key->from, key->n);
			p += key->npair;
		} else {
			if (!kv_order_near(key, p) &&
			    (key = kv_order_at(last, p)) == NULL)
				break;
			next = take_value(p + key->len, end, sep, &value);
			if (next == NULL)
				break;
			if (key->value != NAMES_NONE &&
			    f->absent_first[*value.p] &&
			    (value.len == 0 || line_absent(f, value))) {
				*known = true;
				p = next;
				continue;
			}
			if (key->wait == 0)
				keep_pair(key, p, next, value);
			else
				key->wait--;
			p = next;
		}
		if (key->value == NAMES_NONE)
			continue;
		in = (void *)((uint8_t *)l->in + key->at);
		if (in->len > 0) {
			*known = true;
			continue;
		}
		*in = span_make((const void *)((uintptr_t)value.p + moved),
		    value.len);
		*used++ = (uint16_t)key->value;
	}
	*known |= used > l->used + l->nused;
	l->nused = (size_t)(used - l->used);
	t->p = p < end ? p : end;
	return last;
}

/*
 * The rest of a line, which was not copied yet.  On its own: where its length
 * is known to be small, it is copied by an instruction that begins slowly.
 */
static __attribute__((noinline)) void
copy_rest(struct line *l, const struct kv *k, struct stretch *t)
{
	size_t len = (size_t)(k->end - k->p);

	memcpy(l->copy, k->p, len);
	memset(l->copy + len, k->sep, AHEAD);
	t->line = k->p;
	t->moved = (uintptr_t)k->p - (uintptr_t)l->copy;
	t->end = t->limit = l->copy + len;
}

/* The same from k on, up to the end of the line; *t is kept for the next. */
static struct kv_order_key *
take_known(struct line *l, struct kv *k, struct stretch *t,
    struct kv_order_key *last, bool *known)
{
	t->sep = k->sep;
	if ((size_t)(k->end - k->p) > COPY_MAX) {
		t->p = k->p;
		t->limit = k->end - AHEAD;
		t->end = k->end;
		last = take_stretch(l, t, last, known);
		k->p = t->p;
	}
	if (k->p == k->end || (size_t)(k->end - k->p) > COPY_MAX)
		return last;
	if (t->line == NULL)
		copy_rest(l, k, t);
	t->p = l->copy + (k->p - t->line);
	last = take_stretch(l, t, last, known);
	k->p = t->line + (t->p - l->copy);
	return last;
}

/*
 * Which of two separators parts the pairs: that which ends the first one.  No
 * other place tells it, as what stands in a value may come from outside.
 */
static uint8_t
parted_by(const struct step *s, struct span in)
{
	struct kv k = kv_make(in, s->pair, s->sep);
	struct kv_pair pair;

	k.p = find_byte(k.p, k.end, s->pair, s->pair);
	if (k.p < k.end)
		k.p++;
	if (k.p < k.end && *k.p == '"')
		kv_quoted(&k, k.p + 1, &pair);
	else
		k.p = find_byte(k.p, k.end, s->sep, s->or_sep);
	return k.p < k.end && *k.p == s->or_sep ? s->or_sep : s->sep;
}

bool
step_kv(const struct step *s, struct line *l)
{
	struct span in = l->in[s->from];
	struct kv k = kv_make(in, s->pair,
	    s->or_sep == 0 ? s->sep : parted_by(s, in));
	struct kv_order *o = s->follows ? line_order(l) : NULL;
	struct kv_order_key *last = o == NULL ? NULL : kv_order_start(o);
	struct stretch t = { .line = NULL };
	struct kv_pair pair;
	bool known = false;
	uint32_t slot;

	for (;;) {
		if (last != NULL && l->trace == NULL)
			last = take_known(l, &k, &t, last, &known);
		if (!kv_next(&k, &pair))
			return known;
		slot = names_find(s->keys, pair.key);
		if (last != NULL && may_learn(s, pair.key))
			last = kv_order_learn(o, last, pair.key, s->pair, slot);
		step_note(s, l, slot, pair.key, pair.value);
		if (slot == NAMES_NONE)
			continue;
		step_put_pair(l, slot, &pair);
		known = true;
	}
}
