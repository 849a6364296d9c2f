/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_SENDERS_H
#define RULE_SENDERS_H

#include "analyzer/rule/fact.h"
#include "analyzer/rule/limits.h"
#include "analyzer/rule/outbox.h"
#include "analyzer/rule/ruleset.h"

/*
 * Who sends records, how many and when, and how his clock stands: what tells
 * that one fell silent (detector: silence), several servers at once (outage),
 * that far fewer or more records came than at that hour before (rate), and
 * that a clock is off or was set (clock).  A sender is a device as its lines
 * name it, of the ledger or not.  Its records are counted in bins of five
 * minutes of the day at the site, in whatever order they come; what a day
 * comes to is judged from its own bins and those of the weeks before it, so
 * live and replay agree.  Of an imported file nothing is said of what follows
 * its last record.
 */
#define SENDERS_MAX 4096  /* devices; names are whatever comes */
#define SENDERS_DAYS 20000 /* devices times days; 2.4 kB each */

struct senders;

/* NULL if no rule of the set asks for it. */
struct senders *senders_new(const struct ruleset *rules,
    const struct fact_site *site, struct limits *limits);
void senders_free(struct senders *s);

/* An event, judged at fs->time; origin outlives s. */
void senders_feed(struct senders *s, const struct event *e, const char *origin,
    struct facts *fs);

/* The collector recorded nothing, or not all, between two instants. */
void senders_gap(struct senders *s, int64_t from, int64_t until);

/* Up to when records are complete: live, and of replays. */
struct senders_clock {
	int64_t live, replay;
	bool finish;
};

void senders_judge(struct senders *s, const struct senders_clock *clock,
    struct outbox *out, struct arena *arena);

#endif
