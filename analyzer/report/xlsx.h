/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_XLSX_H
#define ANALYZER_REPORT_XLSX_H

#include <stddef.h>

#include "common/buf.h"
#include "common/span.h"

/*
 * A workbook (Office Open XML, .xlsx) of sheets of text, written by us: XML in
 * a ZIP with fixed times, so that the same cells give the same bytes.  Every
 * cell is a text and never a formula: one that begins like a formula gets an
 * apostrophe, as in a CSV, for it may be saved as one.  Control characters show
 * as \xNN.  A cell holds XLSX_CELL bytes; what is longer is cut and says so.
 */
#define XLSX_SHEETS 8u
#define XLSX_CELL 30000u

struct xlsx;

struct xlsx *xlsx_new(void);

/* Begin a sheet: its name, and the widths of its columns in characters. */
void xlsx_sheet(struct xlsx *x, const char *name, const unsigned *widths,
    size_t n);

/* The next row; its first ones may be headings (bold, grey, repeated). */
void xlsx_row(struct xlsx *x, const char *const *cells, size_t n, bool heading);

/* Append the file and free x.  0, or -1: zlib failed or it is over 4 GB. */
int xlsx_finish(struct xlsx *x, struct buf *out);

#endif
