/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_ANCHOR_H
#define COLLECTOR_ANCHOR_H

#include "site/site.h"

/*
 * The anchor process: brings proof of the logs out of this machine.  It reads
 * checkpoints, has no key and writes below no log.
 *
 * It copies each log's checkpoint notes to the folder that the site names (a
 * share of another machine, a medium): COPY/<log>/checkpoint is the newest,
 * COPY/<log>/checkpoints/ what the log keeps.  A checkpoint smaller than the
 * one that was copied before is a log that was rolled back: that is said
 * loudly, and the copy stays as it is, for it is the proof.
 */
struct anchor_options {
	const struct site *site;
	int control; /* closes, or says anything: copy once more and stop */
};

/* Run until stopped.  Return the process's exit status. */
int anchor_run(const struct anchor_options *opt);

#endif
