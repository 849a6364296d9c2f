/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef LEDGER_SUPPORT_H
#define LEDGER_SUPPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/ledger/problem.h"
#include "common/span.h"

/*
 * Until when an operating system gets updates: a dated table,
 * rules/data/support.csv.
 */
struct support_row {
	unsigned row;	   /* in the file */
	struct span names; /* folded: "windows 8.1|win8.1" */
	struct span text;  /* the same as written, the first of them */
	int64_t day;	   /* the last one with updates, a day number */
};

struct support;

/* Read it.  NULL after an error in ps. */
struct support *support_parse(struct span bytes, const char *file,
    struct problems *ps);
void support_free(struct support *s);

/*
 * The row of a system, folded (sheet_key), or NULL: of names that it begins
 * with the longest; "win8" is none of "win81".
 */
const struct support_row *support_find(const struct support *s,
    struct span system);

#endif
