/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_STATUS_FORWARD_H
#define ANALYZER_COMMAND_STATUS_FORWARD_H

#include <stdbool.h>
#include <stdint.h>

#include "common/buf.h"
#include "site/progress.h"
#include "site/site.h"

/* How far a target has the records of its log. */
struct status_forward {
	const struct site_forward *conf;
	uint64_t now; /* usec */
	bool running; /* the collector is */
	bool known;   /* there is a place */
	struct progress place;
	bool counted;	 /* the next two are known */
	uint64_t behind; /* sealed records that it has not */
	uint64_t oldest; /* usec: receipt of the first of them; 0: none */
};

void status_forward_load(struct status_forward *s, struct site *site,
    const struct site_forward *conf, uint64_t now, bool running);

void status_forward_text(const struct status_forward *s,
    const struct site *site);
void status_forward_json(const struct status_forward *s,
    const struct site *site, struct buf *out);

#endif
