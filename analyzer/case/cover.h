/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_COVER_H
#define ANALYZER_CASE_COVER_H

#include <stdbool.h>

#include "analyzer/case/casebook.h"

/*
 * Which findings a silence (通知停止) or an exception (例外) covers.  Pure.
 */
struct cover {
	const char *rule;  /* "CFG-02", "CFG-*", "" = any */
	const char *about; /* "user=klm", "host=007", "198.51.100.0/24" or any
			    * value by itself; "" = whatever it is about */
	enum casebook_severity most; /* nothing graver */
};

/* Whether it names a rule or what it is about: one of both is needed. */
bool cover_says(const struct cover *c);

/* Whether the code of a rule is pattern, or begins as a pattern with * says. */
bool cover_rule(const char *pattern, const char *code);

/*
 * Whether it covers f.  An address among the destinations of f covers it only
 * if all of them are covered: what else went out is not what was meant.
 */
bool cover_holds(const struct cover *c, const struct casebook_finding *f);

#endif
