/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_REVIEW_PAST_H
#define ANALYZER_REPORT_REVIEW_PAST_H

#include "analyzer/case/weeks.h"
#include "analyzer/report/report.h"

/*
 * The record of weekly reviews for an inspector: which weeks were reviewed by
 * whom and when, late or not at all.  From the casebook alone.
 */
#define REVIEW_WEEKS 110u /* shown; the others are counted */

/* The page. */
void review_history_html(const struct report *r, struct buf *out);

/* Its style; and its table, for another page: the newest weeks first, so many
 * at most. */
const char *review_past_style(void);
void review_put_weeks(const struct report *r, const struct weeks *weeks,
    size_t most, struct buf *out);

#endif
