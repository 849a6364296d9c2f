/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/names.h"

#include <string.h>

/*
 * Open addressing over a power of two, at most a quarter full.  The hash
 * reads at most sixteen bytes of the name, first and last, and the builder
 * looks for a multiplier under which few names collide: almost every lookup
 * is one multiplication and one comparison.
 */
struct names {
	uint64_t mul;
	unsigned shift;
	uint32_t mask;
	struct names_entry *slot; /* empty: name.p NULL */
};

static uint64_t
mix(struct span s)
{
	const uint8_t *end = s.len == 0 ? s.p : s.p + s.len;

	if (s.len >= 8)
		return names_load(s.p, 8) ^
		    names_load(end - 8, 8) * 0x9e3779b97f4a7c15u ^ s.len;
	if (s.len >= 4)
		return (names_load(s.p, 4) | names_load(end - 4, 4) << 32) ^
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
fill(struct names *t, const struct names_entry *e, size_t n)
{
	size_t i, away = 0;
	uint32_t at;

	memset(t->slot, 0, ((size_t)t->mask + 1) * sizeof(*t->slot));
	for (i = 0; i < n; i++) {
		for (at = home(t, e[i].name); t->slot[at].name.p != NULL;
		     at = (at + 1) & t->mask) {
			if (span_eq(t->slot[at].name, e[i].name))
				break;
			away++;
		}
		if (t->slot[at].name.p == NULL)
			t->slot[at] = e[i];
	}
	return away;
}

struct names *
names_make(struct arena *a, const struct names_entry *e, size_t n)
{
	struct names *t = arena_alloc(a, sizeof(*t));
	uint64_t mul = 0x9e3779b97f4a7c15u, best = mul;
	size_t least = SIZE_MAX, away;
	unsigned bits = 3;
	int i;

	while (((size_t)1 << bits) < n * 4)
		bits++;
	t->shift = 64 - bits;
	t->mask = (uint32_t)(((size_t)1 << bits) - 1);
	t->slot = arena_alloc(a, ((size_t)t->mask + 1) * sizeof(*t->slot));
	for (i = 0; i < 200 && least > 0; i++) {
		t->mul = mul;
		away = fill(t, e, n);
		if (away < least) {
			least = away;
			best = mul;
		}
		mul = (mul * 6364136223846793005u + 1442695040888963407u) | 1;
	}
	t->mul = best;
	(void)fill(t, e, n);
	return t;
}

uint32_t
names_find(const struct names *t, struct span name)
{
	uint32_t at;

	for (at = home(t, name); t->slot[at].name.p != NULL;
	     at = (at + 1) & t->mask)
		if (names_same(t->slot[at].name, name))
			return t->slot[at].value;
	return NAMES_NONE;
}
