/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_PATTERN_H
#define SIGMA_PATTERN_H

#include <stdbool.h>

#include "common/arena.h"
#include "common/span.h"

/* Where the value may stand in the field. */
enum pattern_place {
	PATTERN_WHOLE,
	PATTERN_CONTAINS,
	PATTERN_STARTS,
	PATTERN_ENDS,
};

/*
 * A value of a Sigma selection: text with the wildcards * (any characters)
 * and ? (one character); \* \? and \\ are the characters themselves, any
 * other backslash is one.  Letters compare without case, unless asked.
 * Pure.
 */
struct pattern {
	/* Folded; FF and FE stand for * and ?, FD for whatever looks like a
	 * dash: bytes that no UTF-8 has. */
	struct span text;
	struct span core;	  /* between the wildcards that place adds */
	enum pattern_place place; /* of core, if it has none itself */
	bool cased;
	bool simple; /* core has none */
};

/* How it is compared. */
#define PATTERN_CASED 0x01   /* letters as they are */
#define PATTERN_LITERAL 0x02 /* no wildcards, no escapes */
#define PATTERN_WINDASH 0x04 /* what begins an option: - / and three dashes */

/* Compile; the result lives in arena. */
struct pattern pattern_parse(struct span value, enum pattern_place place,
    unsigned how, struct arena *arena);

/*
 * The longest run of it without wildcards, folded although it be cased: where
 * it is not, the pattern does not fit.  May be empty.
 */
struct span pattern_literal(const struct pattern *p, struct arena *arena);

/* Whether part, a text without wildcards, stands at that place of s. */
bool pattern_stands(struct span s, struct span part, enum pattern_place place);

/* Whether the whole of value fits; folded: as fold_case() makes it. */
bool pattern_match(const struct pattern *p, struct span value,
    struct span folded);

#endif
