/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef LEDGER_CSV_H
#define LEDGER_CSV_H

#include <stddef.h>

#include "common/arena.h"
#include "common/span.h"

/*
 * RFC 4180 over UTF-8 text, as Excel writes it: CRLF, LF or CR, quoted cells
 * with commas, quotes and line ends inside.  Bytes in, cells out; pure.
 */
#define CSV_CELLS 256 /* columns of one record */

enum csv_error {
	CSV_OK,
	CSV_OPEN_QUOTE,	 /* the text ends inside a quoted cell */
	CSV_AFTER_QUOTE, /* something between a closing quote and the comma */
	CSV_TOO_WIDE,	 /* more than CSV_CELLS cells */
};

struct csv {
	struct span in;
	size_t pos;
	char separator; /* ',' or '\t' */
	unsigned row;	/* of the record read last, from 1 */
	enum csv_error error;
};

/* A reader over text; a tab separates if its first line has one, no comma. */
struct csv csv_make(struct span text);

/*
 * The next record: its cells into cells[CSV_CELLS] and *n.  A cell points
 * into the text, or into the arena if it had quotes to undo.  An empty line
 * is a record of one empty cell.  Return 1, 0 at the end, or -1 and c->error.
 */
int csv_next(struct csv *c, struct arena *arena, struct span *cells, size_t *n);

/* A sentence in the user's language. */
const char *csv_strerror(enum csv_error e);

#endif
