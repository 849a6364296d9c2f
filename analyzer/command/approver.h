/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_APPROVER_H
#define ANALYZER_COMMAND_APPROVER_H

#include "evidence/retention_act.h"
#include "site/site.h"

/*
 * The key of a person who approves: made from a passphrase each time, never
 * stored.  Its public half stands in the configuration.
 */

/*
 * Ask for the passphrase of name (from the file, or on the terminal; twice if
 * it is new) and make the key.  Return 0, or -1: it was said why.  Wipe seed.
 */
int approver_key(const struct site *site, const char *name, const char *file,
    bool is_new, uint8_t seed[KEY_LEN]);

/*
 * Sign an act for the log of that origin if the site has approvers: as the one
 * that a->by names.  Return 0, or -1: it was said why.
 */
int approver_sign(const struct site *site, const char *origin, const char *file,
    struct retention_act *a);

#endif
