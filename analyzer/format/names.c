/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/names.h"

#include <stdlib.h>
#include <string.h>

/*
 * Open addressing over a power of two, at most a quarter full.  The hash
 * reads at most sixteen bytes of the name, first and last, and the builder
 * looks for a multiplier under which few names collide: almost every lookup
 * is one multiplication and one comparison.  Slots hold two bytes, so that the
 * tables of many formats stay in the cache together.
 */
struct names {
	uint64_t mul;
	unsigned shift;
	uint32_t mask;
	uint16_t *slot; /* 1 + number of the entry; 0: empty */
	const struct names_entry *entry;
	size_t n;
};

static uint64_t
mix(struct span s)
{
	const uint8_t *end = s.len == 0 ? s.p : s.p + s.len;

	if (s.len >= 8)
		return span_load(s.p, 8) ^
		    span_load(end - 8, 8) * 0x9e3779b97f4a7c15u ^ s.len;
	if (s.len >= 4)
		return (span_load(s.p, 4) | span_load(end - 4, 4) << 32) ^
		    s.len;
	if (s.len == 0)
		return 0;
	return (uint64_t)s.p[0] | (uint64_t)s.p[s.len / 2] << 8 |
	    (uint64_t)end[-1] << 16 | (uint64_t)s.len << 24;
}

static uint32_t
home(const struct names *t, struct span s)
{
	return (uint32_t)((mix(s) * t->mul) >> t->shift) & t->mask;
}

/* Fill the table with the multiplier; return how many are not at home. */
static size_t
fill(struct names *t, size_t n)
{
	size_t i, away = 0;
	uint32_t at;

	memset(t->slot, 0, ((size_t)t->mask + 1) * sizeof(*t->slot));
	for (i = 0; i < n; i++) {
		struct span name = t->entry[i].name;

		for (at = home(t, name); t->slot[at] != 0;
		     at = (at + 1) & t->mask) {
			if (span_eq(t->entry[t->slot[at] - 1].name, name))
				break;
			away++;
		}
		if (t->slot[at] == 0)
			t->slot[at] = (uint16_t)(i + 1);
	}
	return away;
}

struct names *
names_make(struct arena *a, const struct names_entry *e, size_t n)
{
	struct names *t = arena_alloc(a, sizeof(*t));
	struct names_entry *entry = arena_alloc(a, (n + 1) * sizeof(*entry));
	uint64_t mul = 0x9e3779b97f4a7c15u, best = mul;
	size_t least = SIZE_MAX, away;
	unsigned bits = 3;
	int i;

	if (n > NAMES_MAX)
		abort();
	if (n > 0)
		memcpy(entry, e, n * sizeof(*entry));
	t->entry = entry;
	t->n = n;
	while (((size_t)1 << bits) < n * 4)
		bits++;
	t->shift = 64 - bits;
	t->mask = (uint32_t)(((size_t)1 << bits) - 1);
	t->slot = arena_alloc(a, ((size_t)t->mask + 1) * sizeof(*t->slot));
	for (i = 0; i < 200 && least > 0; i++) {
		t->mul = mul;
		away = fill(t, n);
		if (away < least) {
			least = away;
			best = mul;
		}
		mul = (mul * 6364136223846793005u + 1442695040888963407u) | 1;
	}
	t->mul = best;
	(void)fill(t, n);
	return t;
}

uint32_t
names_find(const struct names *t, struct span name)
{
	uint32_t at;

	for (at = home(t, name); t->slot[at] != 0; at = (at + 1) & t->mask) {
		const struct names_entry *e = &t->entry[t->slot[at] - 1];

		if (span_same(e->name, name))
			return e->value;
	}
	return NAMES_NONE;
}

const struct names_entry *
names_all(const struct names *t, size_t *n)
{
	*n = t->n;
	return t->entry;
}
