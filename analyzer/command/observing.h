/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_OBSERVING_H
#define ANALYZER_COMMAND_OBSERVING_H

#include "analyzer/command/grounds.h"
#include "analyzer/ledger/observed.h"

/*
 * All evidence of a site read once for what it tells of accounts, devices and
 * networks, beside the site's ledgers.
 */
struct observing {
	struct site *site;
	struct grounds grounds;
	struct prefixes internal; /* the site's, else private addresses */
	struct observed *observed;
};

/*
 * Load the site of that folder, or NULL, and read its evidence.  Return 0, or
 * -1 (said); observing_close() it in either case.
 */
int observing_open(struct observing *o, const char *dir);
void observing_close(struct observing *o);

#endif
