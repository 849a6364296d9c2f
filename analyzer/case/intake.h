/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_INTAKE_H
#define ANALYZER_CASE_INTAKE_H

#include "analyzer/case/casebook.h"
#include "analyzer/ledger/exception.h"
#include "analyzer/rule/finding.h"

/*
 * A finding on its way into the casebook.  Alerts join a case: that of the
 * earliest finding which shares a host, user or address with it and lies
 * within a day of it; else they open one.  Same findings in the same order,
 * same cases.
 */
/*
 * Make *out of f, without a case.  Strings are f's or the arena's.
 * evidence_size: of the checkpoint that the analysis read.
 */
void intake_finding(const struct finding *f, uint64_t evidence_size,
    struct arena *arena, struct casebook_finding *out);

/*
 * Say in f which row of exceptions.csv covers it, if one does: of those whose
 * days hold its first evidence, by the clock of the site, the first.
 */
void intake_except(struct casebook_finding *f, const struct exceptions *xs,
    int zone, struct arena *arena);

/*
 * Give f its case among those of book, or one of its own.  The caller adds f
 * to book->findings before it asks for the next.
 */
void intake_join(const struct casebook *book, struct arena *arena,
    struct casebook_finding *f);

#endif
