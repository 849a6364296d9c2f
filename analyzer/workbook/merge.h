/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef WORKBOOK_MERGE_H
#define WORKBOOK_MERGE_H

#include "analyzer/workbook/workbook.h"

/*
 * Sort the merged ranges of a table and give the value of each to its cells
 * that have none.  Return 0, or -1 if two ranges share a cell.
 */
int merge_fill(struct workbook_table *t, struct arena *arena);

#endif
