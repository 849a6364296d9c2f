/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_ROLE_H
#define ANALYZER_COMMAND_ROLE_H

#include <stdbool.h>

#include "site/site.h"

/*
 * What each role of the guidance may do (role_tbl.h), by the groups and users
 * that konseki.yml names.  A site that names none lets everybody who may use
 * its socket do all.  It is a rule for people, not a barrier: that is the group
 * of the socket, and each record has the uid of who made it.
 */
enum role_act {
#define ROLE_ACT(id, roles, en, ja) ROLE_ACT_##id,
#include "analyzer/command/role_tbl.h"
#undef ROLE_ACT
};

/* Whether who runs this may; says who might if not. */
bool role_may(const struct site *site, enum role_act act);

#endif
