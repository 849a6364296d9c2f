/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_MONTH_H
#define ANALYZER_REPORT_MONTH_H

#include "analyzer/report/losses.h"
#include "analyzer/report/report.h"

/*
 * The month for the executives (月次報告): one page of A4 with what they decide
 * on, in words of the glossary.  Whatever the month held, it stays one page:
 * lists have a limit, the rest is counted.
 */
#define MONTH_CASES 5u /* shown */

struct month;

/* [from, until): midnights of the first days of two months at the site;
 * before: that of the month before. */
struct month *month_new(const struct report *r, int64_t before, int64_t from,
    int64_t until);

void month_event(struct month *m, const struct event *e, int64_t at);

/* The page; once. */
void month_print_html(struct month *m, const struct losses *losses,
    struct buf *out);

#endif
