/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_DISAGREE_H
#define ANALYZER_REPORT_DISAGREE_H

#include "analyzer/report/outflow.h"
#include "analyzer/report/report.h"

/*
 * What the records say against each other (食い違い): clocks that do not agree
 * with the time of receipt, and two devices that tell different amounts of the
 * same traffic.  Shown, not resolved.
 */
#define DISAGREE_CLOCKS 256u
#define DISAGREE_ROWS 40u

struct disagree;

struct disagree *disagree_new(const struct report *r, int64_t from,
    int64_t until);
void disagree_event(struct disagree *d, const struct event *e, int64_t at);

struct disagree_row {
	const char *text; /* in the user's language */
	struct report_cite cites[2];
};

/* In the report's arena: clocks by device, then amounts.  *beyond: more. */
const struct disagree_row *disagree_finish(struct disagree *d,
    const struct outflow_total *sent, size_t *n, uint64_t *beyond);

#endif
