/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef CASE_VERSION_H
#define CASE_VERSION_H

#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/span.h"

/*
 * A version of a ledger, as it goes into the casebook when an analysis first
 * goes by it: name, hash, how many rows, and which are new, gone or other than
 * in the version before.  For the next comparison each row stands there as its
 * key and short digests of its cells, not as what it says.  Pure.
 */
#define VERSION_LINES (256u << 10) /* bytes of rows; of more there are none */
#define VERSION_NAMED 100u	   /* rows of a kind; more are counted */

struct version_row {
	const char *key;   /* 管理番号, ユーザID ... */
	const char *cells; /* four hex digits of each column's SHA-256 */
};

/* Rows that differ: their keys; of changed ones with the columns, "7: 状態". */
struct version_rows {
	const char *v[VERSION_NAMED];
	uint64_t n; /* of all */
};

struct version {
	const char *name; /* "devices" */
	const char *file; /* "devices.xlsx [機器台帳]" */
	const char *sha256; /* of the file, hex */
	const char *was;    /* the same of the version before, or "" */
	uint64_t n;	    /* rows */
	struct version_row *rows; /* NULL: too long, or patients: not kept */
	struct version_rows added, changed, removed;
	/* Of its record in the casebook. */
	const char *origin;
	uint64_t index;
	int64_t at; /* utc usec */
};

struct outline; /* ledger/outline.h */

/* The version that a file is.  Strings live in arena. */
void version_make(const struct outline *o, struct span bytes,
    struct arena *arena, struct version *v);

/* Compare with the one before, NULL: there is none. */
void version_compare(struct version *v, const struct version *before,
    struct arena *arena);

/* As one line of JSON without LF, and back: 0, or -1 if it is none. */
void version_print(const struct version *v, struct buf *out);
int version_parse(struct span json, struct arena *arena, struct version *v);

#endif
