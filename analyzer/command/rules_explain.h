/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_RULES_EXPLAIN_H
#define ANALYZER_COMMAND_RULES_EXPLAIN_H

#include "analyzer/sigma/explain.h"
#include "common/buf.h"

/* One detection of a rule, and what came of it. */
struct rules_part {
	const char *name; /* "detection", "when" ... */
	struct explanation x;
	struct rules_part *next;
};

/*
 * Append the part for people: each row with its verdict; before those on which
 * the outcome hangs stands ">".
 */
void rules_explain_part(const struct rules_part *p, struct buf *out);

/* Append the tests on which the outcome of the part hangs, each on a line. */
void rules_explain_why(const struct rules_part *p, struct buf *out);

/* "yes", "no", "?", as wide in both languages, in three columns. */
const char *rules_explain_verdict(enum explain_verdict v);

#endif
