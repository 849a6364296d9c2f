/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/kv_order.h"
#include "analyzer/format/step_put.h"

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

/* The likely key that stands at p, or NULL. */
static inline const struct kv_order_key *
key_at(const struct kv_order_key *last, const uint8_t *p, const uint8_t *end)
{
	const struct kv_order_key *key = last->next[0];

	if (key != NULL && kv_order_here(key, p, end))
		return key;
	key = last->next[1];
	return key != NULL && kv_order_here(key, p, end) ? key : NULL;
}

/*
 * From k on, whose next key is likely one that came behind last: pairs with
 * values that are plain, or quoted without a backslash.  Return the last key,
 * or that which was given; k stands behind its pair.  *known: one was wanted.
 * On its own, so that all of the loop stays in registers.
 */
static __attribute__((noinline)) const struct kv_order_key *
take_known(struct line *l, struct kv *k, const struct kv_order_key *last,
    bool *known)
{
	const uint8_t *p = k->p, *end = k->end, *from, *to;
	const uint64_t absent = l->f->absent_len;
	const struct kv_order_key *key;
	uint16_t *used = l->used + l->nused;
	uint8_t sep = k->sep;
	struct span value;

	for (;; last = key) {
		if (p < end && *p == sep)
			p++; /* of more than one the general loop knows */
		if ((key = key_at(last, p, end)) == NULL)
			break;
		from = p + key->len;
		if (from < end && *from == '"') {
			to = find_byte(++from, end, '"', '\\');
			if (to == end || *to != '"')
				break;
			p = to + 1;
		} else
			p = to = find_byte(from, end, sep, sep);
		if (key->value == NAMES_NONE)
			continue;
		*known = true;
		value = span_make(from, (size_t)(to - from));
		if (value.len == 0 || l->in[key->value].len > 0 ||
		    (value.len < 64 && (absent >> value.len & 1) &&
			line_absent(l->f, value)))
			continue;
		l->in[key->value] = value;
		*used++ = (uint16_t)key->value;
	}
	l->nused = (size_t)(used - l->used);
	k->p = p;
	return last;
}

bool
step_kv(const struct step *s, struct line *l)
{
	struct kv k = kv_make(l->in[s->from], s->pair, s->sep);
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
