/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_INPUTS_H
#define ANALYZER_COMMAND_INPUTS_H

#include "common/sha256.h"
#include "site/site.h"

#define INPUTS_LEDGERS 10

/* The paths of all ledgers of a site by enum ledger, "" where it has none. */
void inputs_ledgers(const struct site *site,
    const char *files[INPUTS_LEDGERS]);

/*
 * What an analysis reads beside the evidence: formats, rules, profiles, tables,
 * ledgers and calendar, as one hash of names and bytes.  It tells whether any
 * has changed, and nothing else: findings name their own hashes.
 */
void inputs_hash(const struct site *site, uint8_t hash[SHA256_LEN]);

/* The same of the files of log formats alone. */
void inputs_hash_formats(const struct site *site, uint8_t hash[SHA256_LEN]);

#endif
