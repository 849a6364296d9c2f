/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_ABOUT_H
#define ANALYZER_FORMAT_ABOUT_H

#include <stdbool.h>

#include "common/buf.h"
#include "common/span.h"

/*
 * What a format file says to people: its head comment, which tells the traps
 * of the product, and whether a real line was at hand.  Pure.
 */

/* The mark of a format that was made without a line of a real device. */
#define ABOUT_MANUAL "From the manual alone"

/* Whether the file, given as its bytes, has that mark; *line (may be NULL): all
 * that it says. */
bool about_manual(struct span file, struct span *line);

/*
 * Append the comments that stand in column one among the first keys (format,
 * title, reference), without their "# "; one paragraph for each run of them,
 * its lines joined, "\n" behind each.  The licence and the mark are left out.
 */
void about_head(struct span file, struct buf *out);

#endif
