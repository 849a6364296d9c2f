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
 * The last bytes of a line are copied to where that is so, with separators
 * behind them, which end the last value and begin no key.
 */
#define AHEAD ((size_t)KV_ORDER_TEXT + 1 + FIND_NEAR)

struct stretch {
	const uint8_t *p, *limit, *end;
	const uint8_t *begin, *line; /* where it is, and stands in the line */
	uint8_t sep;
};

/*
 * Pairs whose next key is likely one that came behind last, with values that
 * are plain, or quoted without a backslash.  Return the last key, or that
 * which was given; t->p stands behind its pair.  *known becomes true where a
 * key has a slot.  On its own, so that all of the loop stays in registers.
 */
static __attribute__((noinline)) const struct kv_order_key *
take_stretch(struct line *l, struct stretch *t, const struct kv_order_key *last,
    bool *known)
{
	const uint8_t *p = t->p, *from, *to;
	const uint8_t *const limit = t->limit, *const end = t->end;
	const struct format *const f = l->f;
	const uintptr_t moved = (uintptr_t)t->line - (uintptr_t)t->begin;
	const struct kv_order_key *key;
	uint16_t *used = l->used + l->nused;
	const uint8_t sep = t->sep;
	struct span *in;
	unsigned bits;
	size_t len;

	/* Of more separators than one the general loop knows. */
	for (p += *p == sep; p < limit; last = key) {
		key = last->next[0]; /* most are */
		if (!kv_order_near(key, p) &&
		    (key = kv_order_at(last, p)) == NULL)
			break;
		from = p + key->len;
		if (*from == '"') {
			bits = find_bits(++from, '"', '\\');
			if (bits != 0)
				to = from + (unsigned)__builtin_ctz(bits);
			else if ((to = find_near(from, end, '"', '\\')) == end)
				break;
			if (*to != '"')
				break;
			p = to + 1;
			if (bits != 0 || p < end) /* near is below end */
				p += *p == sep;
		} else {
			to = find_near(from, end, sep, sep);
			p = to + 1;
		}
		if (key->value == NAMES_NONE)
			continue;
		len = (size_t)(to - from);
		in = (void *)((uint8_t *)l->in + key->at);
		if (in->len > 0 ||
		    (f->absent_first[*from] &&
			(len == 0 || line_absent(f, span_make(from, len))))) {
			*known = true;
			continue;
		}
		*in = span_make((const void *)((uintptr_t)from + moved), len);
		*used++ = (uint16_t)key->value;
	}
	*known |= used > l->used + l->nused;
	l->nused = (size_t)(used - l->used);
	t->p = p < end ? p : end;
	return last;
}

/* The same from k on, up to the end of the line. */
static const struct kv_order_key *
take_known(struct line *l, struct kv *k, const struct kv_order_key *last,
    bool *known)
{
	uint8_t text[2 * AHEAD];
	size_t len = (size_t)(k->end - k->p);
	struct stretch t = { .p = k->p,
		.end = k->end,
		.begin = k->p,
		.line = k->p,
		.sep = k->sep };

	if (len > AHEAD) {
		t.limit = t.end - AHEAD;
		last = take_stretch(l, &t, last, known);
		k->p = t.p;
		len = (size_t)(k->end - k->p);
	}
	if (len > 0 && len <= AHEAD) {
		memcpy(text, k->p, len);
		memset(text + len, k->sep, AHEAD);
		t.line = k->p;
		t.p = t.begin = text;
		t.end = t.limit = text + len;
		last = take_stretch(l, &t, last, known);
		k->p += t.p - text;
	}
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
	const struct kv_order_key *last = o == NULL ? NULL : kv_order_start(o);
	struct kv_pair pair;
	bool known = false;
	uint32_t slot;

	for (;;) {
		if (last != NULL && l->trace == NULL)
			last = take_known(l, &k, last, &known);
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
