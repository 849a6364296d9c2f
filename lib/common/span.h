/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COMMON_SPAN_H
#define COMMON_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * Borrowed bytes: anything that came from outside is a span, never a C
 * string, and is never written to.  Who lends it says for how long.
 */
struct span {
	const uint8_t *p; /* may be NULL only if len is 0 */
	size_t len;	  /* bytes */
};

/* The span of a string literal, its NUL left out. */
#define SPAN(lit) ((struct span){ (const uint8_t *)("" lit), sizeof(lit) - 1 })

static inline struct span
span_make(const void *p, size_t len)
{
	return (struct span){ p, len };
}

static inline struct span
span_str(const char *s)
{
	return (struct span){ (const uint8_t *)s, s == NULL ? 0 : strlen(s) };
}

static inline bool
span_eq(struct span a, struct span b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

/* At most 8 bytes as a number. */
static inline uint64_t
span_load(const uint8_t *p, size_t len)
{
	uint64_t v = 0;
	uint32_t half;

	if (len == 8)
		memcpy(&v, p, 8);
	else if (len == 4) {
		memcpy(&half, p, 4);
		v = half;
	} else if (len < 4) { /* a loop of so few bytes costs more */
		if (len > 0)
			v = p[0];
		if (len > 1)
			v |= (uint64_t)p[1] << 8;
		if (len > 2)
			v |= (uint64_t)p[2] << 16;
	} else
		while (len-- > 0)
			v = v << 8 | p[len];
	return v;
}

/* As span_eq(), without a call for what is as short as most values are. */
static inline bool
span_same(struct span a, struct span b)
{
	if (a.len != b.len)
		return false;
	if (a.len > 16)
		return memcmp(a.p, b.p, a.len) == 0;
	if (a.len >= 8)
		return span_load(a.p, 8) == span_load(b.p, 8) &&
		    span_load(a.p + a.len - 8, 8) ==
		    span_load(b.p + a.len - 8, 8);
	if (a.len >= 4)
		return span_load(a.p, 4) == span_load(b.p, 4) &&
		    span_load(a.p + a.len - 4, 4) ==
		    span_load(b.p + a.len - 4, 4);
	return span_load(a.p, a.len) == span_load(b.p, a.len);
}

static inline bool
span_is(struct span a, const char *s)
{
	return span_eq(a, span_str(s));
}

static inline bool
span_starts(struct span a, struct span prefix)
{
	return a.len >= prefix.len &&
	    (prefix.len == 0 || memcmp(a.p, prefix.p, prefix.len) == 0);
}

/* The part [from, from + len) of a; both are cut to what a has. */
static inline struct span
span_sub(struct span a, size_t from, size_t len)
{
	if (from > a.len)
		from = a.len;
	if (len > a.len - from)
		len = a.len - from;
	return (struct span){ a.p == NULL ? NULL : a.p + from, len };
}

#endif
