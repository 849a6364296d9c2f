/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_LEDGER_VIEW_H
#define ANALYZER_REPORT_LEDGER_VIEW_H

#include "analyzer/ledger/outline.h"

/*
 * The preview of ledgers: what was understood of each and what not, cell by
 * cell, as text for a terminal or a page for paper.  Pure.
 */
struct ledger_view {
	const struct outline *v; /* those that are kept */
	size_t n;
	const struct problems *ps; /* of all of them */
	size_t rows;		   /* of each that are shown */
	int64_t today;		   /* a day number */
	const char *site;	   /* the hospital's name, or "" */
};

void ledger_view_text(const struct ledger_view *v, struct buf *out);
void ledger_view_html(const struct ledger_view *v, struct buf *out);

#endif
