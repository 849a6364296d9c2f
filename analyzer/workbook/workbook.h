/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef WORKBOOK_WORKBOOK_H
#define WORKBOOK_WORKBOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/span.h"

/*
 * A workbook of Excel (.xlsx: ISO/IEC 29500, either namespace) as rows of
 * texts, each cell as Excel shows it and would write it in CSV, but dates,
 * which become 2026/4/1 whatever era or order they are shown in.  Nothing is
 * computed: a formula is the value that was saved with it.  Bytes in, values
 * out; pure, bounded.
 */
#define WORKBOOK_PART (64u << 20)   /* unpacked bytes of one part */
#define WORKBOOK_TOTAL (128u << 20) /* of all parts that are read */
#define WORKBOOK_SHEETS 256u
#define WORKBOOK_STYLES 65536u
#define WORKBOOK_STRINGS 1000000u
#define WORKBOOK_TEXT 131072u /* bytes of a cell: 32,767 characters */
#define WORKBOOK_ROWS 100000u
#define WORKBOOK_COLUMNS 256u
#define WORKBOOK_CELLS 4000000u
#define WORKBOOK_MERGES 10000u

enum workbook_err {
#define WORKBOOK_ERR(id, en, ja) WORKBOOK_##id,
#include "analyzer/workbook/workbook_err_tbl.h"
#undef WORKBOOK_ERR
	WORKBOOK_ERR_COUNT
};

struct workbook_why {
	enum workbook_err err;
	char part[64]; /* "xl/styles.xml", escaped and cut; empty: the file */
};

/* A sentence in the user's language that says what to do. */
const char *workbook_strerror(enum workbook_err e);

/* Whether the bytes are a workbook, or another container that is none. */
bool workbook_is(struct span bytes);

struct workbook;

/*
 * Read directory, styles and texts.  What is given out lives in arena; the
 * bytes must outlive the workbook.  NULL and *why.
 */
struct workbook *workbook_open(struct span bytes, struct arena *arena,
    struct workbook_why *why);
void workbook_close(struct workbook *w);

size_t workbook_sheets(const struct workbook *w);
struct span workbook_sheet_name(const struct workbook *w, size_t i);
bool workbook_sheet_hidden(const struct workbook *w, size_t i);

enum {			    /* what is to be said of a cell */
	WORKBOOK_FORMULA = 1, /* its value was computed when it was saved */
	WORKBOOK_ERROR = 2,   /* "#REF!" and its like */
	WORKBOOK_MERGED = 4,  /* the value is that of a merged range */
	WORKBOOK_UNSAVED = 8, /* a formula without a value */
	WORKBOOK_ROUNDED = 16 /* a number whose last digits Excel forgot */
};

struct workbook_cell {
	struct span text;
	uint16_t column; /* from 0 */
	uint8_t marks;
};

struct workbook_row {
	unsigned number; /* from 1 */
	bool hidden;
	size_t n;
	struct workbook_cell *cells; /* by column; those with a value */
};

struct workbook_range {
	unsigned top, bottom;	/* rows, from 1 */
	unsigned left, right;	/* columns, from 0 */
	struct span text;	/* of its first cell */
	uint8_t marks;		/* of its first cell */
};

struct workbook_table {
	struct workbook_row *rows; /* those with a value, by number */
	size_t n;
	struct workbook_range *merges; /* by top */
	size_t n_merges;
	unsigned hidden_columns;
};

/*
 * Read a sheet.  A merged range gives its value to each of its cells in rows
 * that have another value.  Return 0, or -1 and *why.
 */
int workbook_read(struct workbook *w, size_t i, struct workbook_table *t,
    struct workbook_why *why);

/* "B7" of a column and a row; out holds WORKBOOK_NAME bytes. */
#define WORKBOOK_NAME 16
char *workbook_cell_name(unsigned column, unsigned row, char *out);

#endif
