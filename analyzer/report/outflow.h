/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_OUTFLOW_H
#define ANALYZER_REPORT_OUTFLOW_H

#include "analyzer/report/report.h"
#include "analyzer/report/subject.h"

/*
 * How much went out (外部への通信量): bytes from inside to outside that the
 * devices report, by host, destination and hour.  A session that goes on is
 * told in interim records; of these the increase counts, and at its end what
 * the interim records had not yet told, by the same reckoning as that of the
 * rules (analyzer/rule/session.h).  So no byte counts twice, in whatever order
 * records come and however often.
 */
#define OUTFLOW_ROWS 20000u

struct outflow_row { /* one host, one destination, one hour, one teller */
	struct span host, destination;
	struct span observer; /* the device that told of it; may be empty */
	int64_t hour; /* its start, utc usec */
	uint64_t sent;
	uint64_t records;
	struct report_cite first, last;
};

struct outflow;

/* Only hosts of the subject, judged in [from, until). */
struct outflow *outflow_new(const struct report *r,
    const struct subject *subject, int64_t from, int64_t until);
void outflow_event(struct outflow *v, const struct event *e, int64_t at);

/* What one host sent in an hour, as one device tells; also before from. */
struct outflow_hour {
	struct span host, observer;
	int64_t hour;
	uint64_t sent;
};

#define OUTFLOW_WEEKS 8u /* before the period */

struct outflow_total {
	const struct outflow_row *rows; /* by host, destination, hour */
	size_t n;
	uint64_t sent;
	/* The same where each host, destination and hour counts only for the
	 * device that tells most of it; and how many were told by several. */
	uint64_t once, several;
	const struct outflow_hour *hours; /* by host, hour; without zeros */
	size_t n_hours;
	uint64_t hours_beyond;
	uint64_t beyond; /* records that no row was left for */
};

/* To be called once. */
struct outflow_total outflow_finish(struct outflow *v);

#endif
