/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/pairs.h"

#include <string.h>

struct pairs
pairs_make(struct span in, const struct pairs_form *form)
{
	return (
	    struct pairs){ in.p, in.len == 0 ? in.p : in.p + in.len, form };
}

static struct span
rest(const struct pairs *k, const uint8_t *p)
{
	return span_make(p, (size_t)(k->end - p));
}

static const uint8_t *
find(const struct pairs *k, const uint8_t *p, struct span what)
{
	if (p == k->end)
		return NULL;
	return memmem(p, (size_t)(k->end - p), what.p, what.len);
}

static bool
is_blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

static struct span
trim(struct span s)
{
	while (s.len > 0 && is_blank(s.p[0]))
		s = span_sub(s, 1, s.len);
	while (s.len > 0 && is_blank(s.p[s.len - 1]))
		s.len--;
	return s;
}

/* What a key of a form with blanks may consist of: so "?" ends none. */
static bool
is_key(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-' ||
	    c == '[' || c == ']';
}

/* Where the key that ends at q begins, or NULL: no separator before it. */
static const uint8_t *
key_start(const struct pairs *k, const uint8_t *from, const uint8_t *q)
{
	struct span sep = k->form->sep;
	const uint8_t *p = q;

	while (p > from && q - p < PAIRS_KEY_MAX && is_key(p[-1]))
		p--;
	if (p == q || (size_t)(p - from) < sep.len ||
	    memcmp(p - sep.len, sep.p, sep.len) != 0)
		return NULL;
	return p;
}

/* A value without quotes that may have blanks: up to the next " key=". */
static const uint8_t *
value_end(const struct pairs *k, const uint8_t *from)
{
	struct span pair = k->form->pair;
	const uint8_t *q = from, *key;

	while ((q = find(k, q, pair)) != NULL) {
		if ((key = key_start(k, from, q)) != NULL)
			return key - k->form->sep.len;
		q += pair.len;
	}
	return k->end;
}

/* A quoted value; k->p stands behind its opening quote. */
static void
take_quoted(struct pairs *k, uint8_t quote, struct kv_pair *pair)
{
	const uint8_t *from = k->p, *p = from;

	while (p < k->end && *p != quote) {
		if (*p == '\\' && k->end - p > 1) {
			pair->escaped = true;
			p++;
		}
		p++;
	}
	pair->value = span_make(from, (size_t)(p - from));
	pair->open = p == k->end;
	k->p = pair->open ? p : p + 1;
}

static bool
is_quote(const struct pairs *k, uint8_t c)
{
	struct span q = k->form->quotes;

	return q.len > 0 && memchr(q.p, c, q.len) != NULL;
}

static void
take_value(struct pairs *k, const uint8_t *p, struct kv_pair *pair)
{
	const uint8_t *end, *from = p;

	while (p < k->end && is_blank(*p) &&
	    !span_starts(rest(k, p), k->form->sep))
		p++;
	pair->escaped = pair->open = false;
	if (p < k->end && is_quote(k, *p)) {
		k->p = p + 1;
		take_quoted(k, *p, pair);
		return;
	}
	if (k->form->blanks)
		end = value_end(k, from);
	else if ((end = find(k, from, k->form->sep)) == NULL)
		end = k->end;
	k->p = end;
	pair->value = trim(span_make(from, (size_t)(end - from)));
	pair->escaped = pair->value.len > 0 &&
	    memchr(pair->value.p, '\\', pair->value.len) != NULL;
}

/* "User - Client_ip ...": the separator stands where the value would. */
static void
take_nothing(struct pairs *k, const uint8_t *at, struct kv_pair *pair)
{
	pair->escaped = pair->open = false;
	pair->value = span_make(at, 0);
	k->p = at;
}

/* The key that ends at q, behind the last separator; empty if there is none. */
static struct span
key_before(const struct pairs *k, const uint8_t *from, const uint8_t *q)
{
	struct span sep = k->form->sep;
	const uint8_t *p;

	while (q > from && is_blank(q[-1]) && !span_is(sep, " "))
		q--;
	for (p = q; p > from && q - p <= PAIRS_KEY_MAX; p--)
		if ((size_t)(p - from) >= sep.len &&
		    memcmp(p - sep.len, sep.p, sep.len) == 0)
			break;
	if (q - p > PAIRS_KEY_MAX)
		return span_make(NULL, 0);
	return trim(span_make(p, (size_t)(q - p)));
}

bool
pairs_next(struct pairs *k, struct kv_pair *pair)
{
	const uint8_t *p = k->p, *q;

	/* A separator may begin as what stands between key and value does. */
	if (span_starts(rest(k, p), k->form->sep))
		p += k->form->sep.len;
	/* Words between pairs belong to none of them. */
	while ((q = find(k, p, k->form->pair)) != NULL) {
		pair->key = key_before(k, p, q);
		p = q + k->form->pair.len;
		if (pair->key.len > 0) {
			if (span_starts(rest(k, q), k->form->sep))
				take_nothing(k, q, pair);
			else
				take_value(k, p, pair);
			return true;
		}
	}
	k->p = k->end;
	return false;
}
