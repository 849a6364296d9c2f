/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef LEDGER_CELLS_H
#define LEDGER_CELLS_H

#include "analyzer/ledger/sheet.h"

/*
 * The cells of one row, by column of the ledger's table: what every ledger
 * asks of them.  Pure.
 */
struct cells {
	const struct sheet *sheet;
	const struct sheet_row *row;
	struct arena *arena;
	struct problems *ps; /* what is wrong with them */
};

/* As written, trimmed; and folded by sheet_key() for comparison. */
struct span cells_text(const struct cells *c, size_t column);
struct span cells_key(const struct cells *c, size_t column);

/* The place of a cell and its text, for a problem. */
struct problem_at cells_at(const struct cells *c, size_t column);

/* Days since 1970, or INT64_MIN: empty, or no date, which is a problem. */
int64_t cells_date(const struct cells *c, size_t column);

/*
 * A decimal number between min and max; false: empty, or none, which is a
 * problem.
 */
bool cells_number(const struct cells *c, size_t column, double min, double max,
    double *value);

/* Whether a folded text has that word in it. */
bool cells_mention(struct span folded, const char *word);

/* Whether a folded cell says yes: はい, 有, ○, 1 and their like. */
bool cells_says_yes(struct span folded);

/* The next of names parted by bars.  *rest starts as the cell. */
bool cells_next_name(struct span *rest, struct span *name);

/* A ledger each of whose rows is one element of a list. */
struct cells_list {
	const struct sheet_column *columns;
	size_t n;    /* columns */
	size_t size; /* of an element */
	/* element: zero so far; what is wrong goes to c->ps */
	void (*read)(void *element, const struct cells *c);
};

/*
 * Read the bytes of a file: the elements in arena, *n of them, or NULL after
 * an error in ps.
 */
void *cells_read(const struct cells_list *list, struct span bytes,
    const char *file, struct arena *arena, struct problems *ps, size_t *n);

#endif
