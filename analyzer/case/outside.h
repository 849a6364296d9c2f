/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_OUTSIDE_H
#define ANALYZER_CASE_OUTSIDE_H

#include "analyzer/case/contacts.h"
#include "analyzer/ledger/problem.h"
#include "common/arena.h"
#include "common/buf.h"
#include "common/span.h"

/*
 * A table of contacts as hospitals have it (the forms of the BCP guidance, a
 * sheet of Excel), and the dated one of the rules (data/outside.csv): rows of
 * name and contact, where a cell may hold a number and an address in one.
 * Pure.
 */

/* Read it: *v, *n of them, in arena.  0, or -1 after an error in ps. */
int outside_parse(struct span bytes, const char *file, struct arena *arena,
    struct problems *ps, struct contacts_outside **v, size_t *n);

/* Append the rows as contacts.yml has them under 'outside:'; return how many
 * have a number or a name that is not filled in. */
size_t outside_print(const struct contacts_outside *v, size_t n,
    struct buf *out);

#endif
