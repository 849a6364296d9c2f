/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_DISORDER_H
#define RULE_DISORDER_H

#include "analyzer/rule/numbered.h"
#include "analyzer/rule/outbox.h"

/*
 * Numbers that went back: lower than one that the device gave well before, by
 * its own clock.  Of each counter and stretch of time (sequence.disorder) the
 * lowest and the highest number are kept; a stretch's lowest is compared with
 * the highest of all but the stretch before, so that what comes out of order
 * within that time is none, and the order of arrival changes nothing.  A step
 * back is told once, however long the numbers stay below.  One finding for a
 * counter and day.
 */
#define DISORDER_STRETCHES 200000 /* of all counters; 184 bytes each */

struct disorder;

/* NULL if no rule of the set asks for it. */
struct disorder *disorder_new(const struct ruleset *rules,
    const struct fact_site *site);
void disorder_free(struct disorder *x);

/* A record of that counter. */
void disorder_feed(struct disorder *x, size_t counter,
    const struct numbered_record *r);

void disorder_judge(struct disorder *x, const struct numbered *counters,
    struct outbox *out, struct arena *arena);

/* Records for whose time there was no room. */
uint64_t disorder_dropped(const struct disorder *x);

#endif
