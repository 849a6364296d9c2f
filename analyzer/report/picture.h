/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_PICTURE_H
#define ANALYZER_REPORT_PICTURE_H

#include "analyzer/report/hourly.h"
#include "analyzer/report/sources.h"

/*
 * Pictures in the pages, as SVG of our own: no script, no colour that grey
 * paper would lose.  What is not known is left white and framed, never drawn as
 * nothing.  Pure.
 */

/*
 * The hours of a period in which a source was heard: black, silent: white, from
 * before its first record: not drawn.  Of more than 21 days one bar a day, as
 * high as its share of hours.
 */
void picture_heard(struct buf *out, const struct source *s, int64_t from,
    int64_t until);

/* How many logins in each hour of the week, Monday first; squares whose area
 * is the number. */
struct picture_hours {
	uint32_t n[7][24];
};

void picture_hours_add(struct picture_hours *h, int64_t at, int zone);
void picture_hours(struct buf *out, const struct picture_hours *h);

/*
 * Bytes of each hour as a line over what is usual (通常時の目安) as a grey band
 * from the lowest to the highest of earlier weeks.  Hours in which nothing was
 * received are left out of the line.
 */
void picture_traffic(const struct report *r, struct buf *out,
    const struct hourly_hour *v, size_t n, int64_t from);

#endif
