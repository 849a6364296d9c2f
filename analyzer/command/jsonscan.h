/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_JSONSCAN_H
#define ANALYZER_COMMAND_JSONSCAN_H

#include "common/arena.h"
#include "common/span.h"

/*
 * The tokens of one JSON text (RFC 8259), strictly: what is wrong is an error
 * at its byte.  (jsonpath.h reads what it can of a line that was cut.)  Pure.
 */
struct jsonscan {
	const uint8_t *from, *p, *end;
	struct arena *arena;
	const char *fault; /* in the user's language */
	size_t at;	   /* of the fault: offset of a byte */
};

void jsonscan_begin(struct jsonscan *j, struct span text, struct arena *arena);

/* The next byte behind blanks, or 0 at the end; it is not taken. */
uint8_t jsonscan_peek(struct jsonscan *j);

/* Take that byte, a string, or a number, true, false or null; 0, or -1. */
int jsonscan_byte(struct jsonscan *j, uint8_t c);
/* Its escapes are undone; it lies in the text, or in arena. */
int jsonscan_string(struct jsonscan *j, struct span *s);
/*
 * Numbers in one way of writing: no exponent (up to 21 digits), no zeros at
 * the end behind a point, no minus before 0.
 */
int jsonscan_word(struct jsonscan *j, struct span *s);

/* Nothing but blanks is left. */
int jsonscan_end(struct jsonscan *j);

/* Fault and place; returns -1. */
int jsonscan_fail(struct jsonscan *j, const char *what);

#endif
