/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REGEX_REGEX_NEED_H
#define ANALYZER_REGEX_REGEX_NEED_H

#include "common/arena.h"
#include "common/span.h"

/*
 * Bytes that stand, one behind the other, in whatever the expression matches:
 * where they are missing it need not be run.  The longest that are certain,
 * in a; empty if none are.
 */
struct span regex_need(struct span regex, struct arena *a);

/*
 * The same of the text without the case of its letters (ASCII's in lower
 * case), so that expressions that ignore case have some too.  One byte may be
 * all, if it is rare.
 */
struct span regex_need_folded(struct span regex, struct arena *a);

#endif
