/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_TOUCHED_H
#define ANALYZER_REPORT_TOUCHED_H

#include "analyzer/report/report.h"
#include "analyzer/report/subject.h"

/*
 * How many patients' records the users and hosts of a report handled in a
 * period, as far as systems that log patient numbers tell: between those of
 * operations that a finding speaks of and those of all operations.  Numbers
 * are compared and never kept or printed.
 */
#define TOUCHED_MAX 200000u /* different ones; more make it "or more" */

struct touched;

struct touched *touched_new(const struct report *r,
    const struct subject *subject, int64_t from, int64_t until);

/* An account's operations in this window are those of a finding. */
void touched_window(struct touched *t, const char *user, int64_t from,
    int64_t until);
void touched_event(struct touched *t, const struct event *e, int64_t at);

struct touched_sum {
	uint64_t operations, cited_operations;
	size_t patients, cited_patients; /* different */
	bool more; /* than TOUCHED_MAX */
	struct report_cite first; /* of them */
};

/* To be called once. */
struct touched_sum touched_finish(struct touched *t);

#endif
