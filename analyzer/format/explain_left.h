/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_EXPLAIN_LEFT_H
#define ANALYZER_FORMAT_EXPLAIN_LEFT_H

#include "analyzer/format/explain.h"

/* Where values stand in a line, and which bytes belong to none.  Pure. */

/* Whether part lies within text; *from = where. */
bool explain_at(struct span text, struct span part, size_t *from);

/*
 * Whether value stands in text with escapes (a backslash, a doubled quote):
 * the first place, [*from, *to).
 */
bool explain_escaped(struct span text, struct span value, size_t *from,
    size_t *to);

/* Fill x->left from its pieces and its trace. */
void explain_left(struct explain *x);

#endif
