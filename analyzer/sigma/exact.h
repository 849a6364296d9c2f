/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_EXACT_H
#define SIGMA_EXACT_H

#include "common/arena.h"
#include "common/span.h"

/*
 * Which of a fixed few texts another one is.  They are a rule writer's, not a
 * log's, so that nobody who writes lines can make them collide; it lies in the
 * arena, and borrows them.
 */
struct exact;

#define EXACT_NONE UINT32_MAX

/* For up to n texts. */
struct exact *exact_new(size_t n, struct arena *a);

/* Add a text that is not in it yet: number 0, 1, ... */
void exact_add(struct exact *x, struct span text);

/* Its number, or EXACT_NONE. */
uint32_t exact_get(const struct exact *x, struct span text);

#endif
