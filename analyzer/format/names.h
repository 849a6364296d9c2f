/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_NAMES_H
#define ANALYZER_FORMAT_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/arena.h"
#include "common/span.h"

/*
 * A fixed set of names, each with a number, looked up in a few nanoseconds:
 * the keys of key=value lines, the values of a map, message numbers.
 */
struct names;

struct names_entry {
	struct span name;
	uint32_t value;
};

#define NAMES_NONE UINT32_MAX

#define NAMES_MAX 65534 /* of one set */

/*
 * Build; the names are borrowed, the table lies in a.  First of equals wins.
 * n is at most NAMES_MAX.
 */
struct names *names_make(struct arena *a, const struct names_entry *e,
    size_t n);

/* The number of a name, or NAMES_NONE. */
uint32_t names_find(const struct names *t, struct span name);

/* All that it was made of, *n of them. */
const struct names_entry *names_all(const struct names *t, size_t *n);

/* At most 8 bytes as a number. */
static inline uint64_t
names_load(const uint8_t *p, size_t len)
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

/* As span_eq, without a call for what names mostly are. */
static inline bool
names_same(struct span a, struct span b)
{
	if (a.len != b.len)
		return false;
	if (a.len > 16)
		return memcmp(a.p, b.p, a.len) == 0;
	if (a.len >= 8)
		return names_load(a.p, 8) == names_load(b.p, 8) &&
		    names_load(a.p + a.len - 8, 8) ==
		    names_load(b.p + a.len - 8, 8);
	if (a.len >= 4)
		return names_load(a.p, 4) == names_load(b.p, 4) &&
		    names_load(a.p + a.len - 4, 4) ==
		    names_load(b.p + a.len - 4, 4);
	return names_load(a.p, a.len) == names_load(b.p, a.len);
}

#endif
