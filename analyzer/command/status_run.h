/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_STATUS_RUN_H
#define ANALYZER_COMMAND_STATUS_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "common/buf.h"
#include "common/span.h"
#include "site/site.h"

/* What the run folder says of the collector. */
#define STATUS_ROWS (SITE_LISTENERS_MAX + 16)

struct status_row {	  /* a line; spans borrow from the text */
	struct span w[4]; /* process: name, pid; listener: all four */
	bool there;	  /* process: it is running */
};

struct status_run {
	bool running; /* somebody holds the lock */
	struct status_row process[STATUS_ROWS], listener[STATUS_ROWS];
	struct status_row wall[STATUS_ROWS]; /* name, yes or no */
	size_t n_processes, n_listeners, n_walls;
	struct buf processes, listeners, walls; /* the files */
};

/* Whether a collector runs on that site. */
bool status_run_is(const struct site *site);

/* A file that is not there is empty; another error is said. */
void status_run_load(struct status_run *r, const struct site *site);
void status_run_free(struct status_run *r);

/* Processes that should be there and are not. */
size_t status_run_missing(const struct status_run *r);

void status_run_text(const struct status_run *r);
void status_run_json(const struct status_run *r, struct buf *out);

#endif
