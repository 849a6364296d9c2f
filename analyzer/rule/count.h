/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_COUNT_H
#define RULE_COUNT_H

#include "analyzer/rule/cited.h"
#include "analyzer/rule/digest.h"
#include "analyzer/rule/fact.h"
#include "analyzer/rule/limits.h"
#include "analyzer/rule/ruleset.h"
#include "common/buf.h"

/*
 * Rules that correlate (detector: correlation): what fits their bases is
 * counted in sliding windows (analyzer/sigma/correlate.h), and each result is
 * handed on as the event that completed it.  Live records and replayed ones go
 * by clocks of their own, so each has windows of its own.  What comes twice,
 * by a second path (analyzer/rule/repeat.h), counts once.
 */
#define COUNT_KEPT 65536u /* events that may still complete something */
#define COUNT_BYTES (24u << 20) /* of their copies, by one clock */
#define COUNT_WAITING (16u << 20) /* of those that others are to follow */

struct count;

/*
 * What to do with a result; all of it is valid in the call.  rests: the records
 * that were counted for it and for none before.
 */
typedef void count_result(void *arg, const struct rule *r,
    const struct event *e, const char *origin, struct facts *fs,
    const struct cited_list *rests);

/* limits, which is told what was lost, outlives it. */
struct count *count_new(const struct ruleset *rules,
    const struct fact_site *site, struct limits *limits, count_result *result,
    void *arg);
void count_free(struct count *c);

/* How many bases there are, of all rules; and the detection of one. */
size_t count_bases(const struct count *c);
const struct detection *count_detection(const struct count *c, size_t base);

/*
 * How far the records have come that stand before the next event (usec): what
 * is behind that is late, whenever somebody last called count_advance().
 */
void count_come(struct count *c, int64_t live, int64_t replay);

/*
 * An event that fits a base, in two steps, the first of which depends on the
 * event alone and may be done by other threads: what is counted of it, as v
 * shows it, is appended to out.  What its bases have in common is worked out
 * once: look is all zero before the first.
 */
struct count_look {
	bool marked;
	struct digest mark; /* of repetitions */
};

void count_look(const struct count *c, size_t base, const struct event *e,
    const struct view *v, struct count_look *look, struct buf *out);

/* The same bytes again.  origin outlives c. */
void count_push(struct count *c, size_t base, const struct event *e,
    const char *origin, const struct facts *fs, struct span looked);

/* Whether the event is of a log source that the base's rule speaks of. */
bool count_routes(const struct count *c, size_t base, const struct event *e);

/* Live records have come up to live, others up to replay (usec). */
void count_advance(struct count *c, int64_t live, int64_t replay);

/* What is replayed begins anew: another file, of another time. */
void count_restart(struct count *c);

/* No more come. */
void count_finish(struct count *c);

/* Events that came too late, or found no room. */
uint64_t count_dropped(const struct count *c);

#endif
