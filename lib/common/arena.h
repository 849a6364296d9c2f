/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COMMON_ARENA_H
#define COMMON_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "common/span.h"

/*
 * Bump allocation for one pass: many small pieces, freed together.  Memory is
 * zeroed.  Out of memory aborts; the passes bound what they put in.
 */
#define ARENA_ALIGN _Alignof(max_align_t)

struct arena_chunk;

/* Of no concern to callers: here for arena_bytes() alone. */
struct arena {
	unsigned char *at, *end;  /* what the current chunk has left */
	struct arena_chunk *head; /* it is first in the list */
	bool lasting;
};

struct arena *arena_new(void);

/* For what stays and is read here and there: on large pages where the system
 * has them, at least 2 MiB. */
struct arena *arena_new_lasting(void);
void arena_free(struct arena *a);

/* Forget everything but keep the first chunk, so that a loop does not malloc.
 */
void arena_reset(struct arena *a);

/*
 * Where an arena is now, and back to there: what was taken since is forgotten,
 * and the mark holds until that is done with an earlier one.
 */
struct arena_mark {
	struct arena_chunk *head, *next;
	unsigned char *at;
};

struct arena_mark arena_mark(const struct arena *a);
void arena_back(struct arena *a, const struct arena_mark *m);

/* len zeroed bytes, aligned for any type; valid until reset or free. */
void *arena_alloc(struct arena *a, size_t len);

/* The same for what is written over at once: without a call, not zeroed. */
static inline void *
arena_bytes(struct arena *a, size_t len)
{
	size_t n = (len + ARENA_ALIGN - 1) & ~(ARENA_ALIGN - 1);
	void *p = a->at;

	if (n - 1 >= (size_t)(a->end - a->at)) /* or nothing, or too much */
		return arena_alloc(a, len);
	a->at += n;
	return p;
}

/* A copy of s with a NUL behind it (not counted). */
struct span arena_copy(struct arena *a, struct span s);
char *arena_str(struct arena *a, struct span s);
char *arena_printf(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
