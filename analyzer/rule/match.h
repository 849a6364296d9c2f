/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_MATCH_H
#define RULE_MATCH_H

#include "analyzer/rule/coverage.h"
#include "analyzer/rule/fact.h"
#include "analyzer/rule/gather.h"
#include "analyzer/rule/limits.h"
#include "analyzer/rule/normal.h"
#include "analyzer/rule/outbox.h"
#include "analyzer/rule/ruleset.h"
#include "analyzer/rule/usage.h"

/*
 * Rules that look at single events (detector: events).  What fits is kept by
 * rule, key and window; a window is judged, and judged again, when it or what
 * bears on it has changed.  Windows are laid on the site's clock, so the same
 * events fall into the same windows in whatever order they come.
 */
#define MATCH_WINDOWS 200000
#define MATCH_FOLLOWERS 200000

struct match;

struct match_history { /* what came before and after; all known by now */
	const struct usage *usage;
	const struct coverage *coverage;
	const struct presence *presence;
};

/*
 * limits, which is told what found no room, outlives it, and so does gather:
 * what that looks for is looked for here, for it too.  usage, too, which knows
 * of each event before it is fed.
 */
struct match *match_new(const struct ruleset *rules,
    const struct fact_site *site, struct limits *limits,
    struct gather *gather, const struct usage *usage);
void match_free(struct match *m);

/* How far the records before the next event have come (count_come()). */
void match_come(struct match *m, int64_t live, int64_t replay);

/* Try every rule on an event.  origin outlives m; fs is of this event. */
void match_feed(struct match *m, const struct event *e, const char *origin,
    struct facts *fs);

/*
 * The same in two steps.  Which rules may fit an event depends on nothing but
 * the event, rules and ledgers, so threads beside the one that feeds may find
 * that out, each with a look of its own: numbers, which live until its next
 * call.  fs is of this event and of that thread.
 */
struct match_look;
struct match_look *match_look_new(const struct match *m);
void match_look_free(struct match_look *l);
size_t match_look_at(struct match_look *l, const struct event *e,
    struct facts *fs, const uint32_t **seen);
void match_feed_seen(struct match *m, const struct event *e,
    const char *origin, struct facts *fs, const uint32_t *seen, size_t n);

/* All that is judged normal, of every rule; it takes the place of what was. */
void match_accept(struct match *m, const struct normal *v, size_t n);

/* Something that history tells of happened at this time. */
void match_touch(struct match *m, int64_t time);

/*
 * Live records have come up to live, others up to replay (usec): what is
 * counted in windows of time may be judged.  finish: no more come.
 */
void match_advance(struct match *m, int64_t live, int64_t replay, bool finish);

/* Replayed records begin anew, at an earlier time. */
void match_restart(struct match *m);

/* Judge what changed since the last time. */
void match_judge(struct match *m, const struct match_history *h,
    struct outbox *out, struct arena *arena);

/* Windows and following events that found no room. */
uint64_t match_dropped(const struct match *m);

/* Of what is usual. */
uint64_t match_past_dropped(const struct match *m);

#endif
