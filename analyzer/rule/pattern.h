/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_PATTERN_H
#define RULE_PATTERN_H

#include <stdbool.h>

#include "common/arena.h"
#include "common/span.h"

/*
 * A value of a Sigma selection: text with the wildcards * (any characters)
 * and ? (one character); \* \? and \\ are the characters themselves, any
 * other backslash is one.  Letters compare without case (ASCII, full-width
 * Latin, Latin-1, Greek, Cyrillic), unless asked.  Pure.
 */
struct pattern {
	struct span text; /* folded; bytes FF and FE stand for * and ? */
	bool cased;
	bool plain; /* no wildcards */
};

/* Where the value may stand in the field. */
enum pattern_place {
	PATTERN_WHOLE,
	PATTERN_CONTAINS,
	PATTERN_STARTS,
	PATTERN_ENDS,
};

/* Compile; the result lives in arena. */
struct pattern pattern_parse(struct span value, enum pattern_place place,
    bool cased, struct arena *arena);

/* Whether the whole of value fits. */
bool pattern_match(const struct pattern *p, struct span value);

#endif
