/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_PATH_H
#define ANALYZER_REPORT_PATH_H

#include "analyzer/report/timeline.h"

/*
 * The way of an incident between devices (経路図) as inline SVG: who reached
 * whom, in the order in which it is first seen, from what a timeline holds.
 * Arrows are numbered, and each number stands below with its record.  What is
 * drawn is what records tell, not what happened.
 */
#define PATH_NODES 12u
#define PATH_ARROWS 16u

/* Nothing if no row has two sides. */
void path_print(const struct report *r, const struct timeline *t,
    struct buf *out);

#endif
