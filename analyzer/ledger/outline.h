/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef LEDGER_OUTLINE_H
#define LEDGER_OUTLINE_H

#include "analyzer/ledger/ledger.h"
#include "analyzer/ledger/sheet.h"

/*
 * A ledger's file as it was read, for people who look before it counts: which
 * column means what, and what a cell became.  Pure.
 */
struct outline {
	enum ledger ledger;
	struct sheet sheet; /* of no rows, if it has no header */
	const struct sheet_column *columns;
	size_t n;      /* columns */
	size_t filled; /* cells with a value, of all rows */
};

/* The columns of a ledger, *n of them. */
const struct sheet_column *outline_columns(enum ledger l, size_t *n);

/* Read it; what is wrong goes to ps.  All lives in arena. */
void outline_read(struct outline *o, enum ledger l, struct span bytes,
    const char *file, struct arena *arena, struct problems *ps);

/*
 * Which ledger the file is: by its name (people.xlsx), else the one that knows
 * most columns of its header.  Return 0, or -1: it is none, or there is a tie.
 */
struct outline_guess {
	enum ledger ledger;
	bool tie;		    /* another one knows as many */
	size_t known[LEDGER_COUNT]; /* 0: the header does not fit it */
	size_t unused;		    /* columns that the ledger does not know */
};

int outline_guess(struct span bytes, const char *file,
    struct outline_guess *g);

/*
 * Append how a cell was understood, in the user's language: "2026年3月31日まで
 * 使用可".  Nothing if it is taken as it stands, or was not understood.
 */
void outline_reading(const struct outline *o, enum ledger l, size_t row,
    size_t column, int64_t today, struct buf *out);

/* What the first name of a column is, for a column that the header lacks. */
const char *outline_name(const struct outline *o, size_t column,
    struct arena *arena);

#endif
