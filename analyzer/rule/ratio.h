/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_RATIO_H
#define RULE_RATIO_H

#include "analyzer/rule/fact.h"
#include "analyzer/rule/outbox.h"
#include "analyzer/rule/ruleset.h"

/*
 * Of a rule's events, month by month and by its key, how many fit what it
 * calls share (RULE_RATIO).  If none does in a month, the logs do not show it
 * and nothing can be said; if all do, there is nothing to say.  Records that
 * come twice count once.
 */
#define RATIO_MONTHS 100000 /* of all rules and keys */
#define RATIO_CITES 8	    /* records that do not fit, the first */

struct ratio;

struct ratio *ratio_new(const struct fact_site *site);
void ratio_free(struct ratio *q);

/* An event of the rule; fits: it is of the share.  origin outlives q. */
void ratio_note(struct ratio *q, const struct rule *r, const struct event *e,
    const char *origin, struct facts *fs, bool fits);

/* Months that have passed, by the records; finish: the last one too. */
void ratio_judge(struct ratio *q, bool finish, struct outbox *out,
    struct arena *arena);

/* Months that found no room. */
uint64_t ratio_dropped(const struct ratio *q);

#endif
