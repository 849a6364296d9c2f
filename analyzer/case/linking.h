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

/*
 * An address that findings with more than LINKING_COMMON keys (of hosts, users
 * or devices, mostly) have to do with within a day of a finding, and that no
 * finding of these days is about, says nothing of any of them: a server of
 * names, a way out that many share, a service that all go to.  It joins
 * nothing, else a case would grow without end.  What somebody does to many (a
 * scan, passwords that are guessed) is a finding about his address, which joins
 * them all.  What is withdrawn, excepted or silenced counts for nothing.
 */
#define LINKING_COMMON 10
bool linking_is_common(const struct casebook_finding *v, size_t n,
    const struct casebook_finding *f, const struct casebook_entity *e);

/*
 * As linking_shares(), by what is common neither for f nor for g among the n
 * findings and these two.
 */
bool linking_joins(const struct casebook_finding *v, size_t n,
    const struct casebook_finding *f, const struct casebook_finding *g);

/*
 * Of the n findings that have a case, are near f and joined with it, the one
 * that began first; NULL: there is none.
 */
const struct casebook_finding *linking_earliest(
    const struct casebook_finding *v, size_t n,
    const struct casebook_finding *f);

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
