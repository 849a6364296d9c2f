/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COMMON_CURSOR_H
#define COMMON_CURSOR_H

#include <stdbool.h>
#include <stdint.h>

#include "common/span.h"

/*
 * A reader over borrowed bytes with a sticky error: after the first failure
 * every later call fails too and yields empty spans or zero, so that a parser
 * checks once, at its end, with cursor_done().  Pure.
 */
struct cursor {
	const uint8_t *p;   /* next byte */
	const uint8_t *end; /* one past the last */
	bool bad;	    /* something did not fit */
};

struct cursor cursor_make(struct span in);

/* Bytes not yet read. */
size_t cursor_left(const struct cursor *c);

/* Take exactly len bytes. */
struct span cursor_take(struct cursor *c, size_t len);

/* Take up to the byte delim, which is read but left out of the result. */
struct span cursor_until(struct cursor *c, uint8_t delim);

/* Read exactly the bytes of lit. */
void cursor_expect(struct cursor *c, struct span lit);

/*
 * Read a canonical decimal (no sign, no leading zero) of at most max, which
 * ends before the first byte that is no digit.
 */
uint64_t cursor_decimal(struct cursor *c, uint64_t max);

/* Read exactly n bytes' worth of lower-case hex (2n digits) into out. */
void cursor_hex(struct cursor *c, uint8_t *out, size_t n);

/* True if nothing failed and nothing is left over. */
bool cursor_done(const struct cursor *c);

#endif
