/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_LINKING_H
#define ANALYZER_CASE_LINKING_H

#include <stdbool.h>

#include "analyzer/case/casebook.h"

/*
 * Which findings belong together: those that share a host, user or address
 * and lie within a day of each other, and what those belong to (union-find).
 * Pure.
 */
#define LINKING_TOGETHER (INT64_C(24) * 3600 * 1000000) /* usec */

/*
 * The same host, user or address.  An appliance sees everybody: that two
 * findings were seen by one connects nothing, but a host of the one that is a
 * device of the other (somebody logged in there) does.
 */
bool linking_shares(const struct casebook_finding *f,
    const struct casebook_finding *g);

/* Whether their windows touch, or lie at most a day apart. */
bool linking_near(const struct casebook_finding *f,
    const struct casebook_finding *g);

/*
 * The sets of the n findings: set[i] is the position of one finding of the set
 * that i is in, the same for all of it, the one that was entered first.
 * Findings of no case (group "") and withdrawn ones are alone; those that were
 * put into one case when they were entered stay together; what is excepted or
 * silenced joins nothing together.
 */
void linking_sets(const struct casebook_finding *v, size_t n, size_t *set);

#endif
