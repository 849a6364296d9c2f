/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_CSVOUT_H
#define ANALYZER_REPORT_CSVOUT_H

#include <stdbool.h>

#include "common/buf.h"
#include "common/span.h"

/*
 * CSV that Excel opens by a double click: UTF-8 with BOM, CRLF (RFC 4180).  A
 * cell that a spreadsheet would take for a formula gets an apostrophe in
 * front, for log text is written by strangers.  Pure.
 */
void csvout_begin(struct buf *out);

/* Whether a spreadsheet would take it for a formula. */
bool csvout_is_formula(struct span s);

/* One cell; the separator in front is written where one is needed. */
void csvout_cell(struct buf *out, struct span cell);
void csvout_str(struct buf *out, const char *cell);

/* The end of the row. */
void csvout_row(struct buf *out);

#endif
