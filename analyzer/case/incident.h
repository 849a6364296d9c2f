/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_INCIDENT_H
#define ANALYZER_CASE_INCIDENT_H

#include "analyzer/case/casebook.h"

/*
 * What a casebook's findings and steps come to: which findings are quiet and
 * why, which belong together, how grave that is and in which phases, who
 * answered, and what came since.  Pure: the same records, the same cases.
 *
 * Fills in the groups and silences of a book whose findings and steps are
 * there in the order of their records; groups and steps take the id of the
 * case that theirs became part of.  Memory is the arena's.
 */
void incident_build(struct casebook *book, struct arena *arena);

#endif
