/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef LEDGER_SHEET_PRIV_H
#define LEDGER_SHEET_PRIV_H

#include "analyzer/ledger/csv.h"
#include "analyzer/ledger/sheet.h"

/* What sheet.c and sheet_book.c share; for both only. */
#define HEADER_ROWS 10 /* titles may stand above the header */

/* What is being read; map[i] = table column of the file's column i. */
struct reading {
	struct sheet *sheet;
	const struct sheet_column *columns;
	size_t n;
	struct arena *arena;
	struct problems *ps;
	size_t map[CSV_CELLS];
	size_t width;
	size_t known; /* columns of the header that are the table's */
	/* The row that is most like a header, and what it lacks. */
	const char *near_file;
	unsigned near_row;
	size_t near_known;
	const char *near_missing;
};

/* Take this record as header if it has all that is required. */
bool reading_header(struct reading *r, const struct span *cells, size_t n,
    unsigned row);

/* Say what the header has twice or for nothing. */
void reading_columns(struct reading *r, const struct span *cells, size_t n,
    unsigned row);

/* Take this record as a row; room for it is in sheet->rows. */
void reading_row(struct reading *r, const struct span *cells, size_t n,
    unsigned number);

/* Whether a record has no content: empty, or dots as in a printed example. */
bool reading_blank(const struct span *cells, size_t n);

/* Say that there is no header.  Returns -1. */
int reading_no_header(struct reading *r);

/* Read a workbook.  Return 0, or -1 after an error. */
int reading_book(struct reading *r, struct span bytes);

#endif
