/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_REPORT_REVIEW_H
#define ANALYZER_REPORT_REVIEW_H

#include "analyzer/report/losses.h"
#include "analyzer/report/past.h"
#include "analyzer/report/report.h"

/*
 * The weekly review (週次アクセスログ確認票): one page of A4 that a part-time
 * person works through in a quarter of an hour and signs.  Whatever the week
 * held, the page stays one: at most REVIEW_ITEMS things to look at, the rest
 * counted.
 */
#define REVIEW_ITEMS 5
#define REVIEW_INCIDENTS 2 /* shown; the others are counted */
#define REVIEW_PLACES 2	   /* of the things that an incident takes */
#define REVIEW_HUSHED 3	   /* reasons why findings told nobody */
#define REVIEW_SOURCES 7 /* rows; the others are summed up */
#define REVIEW_SESSIONS 3
#define REVIEW_SAMPLES 3
#define REVIEW_OLD 3

struct review;

/* The week [from, until), both midnight at the site. */
struct review *review_new(const struct report *r, int64_t from, int64_t until);

void review_event(struct review *v, const struct event *e, int64_t at);

/*
 * A segment of which no event is of the week, in its place among the events;
 * origin lives as long as the report.  False: all is to be read, for a review
 * that is made anew.
 */
bool review_past(struct review *v, const struct past *p, const char *origin);

/* losses: of the evidence log; borrowed until printed. */
void review_print_html(struct review *v, const struct losses *losses,
    struct buf *out);

/* The same as plain text, for a mail. */
void review_print_text(struct review *v, const struct losses *losses,
    struct buf *out);

/* It will not be printed: its period was not the one that is wanted. */
void review_drop(struct review *v);

/*
 * The midnight of the Monday of the week that holds that instant; and of the
 * calendar week with the larger part of the seven days before it.
 */
int64_t review_monday(int64_t at, int zone);
int64_t review_default(int64_t newest, int zone);

#endif
