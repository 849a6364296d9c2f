/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_CLERK_H
#define ANALYZER_COMMAND_CLERK_H

#include "analyzer/case/casebook.h"
#include "common/buf.h"
#include "site/site.h"

/*
 * Enters findings into the casebook: those it does not have yet, each with its
 * case, sealed before clerk_seal() returns.
 */
struct clerk;

/* Read the casebook and connect to the writer.  NULL and *why. */
struct clerk *clerk_open(const struct site *site, const char *program,
    struct buf *why);
void clerk_close(struct clerk *c);

/*
 * 1 entered (new, or it differs from what is there under its id), 0 it was
 * there already, -1 and *why.
 */
int clerk_enter(struct clerk *c, const struct casebook_finding *f,
    struct buf *why);

/* The same of a ledger that an analysis goes by, if it is another than the one
 * before; what is new in it is said. */
int clerk_enter_version(struct clerk *c, const struct version *v,
    struct buf *why);

/* Return 0 when all that was entered is sealed, else -1 and *why. */
int clerk_seal(struct clerk *c, struct buf *why);

#endif
