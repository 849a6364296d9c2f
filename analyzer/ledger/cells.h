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

/* Whether a folded text has that word in it. */
bool cells_mention(struct span folded, const char *word);

#endif
