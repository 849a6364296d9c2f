/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_COMMAND_RULES_NEAR_H
#define ANALYZER_COMMAND_RULES_NEAR_H

#include "analyzer/command/events.h"
#include "analyzer/command/grounds.h"
#include "analyzer/command/rules_pack.h"
#include "analyzer/event/event.h"

/*
 * How near a rule came that judges many events together: the groups, hosts or
 * accounts for which its values were nearest to their thresholds.
 */
struct rules_near;

/* Rule, settings and site are those of the pack; all is borrowed. */
struct rules_near *rules_near_new(const struct rules_pack *p,
    const struct rule *rule, const struct grounds *g);
void rules_near_free(struct rules_near *n); /* NULL is fine */

void rules_near_feed(struct rules_near *n, const struct event *e);
/* A record of the evidence: an event, what was lost, how far time is. */
void rules_near_record(struct rules_near *n, const struct events_item *item);

/* No more come: append what was nearest; zone is the site's. */
void rules_near_print(struct rules_near *n, int zone, struct buf *out);

#endif
