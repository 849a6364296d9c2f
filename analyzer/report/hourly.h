/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_HOURLY_H
#define ANALYZER_REPORT_HOURLY_H

#include "analyzer/report/report.h"

/*
 * How much went out in each hour, of all devices together, reckoned as in
 * outflow.h: no byte counts twice.  And what is usual for an hour of the week:
 * the median of the same hours of earlier weeks, and the lowest and the highest
 * of them; an hour in which nothing at all was received, or that a finding of
 * OUT flagged, is no reference.
 */
#define HOURLY_WEEKS 8u
#define HOURLY_MAX (24u * 7u * 64u) /* hours, earlier weeks included */

struct hourly;

/* For [from, until); earlier weeks are kept beside. */
struct hourly *hourly_new(const struct report *r, int64_t from, int64_t until);
void hourly_event(struct hourly *h, const struct event *e, int64_t at);

struct hourly_hour {
	bool heard;	/* some record was received */
	bool flagged;	/* a finding says that it is unusual */
	uint64_t sent;	/* bytes */
	bool usual;	/* at least three earlier weeks are known */
	uint64_t low, median, high;
};

/* The hours of the period, n of them; in the report's arena.  To be called
 * once. */
const struct hourly_hour *hourly_finish(struct hourly *h, size_t *n);

#endif
