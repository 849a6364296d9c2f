/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef LEDGER_SHEET_H
#define LEDGER_SHEET_H

#include <stdbool.h>
#include <stddef.h>

#include "analyzer/ledger/problem.h"
#include "common/arena.h"
#include "common/span.h"

/*
 * A ledger file, CSV or Excel workbook, as rows of named cells: encoding found,
 * sheet found, header found, columns matched by name whatever their order,
 * width or blanks (ユーザ ID = ユーザID).  What a ledger means is for device.c,
 * account.c and the others.
 */
#define SHEET_ROWS 100000 /* of one ledger */
#define SHEET_BYTES (16u << 20)

struct sheet_column {
	const char *names; /* "ユーザID|利用者ID|user id": any one of them */
	bool required;	   /* the header must have it */
};

struct sheet_row {
	unsigned number;    /* as a spreadsheet counts */
	struct span *cells; /* by column of the table; trimmed, maybe empty */
};

struct sheet {
	const char *file; /* with the sheet that is the ledger, or nearly */
	struct sheet_row *rows;
	size_t n;
	struct span *titles; /* what the header calls each column, or empty */
	size_t unused;	     /* titles of the header that name no column */
	unsigned *letters;   /* the file's column of each, from 1; 0: none */
};

/*
 * Read the bytes of a file.  Cells live in arena.  The header is the first of
 * the first ten rows that has every required column; empty rows and rows of
 * dots are skipped.  Of a workbook that sheet is read which has a header, and
 * more of its columns than others; hidden sheets are not.  Return 0 if
 * there is a header, so that all cells can be judged at once, although there
 * may be errors in ps; or -1 after an error.
 */
int sheet_read(struct span bytes, const char *file,
    const struct sheet_column *columns, size_t n, struct arena *arena,
    struct sheet *sheet, struct problems *ps);

/* The place of a cell, for a problem. */
struct problem_at sheet_at(const struct sheet *sheet,
    const struct sheet_row *row, size_t column);

/*
 * The next part of a cell with several values, split at 、 , ; ／ and line
 * ends.  *rest starts as the cell.  Return false when nothing is left.
 */
bool sheet_next_value(struct span *rest, struct span *value);

/* s folded for comparison (text_fold, lower), blanks taken out, in arena. */
struct span sheet_key(struct span s, struct arena *arena);

/* Each of several values by sheet_key(), joined by commas. */
struct span sheet_keys(struct span cell, struct arena *arena);

/* Whether a folded cell is one of "a|b|c". */
bool sheet_is_one_of(struct span folded, const char *names);

#endif
