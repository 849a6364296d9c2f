/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_GATHER_H
#define RULE_GATHER_H

#include "analyzer/rule/coverage.h"
#include "analyzer/rule/fact.h"
#include "analyzer/rule/outbox.h"
#include "analyzer/rule/ruleset.h"

/*
 * What rules gather beside single findings: on which days there were the
 * records that a rule rests on (coverage), of whom events came (absence), and
 * how many of them were of a kind (ratio), and how evenly they came (beacon).
 * Filled in any order.
 */
struct gather;

/* shared: the days with records that tell of logins; outlives the result. */
struct gather *gather_new(const struct ruleset *rules,
    const struct fact_site *site, const struct coverage *shared);
void gather_free(struct gather *g);

/* What is looked for in events, by number. */
size_t gather_count(const struct gather *g);
const struct detection *gather_detection(const struct gather *g, size_t i);

/* What must fit as well, or NULL. */
const struct detection *gather_when(const struct gather *g, size_t i);

/* Of an event that fits number i, as v shows it: whether it is of a log source
 * that the rule speaks of, and of those of a ratio the share; by any thread. */
bool gather_routes(const struct gather *g, size_t i, const struct event *e);
bool gather_share(const struct gather *g, size_t i, struct view *v);

/* One that is.  origin outlives g.  Whether a day has records by it that had
 * none. */
bool gather_feed(struct gather *g, size_t i, const struct event *e,
    const char *origin, struct facts *fs, bool share);

/* Records were lost. */
void gather_gap(struct gather *g, int64_t from, int64_t until);

/* The days with the records that a rule rests on. */
const struct coverage *gather_coverage(const struct gather *g,
    const struct rule *r);

/*
 * Whether the days that the rule looks back from day on are complete enough
 * for it; true of a rule without coverage.
 */
bool gather_covers(const struct gather *g, const struct rule *r, int64_t day,
    struct coverage_share *share);

/* Whether the site keeps the ledgers that the rule needs. */
bool gather_has_ledgers(const struct rule *r, const struct ledgers *l);

/*
 * Judge rows of ledgers and months, as of the last day with records.  finish:
 * also what cannot be said, and the month that still runs.
 */
void gather_judge(struct gather *g, bool finish, struct outbox *out,
    struct arena *arena);

/* What found no room. */
uint64_t gather_dropped(const struct gather *g);

#endif
