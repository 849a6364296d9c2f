/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_TWIN_H
#define ANALYZER_REPORT_TWIN_H

#include <stddef.h>

#include "common/buf.h"
#include "common/span.h"

/*
 * A table as CSV twice: UTF-8 with BOM, and CP932 for what reads nothing else.
 * What CP932 lacks becomes 〓 there, and each such cell is listed.  Cells are
 * neutralised as csvout.h has it.  Pure.
 */
struct twin {
	struct buf utf8, cp932;
	struct buf lost; /* "B7: ..." lines of cells that CP932 lacks */
	size_t n_lost;
	unsigned row, column;
};

void twin_init(struct twin *t);
void twin_fini(struct twin *t);

void twin_cell(struct twin *t, struct span cell);
void twin_str(struct twin *t, const char *cell);
void twin_row(struct twin *t);

#endif
