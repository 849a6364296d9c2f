/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef LEDGER_FILE_H
#define LEDGER_FILE_H

#include "analyzer/ledger/problem.h"
#include "common/arena.h"
#include "common/buf.h"

/*
 * The file of a ledger.  A site's configuration names a CSV; the same ledger
 * may lie there as an Excel workbook instead: devices.xlsx for devices.csv.
 * Formats that are not read are found too, so that it can be said.
 */
#define LEDGER_BYTES (16u << 20) /* the longest file */
#define LEDGER_NAMES 6		 /* that one may have */

/*
 * The paths where it may lie, the one that was named first; in arena.  Return
 * how many: 1 if the path does not end in .csv.
 */
size_t ledger_file_names(const char *path, struct arena *arena,
    const char *names[LEDGER_NAMES]);

/*
 * Append the file.  *name = what messages call it, in arena.  Return 1, 0 if
 * there is none, or -1 after an error in ps: there are two, it is too long,
 * empty or cannot be read.
 */
int ledger_file_read(const char *path, struct arena *arena, struct buf *out,
    const char **name, struct problems *ps);

#endif
