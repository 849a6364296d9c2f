/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_OUTBOUND_H
#define RULE_OUTBOUND_H

#include "analyzer/rule/fact.h"
#include "analyzer/rule/normal.h"
#include "analyzer/rule/outbox.h"
#include "analyzer/rule/ruleset.h"

/*
 * Unusual outbound volume (外部への通信量の増加): layers over the bytes that
 * each host, and each interface in all, sent outside, hour by hour, day by day
 * and over weeks.  Filled in any order; judged for hours that have passed the
 * watermark; one finding per rule, host and incident.
 */
struct outbound;

/* NULL if no rule of the set asks for it. */
struct outbound *outbound_new(const struct ruleset *rules,
    const struct fact_site *site);
void outbound_free(struct outbound *o);

/* A traffic event; fs is of it, origin outlives o.  Others are ignored. */
void outbound_feed(struct outbound *o, const struct event *e,
    const char *origin, const struct facts *fs);

/* Up to when hours are complete. */
struct outbound_clock {
	int64_t watermark; /* for what comes live, utc usec */
	int64_t replay;	   /* for imports and replays, by their own clock */
	bool finish;	   /* everything is complete */
};

void outbound_judge(struct outbound *o, const struct outbound_clock *clock,
    struct outbox *out, struct arena *arena);

/* All that is judged normal, of every rule; it takes the place of what was. */
void outbound_accept(struct outbound *o, const struct normal *v, size_t n);

/* Whether the rule of that code is one whose hours can be judged normal. */
bool outbound_is_rule(const struct outbound *o, const char *code);

struct outbound_stats {
	uint64_t records;    /* that were counted */
	uint64_t duplicates; /* that were not */
	uint64_t dropped;    /* for want of room */
	size_t hosts;
	size_t learning; /* hosts too new for the baselines */
};

/* What found no room, as in the statistics. */
uint64_t outbound_dropped(const struct outbound *o);

void outbound_stats(const struct outbound *o, struct outbound_stats *s);

#endif
