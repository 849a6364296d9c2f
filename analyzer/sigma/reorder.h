/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_REORDER_H
#define SIGMA_REORDER_H

#include "analyzer/sigma/groups.h"

/*
 * Events that wait for those that may still come before them: in as they come,
 * out in order of (time, event number, correlation, source).
 */
struct held {
	struct window_event e;
	struct group *group; /* held (groups_hold()) by who put it here */
};

/* All zero: empty. */
struct reorder {
	size_t n;
	/* A ring of those that came in order, nearly all, and a heap of those
	 * that came behind a later one. */
	struct held *ring, *heap;
	size_t first, nring, cap, nheap, capheap;
};

/* Frees its memory; groups are let go of before. */
void reorder_fini(struct reorder *r);

/* A copy waits. */
void reorder_put(struct reorder *r, const struct held *h);

/* The first in order, which stays until the next call, or NULL; and the same,
 * taken out, of one that is not empty. */
const struct held *reorder_first(const struct reorder *r);
struct held reorder_take(struct reorder *r);

#endif
