/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef LEDGER_PROBLEM_H
#define LEDGER_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

#include "common/buf.h"
#include "common/span.h"

/*
 * What is wrong with a ledger, cell by cell, so that the person who keeps it
 * in Excel finds the place.  An error keeps the whole ledger from loading; a
 * notice is listed and the cell counts as empty or as its text.
 */
#define PROBLEMS_MAX 200 /* shown; more are only counted */

struct problem {
	bool error;	 /* else a notice */
	char file[160];	 /* "accounts.csv", "accounts.xlsx [職員]" */
	unsigned row;	 /* as a spreadsheet counts them; 0 = the file */
	char column[64]; /* name in the header; empty = the row */
	char cell[16];	 /* "B7"; empty = the row */
	char value[96];	 /* what stands there, escaped and cut */
	char what[256];	 /* what is wrong and what to do */
};

struct problems {
	struct problem *v;
	size_t n;
	size_t errors; /* of all, also of those not shown */
	size_t notices;
	size_t max; /* shown: PROBLEMS_MAX, unless the caller sets another */
};

void problems_init(struct problems *ps);
void problems_fini(struct problems *ps);

/* The place of a problem: column and value may be empty. */
struct problem_at {
	const char *file;
	unsigned row;
	struct span column, value;
	unsigned letter; /* of the file's column, from 1; 0 = none */
};

/* fmt makes a whole sentence in the user's language, with tr(). */
void problems_error(struct problems *ps, const struct problem_at *at,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void problems_notice(struct problems *ps, const struct problem_at *at,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* "B7" of a column from 1 and a row, into out[PROBLEM_CELL]. */
#define PROBLEM_CELL 16
char *problem_cell(unsigned letter, unsigned row, char *out);

/* "accounts.csv: row 4, column 状態 (I4), '...': what", in the user's
 * language. */
void problem_print(const struct problem *p, struct buf *out);

#endif
