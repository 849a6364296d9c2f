/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_CONVERT_H
#define ANALYZER_FORMAT_CONVERT_H

#include <stdbool.h>

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

/* Whether text is an IPv4 or IPv6 address (a zone index is allowed). */
bool convert_is_ip(struct span text);

/* The address, of an IPv4 one without "::ffff:"; empty if it is none. */
struct span convert_ip(struct span text);

#endif
