/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_ROSTER_H
#define RULE_ROSTER_H

#include <stdbool.h>

#include "analyzer/ledger/address.h"
#include "analyzer/ledger/ledger.h"
#include "analyzer/sigma/placeholders.h"
#include "common/arena.h"

/*
 * What the %names% of |expand stand for by the ledgers of a site
 * (roster_tbl.h): '%admins%', '%servers%'.  An ID is there as the ledger has
 * it and folded, with and without a domain (DOMAIN\id, id@domain), and so are
 * the other IDs of its person; a computer's name with and without a domain.
 */

/* Where the ledgers are NULL, each name stands for nothing. */
struct placeholders *roster_names(const struct ledgers *l,
    const struct prefixes *internal, const struct prefixes *vpn,
    struct arena *arena);

/* Whether it is one of the names. */
bool roster_has(struct span name);

#endif
