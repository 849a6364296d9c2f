/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_MISSING_H
#define ANALYZER_COMMAND_MISSING_H

#include "analyzer/command/announced.h"
#include "analyzer/command/arrivals.h"

/*
 * Print which records of a log did not arrive, range by range, and whether it
 * was announced that they would not; also what was announced of records before
 * the first and behind the last that arrived.
 */
void missing_print(const struct arrivals *a, const struct announced *said,
    const char *origin);

#endif
