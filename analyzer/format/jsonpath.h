/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_JSONPATH_H
#define ANALYZER_FORMAT_JSONPATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/span.h"

/*
 * The scalars of a JSON object (RFC 8259), one after another in one pass,
 * each with its dotted path: {"a":{"b":[1,{"c":2}]}} gives a.b.0 and a.b.1.c.
 * A line that was cut, or is no JSON from some place on, gives what stands
 * before.  Pure, no allocation; values lie in the input, paths in the struct.
 */
#define JSONPATH_DEPTH 24
#define JSONPATH_MAX 256 /* bytes of a path; longer ones are not given */

struct jsonpath {
	const uint8_t *p, *end;
	const char *fault; /* why it ended before its end, or NULL */
	bool done;
	unsigned depth;
	struct jsonpath_level {
		size_t len;	/* of the path that leads here */
		uint32_t index; /* of the next element, in an array */
		bool array;
	} level[JSONPATH_DEPTH];
	size_t len; /* of the path; may be more than JSONPATH_MAX */
	uint8_t path[JSONPATH_MAX];
};

struct jsonpath_value {
	struct span path;
	struct span text; /* without quotes; null is empty */
	bool escaped;	  /* a string with backslashes: json_unescape() */
};

/* Begin at the first '{' of in; blanks and "@cee:" may stand before it. */
void jsonpath_begin(struct jsonpath *j, struct span in);

/* The next scalar.  Return false at the end. */
bool jsonpath_next(struct jsonpath *j, struct jsonpath_value *v);

/*
 * \uXXXX at the start of s, or two of them for one character: bytes taken; 0:
 * it is none.  Half of two is U+FFFD.
 */
size_t jsonpath_rune(struct span s, uint32_t *rune);

/* Write a string with its escapes undone to out, which holds text.len bytes. */
size_t jsonpath_unescape(struct span text, uint8_t *out);

#endif
