/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_RULES_EXPLAIN_H
#define ANALYZER_COMMAND_RULES_EXPLAIN_H

#include "analyzer/command/rules.h"
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

/*
 * Hand one the event of --event, or each line of standard input that is not
 * empty.  Return the exit status: 1 if one failed.
 */
int rules_explain_events(const struct rules_call *c,
    int (*one)(void *arg, struct span text), void *arg);

/* Whether that is a file of Sigma alone; and the command for such a file. */
bool rules_explain_is_sigma(const char *path);
int rules_explain_sigma(const struct rules_call *c);

#endif
