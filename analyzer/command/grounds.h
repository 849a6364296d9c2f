/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_GROUNDS_H
#define ANALYZER_COMMAND_GROUNDS_H

#include "analyzer/case/version.h"
#include "analyzer/ledger/address.h"
#include "analyzer/ledger/calendar.h"
#include "analyzer/ledger/ledger.h"
#include "common/sha256.h"
#include "site/site.h"

/*
 * What a site knows of itself and rules go by: ledgers, calendar, networks.
 */
struct grounds {
	struct ledgers *ledgers;
	struct calendar *calendar;
	uint8_t calendar_sha256[SHA256_LEN]; /* of calendar.yml; zero: none */
	struct prefixes internal, vpn;
	struct version versions[LEDGER_COUNT]; /* of the ledgers kept */
	size_t n_versions;
	struct arena *arena; /* that they live in */
};

/*
 * Load them; holidays may be NULL and are borrowed.  A ledger that is not kept
 * is empty, which is said.  Return 0, or -1 (said).
 */
int grounds_load(struct grounds *g, const struct site *site,
    const struct holidays *holidays);

/*
 * In two steps, where the rules want the ledgers' names and the calendar the
 * rules' holidays.
 */
int grounds_load_ledgers(struct grounds *g, const struct site *site);
int grounds_load_calendar(struct grounds *g, const struct site *site,
    const struct holidays *holidays);

/* Also of what is zeroed, or was half loaded. */
void grounds_free(struct grounds *g);

#endif
