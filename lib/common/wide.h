/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COMMON_WIDE_H
#define COMMON_WIDE_H

#include <stddef.h>

/*
 * Memory for tables that are looked up at random.  One of megabytes lies in
 * large pages, where the system has them, so that a look-up seldom waits for
 * where its page is; such a table is whole large pages, resident as soon as
 * they are touched.  Out of memory aborts.
 */
#define WIDE_PAGE ((size_t)2 << 20) /* the large ones of x86-64 and arm64 */
#define WIDE_FROM ((size_t)1 << 20) /* smaller ones are the heap's */

/* n times size bytes, zero. */
void *wide_new(size_t n, size_t size);

/* Of the same size; NULL is fine. */
void wide_free(void *p, size_t n, size_t size);

#endif
