/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_OPERATOR_H
#define ANALYZER_COMMAND_OPERATOR_H

#include <stdint.h>

#include "common/buf.h"
#include "common/span.h"
#include "site/client.h"
#include "site/site.h"

/*
 * What people do with the evidence is itself recorded: o1 records, handed to
 * the writer, which adds the uid.
 */

/* "the collector refused: ..." of a client's error; client may be NULL. */
void operator_explain(struct client *c, enum client_err e, struct buf *why);

/*
 * Append an o1 record (words from "action=" on) to a log and wait until it is
 * sealed.  *index (may be NULL) = its index.  0, or -1 and *why.
 */
int operator_append(struct client *c, const char *log, struct span words,
    uint64_t *index, struct buf *why);

/*
 * Record in the casebook that somebody views or exports (action) records of a
 * log by means of a subcommand (what): words may say more, as "first=1 last=9".
 * Where it cannot be recorded that is said, and -1 returned.
 */
int operator_use(const struct site *site, const char *action, const char *what,
    const char *log, struct span words);

#endif
