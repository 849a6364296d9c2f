/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_GROW_H
#define RULE_GROW_H

#include <stddef.h>
#include <stdlib.h>

/*
 * Room for one more element of size bytes behind the n of *(T **)array, whose
 * capacity is *cap.  Out of memory aborts: who calls bounds n.
 */
static inline void
grow(void *array, size_t n, size_t *cap, size_t size)
{
	void **p = array;

	if (n < *cap)
		return;
	*cap = *cap == 0 ? 4 : *cap * 2;
	if ((*p = reallocarray(*p, *cap, size)) == NULL)
		abort();
}

#endif
