/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_CONVERT_H
#define ANALYZER_FORMAT_CONVERT_H

#include <stdbool.h>
#include <string.h>

#include "analyzer/event/event.h"
#include "common/arena.h"
#include "common/span.h"

/* What `as:` may say of a value on its way to a field. */
enum convert {
#define CONVERT(id, name, doc) CONVERT_##id,
#include "analyzer/format/convert_tbl.h"
#undef CONVERT
	CONVERT_COUNT
};

/* The conversion of that name.  Return 0, or -1. */
int convert_parse(struct span name, enum convert *c);
const char *convert_name(enum convert c);

/*
 * The value of a field of that type, in the line or in a; empty if the text
 * is none: no address, no number, out of range.
 */
struct span convert_value(enum convert c, enum ecs_type type, struct span text,
    struct arena *a);

/* Whether eight bytes are digits. */
static inline bool
convert_are_digits(uint64_t v)
{
	const uint64_t high = UINT64_C(0xf0f0f0f0f0f0f0f0);

	return ((v & high) |
		   ((v + UINT64_C(0x0606060606060606)) & high) >> 4) ==
	    UINT64_C(0x3333333333333333);
}

/* Whether text is a number, below 10^19, as it is printed: "7", not "007". */
static inline bool
convert_is_number(struct span s)
{
	uint64_t first, last, mid = UINT64_C(0x3030303030303030);
	uint32_t head, tail;

	if (s.len - 1 > 18 || (s.p[0] == '0' && s.len > 1))
		return false;
	if (s.len < 4) /* first, middle and last: all that there are */
		return (s.p[0] - (unsigned)'0' <= 9) &
		    (s.p[s.len / 2] - (unsigned)'0' <= 9) &
		    (s.p[s.len - 1] - (unsigned)'0' <= 9);
	if (s.len < 8) {
		memcpy(&head, s.p, 4);
		memcpy(&tail, s.p + s.len - 4, 4);
		return convert_are_digits((uint64_t)head << 32 | tail);
	}
	memcpy(&first, s.p, 8);
	memcpy(&last, s.p + s.len - 8, 8);
	if (s.len > 16)
		memcpy(&mid, s.p + 8, 8);
	return convert_are_digits(first) && convert_are_digits(last) &&
	    convert_are_digits(mid);
}

/* Whether text is an IPv4 or IPv6 address (a zone index is allowed). */
bool convert_is_ip(struct span text);

/* The address, of an IPv4 one without "::ffff:"; empty if it is none. */
struct span convert_ip(struct span text);

#endif
