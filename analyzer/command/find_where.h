/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_FIND_WHERE_H
#define ANALYZER_COMMAND_FIND_WHERE_H

#include "analyzer/command/find.h"

/*
 * Where a search looks: all logs of a site but the casebook, with those that
 * they followed; one of them; the folder of a log; or a package.
 */

/* The site, if there is one.  0, or -1 (said). */
int find_where_open(struct find *f);

/* Search there, and take what came of it (find_record_log()). */
void find_where_search(struct find *f);

#endif
