/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef LEDGER_EXPORTED_H
#define LEDGER_EXPORTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/ledger/account.h"
#include "analyzer/ledger/problem.h"
#include "common/span.h"

/*
 * The accounts that devices and Active Directory say they have: what was
 * exported from them, ledgers/exported.csv.  Optional.
 */
struct exported {
	unsigned row;	     /* in the file */
	struct span id, key; /* as written; folded as in struct account */
	struct span system;  /* where it was exported, or empty */
	struct span role;    /* as written */
	bool admin;	     /* role says so */
	bool disabled;
	int64_t password_set; /* day numbers; INT64_MIN = not said */
	int64_t taken;
};

struct exports;

/* Read it.  NULL after an error in ps. */
struct exports *exports_parse(struct span bytes, const char *file,
    struct problems *ps);
void exports_free(struct exports *es);

size_t exports_count(const struct exports *es);
const struct exported *exports_at(const struct exports *es, size_t i);

/*
 * Tell the account ledger when passwords were set: the newest day of each ID
 * that it has.
 */
void exports_tell(const struct exports *es, struct accounts *as);

#endif
