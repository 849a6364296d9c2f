/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_REORDER_H
#define SIGMA_REORDER_H

#include "analyzer/sigma/window.h"

/*
 * Events that wait for those that may still come before them: in as they come,
 * out in order of (time, event number, correlation, source).
 */
struct held {
	struct window_event e;
	uint32_t correlation;
	uint32_t len; /* of its key */
	uint8_t key[];
};

struct reorder_at { /* with what is compared beside it */
	int64_t time;
	uint64_t event;
	struct held *h;
};

/*
 * All zero: empty.  Most come in order and stand in line, a ring; the others
 * are in a heap.
 */
struct reorder {
	struct reorder_at *line, *heap;
	size_t first, n_line, cap_line;
	size_t n_heap, cap_heap;
	size_t bytes; /* of what it holds */
};

/* Frees what it holds. */
void reorder_fini(struct reorder *r);

/* A copy of both waits. */
void reorder_put(struct reorder *r, uint32_t correlation,
    const struct window_event *e, struct span key);

/* The first in order, which stays, or NULL; and the same, which goes to the
 * caller, who frees it. */
const struct held *reorder_first(const struct reorder *r);
struct held *reorder_take(struct reorder *r);

#endif
