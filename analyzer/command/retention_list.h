/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_RETENTION_LIST_H
#define ANALYZER_COMMAND_RETENTION_LIST_H

#include "analyzer/command/holdings.h"

/* Print what a log holds, what is on hold and what waits for an approval. */
void retention_list(const struct holdings *h, struct site *site, uint64_t now);

/* "kept", "on hold" ...; the name of a state, for people. */
const char *retention_state_name(enum holding_state s);

#endif
