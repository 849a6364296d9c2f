/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/ledger/account.h"
#include "analyzer/ledger/device.h"
#include "analyzer/ledger/exception.h"
#include "analyzer/ledger/exported.h"
#include "analyzer/ledger/file.h"
#include "analyzer/ledger/network.h"
#include "analyzer/ledger/patient.h"
#include "analyzer/ledger/plan.h"
#include "analyzer/ledger/problem.h"
#include "common/sha256.h"
#include "common/span.h"

/*
 * The ledgers of a site together.  All or nothing: one bad cell anywhere, and
 * the ledgers that were in force stay in force.
 */
enum ledger {
#define LEDGER(id, name, ja) LEDGER_##id,
#include "analyzer/ledger/ledger_tbl.h"
#undef LEDGER
	LEDGER_COUNT
};

struct ledgers {
	struct devices *devices;
	struct accounts *accounts;
	struct plans *maintenance, *duty;
	struct exceptions *exceptions;
	struct exports *exported;
	struct networks *networks;
	struct patients *patients;
	bool kept[LEDGER_COUNT];    /* the site has that file */
	bool has_accounts;	    /* without one, no ID is missing from it */
	uint8_t sha256[SHA256_LEN]; /* of the bytes of all files, by name */
};

/*
 * The files, whole, CSV or workbooks; an empty span is a ledger that is not
 * kept.  Names are for messages; NULL: "devices.csv" and so on.
 */
struct ledger_bytes {
	struct span devices, accounts, maintenance, duty, people, exceptions,
	    exported, identities, networks, patients;
	const char *names[LEDGER_COUNT];
};

/* The ledger of that name ("people").  Return 0, or -1. */
int ledger_parse_name(struct span name, enum ledger *l);
const char *ledger_name(enum ledger l);
const char *ledger_word(enum ledger l); /* the name that is parsed */

/* The bytes of one, in the order of enum ledger. */
struct span *ledger_bytes_of(struct ledger_bytes *in, enum ledger l);

/*
 * Read them.  today is a day number (expiry.h), zone is seconds east of UTC.
 * Return NULL after an error in ps; notices may be there in any case.
 */
struct ledgers *ledgers_parse(const struct ledger_bytes *bytes, int64_t today,
    int zone, struct problems *ps);

/*
 * The same from dir/devices.csv, accounts.csv and so on (ledger_tbl.h), or
 * devices.xlsx (file.h).  A file that is not there is an empty ledger.
 */
struct ledgers *ledgers_load(const char *dir, int64_t today, int zone,
    struct problems *ps);

void ledgers_free(struct ledgers *l);

#endif
