/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_BEACON_H
#define RULE_BEACON_H

#include "analyzer/rule/fact.h"
#include "analyzer/rule/outbox.h"
#include "analyzer/rule/ruleset.h"

/*
 * Sessions from one machine to one destination at even intervals, small ones,
 * while the destination is new to the site and few machines of the site know
 * it (RULE_BEACON).  A destination is a name, else an address.  What begins
 * within two seconds is one beat; of each pair the first BEACON_BEATS by time
 * are looked at, so that the same records give the same findings, whenever
 * they are judged.  Who was there while the site was learning is not new.
 *
 * Bounded: when there is no room, pairs without a session for two days and
 * destinations without one for network.new_days are forgotten; what finds no
 * room then is counted.
 */
#define BEACON_DESTINATIONS 1000000
#define BEACON_PAIRS 200000
#define BEACON_BEATS 512
#define BEACON_BEATS_ALL 1000000

struct beacon;

/* NULL: no rule asks for it. */
struct beacon *beacon_new(const struct ruleset *rules,
    const struct fact_site *site);
void beacon_free(struct beacon *b);

/* A session that the rule wants.  origin outlives b. */
void beacon_note(struct beacon *b, const struct event *e, const char *origin,
    struct facts *fs);

/* Judge what changed since the last time. */
void beacon_judge(struct beacon *b, struct outbox *out, struct arena *arena);

/* Sessions that found no room. */
uint64_t beacon_dropped(const struct beacon *b);

#endif
