/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_MONITOR_H
#define COLLECTOR_MONITOR_H

#include "collector/gauges.h"
#include "site/site.h"

/*
 * The monitor process: answers who asks at run/metrics.sock (GET /metrics, GET
 * /status) with the numbers that the others left in shared memory, and watches
 * how full the disks are.  It has no network, no key and no file: a folder of
 * each log by a descriptor that opens nothing.  Nothing waits for it, and a
 * collector without it collects.
 *
 * Whoever is let in by the socket's mode may ask, MONITOR_CLIENTS at a time,
 * each with a request of METRICS_REQUEST_MAX bytes and MONITOR_SECONDS for all
 * of it; who comes when there are too many waits.
 */
#define MONITOR_CLIENTS 16
#define MONITOR_SECONDS 5
#define MONITOR_DISK_S 5 /* seconds from one look at the disks to the next */

struct monitor_options {
	const struct site *site;
	const struct gauges *gauges;
	const int *disk; /* of each log, a descriptor on its disk, or -1 */
	int metrics;	 /* listening */
	int control;	 /* ends with the parent */
	const char *const *children;
	size_t n_children;
};

/* Run until the parent is gone.  Return the process's exit status. */
int monitor_run(const struct monitor_options *opt);

#endif
