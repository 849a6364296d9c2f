/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/exact.h"

#include <string.h>

struct slot {
	struct span text; /* NULL: free */
	uint32_t number;
};

/* Open addressing, at most half full. */
struct exact {
	struct slot *v;
	size_t size; /* a power of two */
	uint32_t n;
	uint64_t lengths; /* modulo 64 */
};

struct exact *
exact_new(size_t n, struct arena *a)
{
	struct exact *x = arena_alloc(a, sizeof(*x));

	for (x->size = 4; x->size < 2 * n; x->size *= 2)
		;
	x->v = arena_alloc(a, x->size * sizeof(*x->v));
	return x;
}

/* Of the ends alone: what lies between them is compared. */
static inline size_t
hash(struct span s)
{
	uint64_t first, last;

	if (s.len >= sizeof(first)) {
		memcpy(&first, s.p, sizeof(first));
		memcpy(&last, s.p + s.len - sizeof(last), sizeof(last));
	} else if (s.len >= 4) {
		first = last = 0;
		memcpy(&first, s.p, 4);
		memcpy(&last, s.p + s.len - 4, 4);
	} else {
		first = s.len > 0 ? s.p[0] | (uint64_t)s.p[s.len - 1] << 8 : 0;
		last = s.len > 0 ? s.p[s.len / 2] : 0;
	}
	first = (first ^ s.len) * UINT64_C(0x9e3779b97f4a7c15);
	first = (first ^ first >> 32 ^ last) * UINT64_C(0xd6e8feb86659fd93);
	return (size_t)(first >> 32);
}

static inline struct slot *
find(const struct exact *x, struct span text)
{
	size_t i = hash(text);
	struct slot *s;

	for (;; i++) {
		s = &x->v[i & (x->size - 1)];
		if (s->text.p == NULL || span_same(s->text, text))
			return s;
	}
}

void
exact_add(struct exact *x, struct span text)
{
	struct slot *s = find(x, text);

	s->text = text;
	s->number = x->n++;
	x->lengths |= UINT64_C(1) << text.len % 64;
}

uint32_t
exact_get(const struct exact *x, struct span text)
{
	const struct slot *s;

	if ((x->lengths >> text.len % 64 & 1) == 0)
		return EXACT_NONE;
	s = find(x, text);
	return s->text.p == NULL ? EXACT_NONE : s->number;
}
