/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef LEDGER_EXCEPTION_H
#define LEDGER_EXCEPTION_H

#include <stddef.h>
#include <stdint.h>

#include "analyzer/ledger/problem.h"
#include "common/span.h"

/*
 * What is known and no reason to call anybody (許可一覧): ledgers/
 * exceptions.csv.  A row without an owner, a reason or an end is refused, and
 * so is what is not as it should be: it is listed as a notice with its place,
 * the other rows hold, and what it was to cover is told as if it were not
 * there.
 */
#define EXCEPTION_DAYS 366 /* the longest; then somebody looks again */
#define EXCEPTION_TEXT 300 /* bytes of a cell */
#define EXCEPTION_GRAVE 3  /* 重大: the highest unless the row says 緊急 */

struct exception {
	unsigned row; /* in the file */
	char id[9];   /* of what it says, wherever it stands: hex */
	const char *rule, *about; /* as in analyzer/case/cover.h; "" = any */
	const char *owner, *reason;
	int64_t from, until; /* days since 1970 at the site, both part of it */
	int most; /* nothing graver: 0 情報 to 4 緊急 */
};

struct exceptions;

/*
 * NULL after an error in ps: the file is no table of exceptions.  today is a
 * day number: rows that have expired by then are noticed.
 */
struct exceptions *exceptions_parse(struct span bytes, const char *file,
    int64_t today, struct problems *ps);
void exceptions_free(struct exceptions *xs);

/* Those that are in order, as they stand. */
size_t exceptions_count(const struct exceptions *xs);
const struct exception *exceptions_at(const struct exceptions *xs, size_t i);

#endif
