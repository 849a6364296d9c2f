/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_CONTINUITY_H
#define RULE_CONTINUITY_H

#include "analyzer/rule/fact.h"
#include "analyzer/rule/outbox.h"
#include "analyzer/rule/ruleset.h"

/*
 * Numbers that a device counts its messages with (event.sequence, of the
 * counter that konseki.sequence.scope names, unless konseki.sequence.kind says
 * that some may be missing): those that never came.  Numbers are gathered as
 * stretches without a hole, by device, counter and day, in whatever order they
 * come; a hole counts if what is behind it by number is not before it by time,
 * as it is after a restart.  One finding for a device, counter and day.
 */
#define CONTINUITY_DAYS 20000	 /* devices times counters times days */
#define CONTINUITY_STRETCHES 256 /* of each */

struct continuity;

/* NULL if no rule of the set asks for it. */
struct continuity *continuity_new(const struct ruleset *rules,
    const struct fact_site *site);
void continuity_free(struct continuity *c);

/* An event, judged at fs->time; origin outlives c. */
void continuity_feed(struct continuity *c, const struct event *e,
    const char *origin, struct facts *fs);

/* Up to when records are complete: live, and for imports and replays. */
void continuity_judge(struct continuity *c, int64_t watermark, int64_t replay,
    bool finish, struct outbox *out, struct arena *arena);

/* Records that found no room. */
uint64_t continuity_dropped(const struct continuity *c);

#endif
