/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_CASE_INHIBIT_H
#define ANALYZER_CASE_INHIBIT_H

#include "analyzer/case/casebook.h"

/*
 * Findings of a case that say nothing new: a rule that they name found
 * something no less grave about the same host, user or address at the same
 * time, and is heard.  They become quiet by it.
 */
void inhibit_case(struct casebook *book, const struct casebook_group *g,
    struct arena *arena);

#endif
