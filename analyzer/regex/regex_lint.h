/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REGEX_REGEX_LINT_H
#define ANALYZER_REGEX_REGEX_LINT_H

#include "common/span.h"

/*
 * Whether an expression that PCRE2 has compiled would go astray on a hostile
 * line: a repeat that can match the same text in several ways in each of its
 * rounds takes time exponential in the length of the line; unbounded repeats
 * side by side that take the same bytes take its square, its cube if there
 * are three or the expression may begin anywhere with them.  Refused is what
 * is certain; what cannot be told (back references, conditions, very large
 * expressions) passes, for every match has a step limit.
 */
enum regex_lint_fault {
	REGEX_LINT_OK,
	REGEX_LINT_NESTED,   /* part: the outer repeat */
	REGEX_LINT_ADJACENT, /* part: both repeats and what is between them */
};

/* The fault, and which bytes of the expression it is about. */
enum regex_lint_fault regex_lint(struct span regex, struct span *part);

#endif
