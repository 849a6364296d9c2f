/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_DOUBLES_H
#define RULE_DOUBLES_H

#include "analyzer/rule/numbered.h"
#include "analyzer/rule/outbox.h"

/*
 * Numbers that two records of different content bear.  Content is what
 * analyzer/rule/repeat compares, so that one record by two paths is none, and
 * nothing is said of records without a device time.  Of each counter the last
 * DOUBLES_NUMBERS or so numbers are remembered, as they came; an older one that
 * comes again at another time is disorder's to see.  One finding for a counter
 * and day.
 */
#define DOUBLES_NUMBERS 4093 /* a prime: steps of any size fill it */
#define DOUBLES_COUNTERS 256 /* 0.4 MB each, if it is busy */
#define DOUBLES_DAYS 2000    /* counters times days with doubles */
#define DOUBLES_CITED 10     /* pairs, those of the lowest numbers */

struct doubles;

/* NULL if no rule of the set asks for it. */
struct doubles *doubles_new(const struct ruleset *rules,
    const struct fact_site *site);
void doubles_free(struct doubles *x);

/* A record of that counter. */
void doubles_feed(struct doubles *x, size_t counter,
    const struct numbered_record *r, const struct event *e);

void doubles_judge(struct doubles *x, const struct numbered *counters,
    struct outbox *out, struct arena *arena);

/* Records that could not be compared, for want of room. */
uint64_t doubles_dropped(const struct doubles *x);

#endif
