/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_HANDOVER_EXCERPT_H
#define ANALYZER_HANDOVER_EXCERPT_H

#include "analyzer/handover/pack.h"
#include "analyzer/handover/pick.h"
#include "analyzer/handover/shelf.h"
#include "evidence/package.h"

/*
 * Put data/excerpt/excerpt.evx: the picked records, and subtrees for all others
 * up to the checkpoint.  What was written leads to the checkpoint's root, or it
 * is an error.  Return 0, or -1 and *why.
 */
int excerpt_put(struct pack *pack, const struct package *p,
    const struct shelf *s, const struct pick *pick, struct buf *why);

#endif
