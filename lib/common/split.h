/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COMMON_SPLIT_H
#define COMMON_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/span.h"
#include "common/text.h"

/*
 * A text file in pieces, one for each record: laid end to end they are the
 * file, whatever is in it.  No byte inside a character of the encoding is
 * taken for a line end, a quote or a bracket.  Pure.
 */
enum split_unit {
	SPLIT_LINE,  /* up to its LF */
	SPLIT_CSV,   /* a record of RFC 4180: quoted cells may hold line ends */
	SPLIT_EVENT, /* an XML element <Event> and the blanks behind it; what
			stands before the first and behind the last is a piece
			of its own */
	SPLIT_RAW    /* as many bytes as fit */
};

/* Lines of a CSV record whose quote does not close: then they are lines. */
#define SPLIT_OPEN_LINES 4096

struct split {
	enum split_unit unit;
	enum text_encoding encoding;
	uint8_t separator; /* of CSV, ASCII */
	size_t max;	   /* bytes of a piece: even, at least 2 */
	uint64_t open;	   /* CSV: quotes that did not close; 0 at first */
	bool inside;	   /* EVENT: a piece was cut in one; false at first */
};

enum split_end {
	SPLIT_WHOLE,
	SPLIT_CUT,     /* longer than max: the next piece goes on */
	SPLIT_PARTIAL, /* the file ends within it */
};

/*
 * Bytes of the piece at the start of in, and how it ends; 0 if more bytes are
 * needed, which is never so if last is said or in holds max bytes and one.
 */
size_t split_next(struct split *s, struct span in, bool last,
    enum split_end *end);

/* "line", for messages and d1 records; and back: 0, or -1. */
const char *split_unit_name(enum split_unit unit);
int split_unit_parse(struct span name, enum split_unit *unit);

#endif
