/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COMMON_BUF_H
#define COMMON_BUF_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "common/span.h"

/*
 * A growing byte buffer for what we write.  Out of memory aborts: it holds
 * output of our own, bounded by its maker, never unbounded input.
 */
struct buf {
	uint8_t *p;
	size_t len; /* bytes used */
	size_t cap; /* bytes held */
};

void buf_init(struct buf *b);
void buf_fini(struct buf *b);

/* Make room for len more bytes and return where they go. */
uint8_t *buf_reserve(struct buf *b, size_t len);

void buf_append(struct buf *b, const void *p, size_t len);
void buf_span(struct buf *b, struct span s);
void buf_str(struct buf *b, const char *s);
void buf_byte(struct buf *b, uint8_t c);
void buf_printf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* What it holds; valid until the next change. */
static inline struct span
buf_view(const struct buf *b)
{
	return (struct span){ b->p, b->len };
}

/* NUL-terminate (the NUL is not counted) and return the bytes as a string. */
const char *buf_cstr(struct buf *b);

#endif
