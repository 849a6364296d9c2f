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

static inline struct cursor
cursor_make(struct span in)
{
	static const uint8_t none[1];

	if (in.p == NULL)
		return (struct cursor){ none, none, false };
	return (struct cursor){ in.p, in.p + in.len, false };
}

/* It stands at its end from then on, so that nothing more can be read. */
static inline struct span
cursor_fail(struct cursor *c)
{
	c->bad = true;
	c->p = c->end;
	return (struct span){ c->end, 0 };
}

/* Bytes not yet read. */
static inline size_t
cursor_left(const struct cursor *c)
{
	return (size_t)(c->end - c->p);
}

/* Take exactly len bytes. */
static inline struct span
cursor_take(struct cursor *c, size_t len)
{
	struct span s = { c->p, len };

	if (c->bad || len > cursor_left(c))
		return cursor_fail(c);
	c->p += len;
	return s;
}

/* Take up to the byte delim, which is read but left out of the result. */
static inline struct span
cursor_until(struct cursor *c, uint8_t delim)
{
	const uint8_t *from = c->p, *at = from;

	while (at < c->end && *at != delim)
		at++;
	if (c->bad || at == c->end)
		return cursor_fail(c);
	c->p = at + 1;
	return span_make(from, (size_t)(at - from));
}

/* Read exactly the bytes of lit. */
static inline void
cursor_expect(struct cursor *c, struct span lit)
{
	if (!span_eq(cursor_take(c, lit.len), lit))
		cursor_fail(c);
}

/*
 * Read a canonical decimal (no sign, no leading zero) of at most max, which
 * ends before the first byte that is no digit.
 */
uint64_t cursor_decimal(struct cursor *c, uint64_t max);

/* Read exactly n bytes' worth of lower-case hex (2n digits) into out. */
void cursor_hex(struct cursor *c, uint8_t *out, size_t n);

/* True if nothing failed and nothing is left over. */
static inline bool
cursor_done(const struct cursor *c)
{
	return !c->bad && c->p == c->end;
}

#endif
