/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef LEDGER_FIRMWARE_H
#define LEDGER_FIRMWARE_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/ledger/problem.h"
#include "common/span.h"

/*
 * Which versions of appliances mended weaknesses that were attacked: a dated
 * table, rules/data/firmware.csv.  A version is compared by its numbers:
 * 9.1R11.4 is 9, 1, 11, 4.
 */
struct firmware_row {
	unsigned row;	    /* in the file */
	struct span names;  /* of the product, folded: "fortios|fortigate" */
	struct span branch; /* "7.0": versions that begin so; empty: all */
	struct span fixed;  /* the first version that is mended */
	struct span name;   /* "CVE-2024-55591" */
	int64_t day;	    /* it was announced, a day number */
};

struct firmware;

/* Read it.  NULL after an error in ps. */
struct firmware *firmware_parse(struct span bytes, const char *file,
    struct problems *ps);
void firmware_free(struct firmware *f);

/* The newest day in the table, INT64_MIN if it is empty. */
int64_t firmware_newest(const struct firmware *f);

/*
 * What a version of a product lacks on a day: of the rows announced by then
 * that it is older than, the one with the newest fix.  *known: the table has
 * the product and the version's branch.  Both texts folded (sheet_key).
 */
const struct firmware_row *firmware_lacks(const struct firmware *f,
    struct span product, struct span version, int64_t day, bool *known);

/* -1, 0, 1 as the numbers of a are before, equal or behind those of b. */
int firmware_compare(struct span a, struct span b);

#endif
