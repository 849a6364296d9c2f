/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_ANALYZING_H
#define ANALYZER_COMMAND_ANALYZING_H

#include <stdbool.h>

#include "analyzer/command/events.h"
#include "site/site.h"
#include "verify/verify.h"

/*
 * One analysis of all of a site's evidence, verified meanwhile by a process
 * beside it, and what it finds.
 */
struct analyzing {
	unsigned jobs;
	bool print; /* findings to standard output; else into the casebook */
	/* Of who reads the same records (may be NULL): each one, after the
	 * rules have seen it, and what verification says of each log. */
	void (*item)(void *cookie, const struct events *events,
	    const struct events_item *item);
	void (*verified)(void *cookie, const char *log,
	    const struct verify_result *r);
	void *cookie;
};

/* What is wrong, and how much was found, is said.  The exit status. */
int analyzing_run(struct site *site, const struct analyzing *how);

#endif
