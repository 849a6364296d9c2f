/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_METRICS_H
#define COLLECTOR_METRICS_H

#include "collector/gauges.h"
#include "common/buf.h"
#include "common/span.h"

/*
 * The numbers as text: for Prometheus (text format 0.0.4) and as JSON; and the
 * little of HTTP that asks for them.  Pure.
 */
enum disk_state { DISK_FINE, DISK_WARN, DISK_ALARM };

struct metrics_disk {	  /* of a log */
	gauge free, size; /* bytes */
	gauge state;	  /* enum disk_state */
};

struct metrics {
	const struct site *site; /* in force */
	const struct gauges *gauges;
	const struct roster_copy *sources;
	const struct metrics_disk *disk; /* site->n_logs */
	const char *const *children; /* names of those that can begin anew */
	size_t n_children;
	uint64_t now; /* utc usec */
};

void metrics_text(const struct metrics *m, struct buf *out);
void metrics_json(const struct metrics *m, struct buf *out);

/* "fine", "warning", "alarm" */
const char *metrics_disk_state(enum disk_state s);

/* What a request asks for. */
#define METRICS_REQUEST_MAX 4096u /* bytes of one, or it is none */
enum metrics_request {
	METRICS_MORE, /* it is not whole */
	METRICS_TEXT,
	METRICS_JSON,
	METRICS_BAD,	 /* 400 */
	METRICS_UNKNOWN, /* 404 */
	METRICS_METHOD,	 /* 405 */
	METRICS_LARGE,	 /* 431 */
};
enum metrics_request metrics_request(struct span in);

/* Append an answer with body, which is empty unless TEXT or JSON. */
void metrics_answer(enum metrics_request what, struct span body,
    struct buf *out);

#endif
