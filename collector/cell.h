/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_CELL_H
#define COLLECTOR_CELL_H

#include "site/site.h"

/*
 * What each process of the collector is left with: system calls and files
 * (confine.h).  Accounts, root folders and networks are priv.h's.  Jobs that
 * remove segments are threads of the writer and have what it has.
 */
enum cell {
#define CELL(id, name) CELL_##id,
#include "collector/cell_tbl.h"
#undef CELL
	CELL_COUNT
};

/* "writer"; NULL for CELL_COUNT. */
const char *cell_name(enum cell cell);

/* The cell of that name, or CELL_COUNT. */
enum cell cell_find(const char *name);

/*
 * Leave the process with the files of the site that are its own; it is while
 * it may still look for them.  CELL_PARENT has all, since a changed
 * configuration may name others.  Return 0, or -1 and errno.
 */
int cell_files(enum cell cell, const struct site *site);

/* Leave it with its system calls: the last step.  0, or -1 and errno. */
int cell_calls(enum cell cell);

#endif
