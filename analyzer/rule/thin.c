/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/thin.h"

#include <endian.h>
#include <string.h>

#include "analyzer/sigma/groupkey.h"
#include "common/wide.h"

#define SLOTS 131072u /* a power of two */

struct thin {
	uint64_t slot[SLOTS]; /* 0: none */
};

struct thin *
thin_new(void)
{
	return wide_new(1, sizeof(struct thin));
}

void
thin_free(struct thin *t)
{
	wide_free(t, 1, sizeof(*t));
}

/* Fewer values than there are can only be too few if "at least" is asked. */
bool
thin_may(const struct correlation_linked *l)
{
	size_t i;

	if (l->c->type != CORRELATION_VALUE_COUNT)
		return false;
	for (i = 0; i < l->c->nbound; i++)
		if (l->c->bound[i].op != CORRELATION_GT &&
		    l->c->bound[i].op != CORRELATION_GTE)
			return false;
	return true;
}

static uint64_t
mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 29;
}

static uint8_t *
put(uint8_t *to, uint64_t word)
{
	memcpy(to, &word, sizeof(word));
	return to + sizeof(word);
}

static void
put_value(struct buf *out, struct span s)
{
	uint8_t *from = buf_reserve(out, s.len + 2 * sizeof(uint64_t)), *to;
	uint64_t word = 0;
	size_t i;

	to = put(from, s.p == NULL ? UINT64_MAX : s.len);
	for (i = 0; s.len - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&word, s.p + i, sizeof(word));
		to = put(to, be64toh(word));
	}
	if (i < s.len) {
		for (word = 0; i < s.len; i++)
			word = word << 8 | s.p[i];
		to = put(to, word);
	}
	out->len += (size_t)(to - from);
}

void
thin_words(const struct correlation *c, const struct correlation_source *s,
    const struct view *v, struct buf *out)
{
	const struct groupkey_from from = { v, NULL };
	size_t i;

	for (i = 0; i < c->ngroup; i++)
		put_value(out, groupkey_field(&from, s->group[i]));
	for (i = 0; i < c->nfields; i++)
		put_value(out, groupkey_field(&from, s->fields[i]));
}

/* The same in each process, so that what is taken does not hang on chance. */
bool
thin_seen(struct thin *t, uint64_t which, const struct correlation *c,
    int64_t time, struct span words)
{
	int64_t part = c->timespan / THIN_PARTS + 1;
	uint64_t h = mix(mix(1, which), (uint64_t)(time / part));
	uint64_t *slot, word;
	size_t i;

	for (i = 0; i < words.len; i += sizeof(word)) {
		memcpy(&word, words.p + i, sizeof(word));
		h = mix(h, word);
	}
	h |= 1;
	slot = &t->slot[h >> 32 & (SLOTS - 1)];
	if (*slot == h)
		return true;
	*slot = h;
	return false;
}
