/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_ANCHOR_TSA_H
#define COLLECTOR_ANCHOR_TSA_H

#include "collector/anchored.h"

/* One time-stamping authority of one log (RFC 3161), from the log's side. */
struct anchor_tsa {
	struct anchored *log;
	const struct site_tsa *conf;
	struct outage outage;
};

void anchor_tsa_init(struct anchor_tsa *t, struct anchored *log,
    const struct site_tsa *conf);

/*
 * Get a token over the newest checkpoint, verify it, and hand it to the
 * writer.  Return 0, or -1: it is said once.
 */
int anchor_tsa_run(struct anchor_tsa *t);

#endif
