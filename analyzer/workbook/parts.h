/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef WORKBOOK_PARTS_H
#define WORKBOOK_PARTS_H

#include "analyzer/import/zip.h"
#include "analyzer/workbook/workbook.h"

/* The parts of a workbook by name, unpacked piece by piece within limits. */
struct parts {
	struct span bytes;
	struct zip_end end;
	struct zip_entry *v; /* by where they lie */
	size_t n;
	size_t left; /* bytes that may still be unpacked */
};

/* Read the directory; entries in arena.  0, or -1 and *why. */
int parts_open(struct parts *p, struct span bytes, struct arena *arena,
    struct workbook_why *why);

/* The part of that name, ASCII letters in any case, or NULL. */
const struct zip_entry *parts_find(const struct parts *p, struct span name);

/* Give its bytes to take, which returns 0, or -1 and *why itself. */
typedef int parts_take(void *cookie, struct span piece, bool last);

int parts_read(struct parts *p, const struct zip_entry *e, parts_take *take,
    void *cookie, struct workbook_why *why);

/* Set *why.  Returns -1. */
int parts_fail(struct workbook_why *why, enum workbook_err err,
    struct span part);

#endif
