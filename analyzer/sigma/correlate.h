/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_CORRELATE_H
#define SIGMA_CORRELATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/sigma/correlation_link.h"
#include "analyzer/sigma/groups.h"
#include "analyzer/sigma/view.h"
#include "common/span.h"

/*
 * Correlations at work, by the time of the events and nothing else: pushed in
 * any order, they are judged in order of (time, event number), so that the
 * same events give the same results, live or again.  Pure but for memory.
 *
 * A window slides: [t - timespan, t].  Each event of a rule that is referred
 * to is judged; while the condition holds, each gives a result.  Values are
 * compared to the byte; of several, the first counts; null is missing.  A
 * group-by value that is missing is a value of its own: those without it are
 * one group.  An event whose value_* field is missing (of a list: any of them)
 * or is not a number takes no part, and is counted.  A group-by value longer
 * than GROUPKEY_VALUE is shortened (groupkey.h).  temporal_ordered: equal
 * times are in order.  A result is an event of its correlation, with its
 * group's values as fields, for those that refer to it, at once.
 *
 * An event that comes later than allowed is put in its place, if a window that
 * holds its time may still be open: what then fits gives a result at its time.
 * Of what was told before nothing is taken back.
 *
 * Absence: each event of "after" waits for another one, of "expect", of its
 * group at its time or later, but before time + within.  Without any it gives
 * a result at that time, once what came before is judged.
 */
#define CORRELATE_EVENTS 64   /* that a result names */
#define CORRELATE_RESULTS 256 /* of one event and correlation, with chains */

struct correlate_result {
	uint32_t correlation;
	int64_t time;	/* usec */
	uint64_t event; /* the number of the one that completed it */
	double value;	/* what the condition was asked of; temporal: of how
			 * many rules there are events; absence: 0 */
	const struct span *group; /* by c->group; p NULL: missing */
	/* What it rests on, in order: the newest; temporal: and of each
	 * rule one. */
	const uint64_t *events;
	size_t nevents;
	uint64_t of; /* how many there are */
	/* Those of them that no result of the group rested on before, in
	 * order: of nfresh the first. */
	const uint64_t *fresh;
	size_t nfreshed;
	uint64_t nfresh;
};

enum correlate_loss {
#define LOSS(id, en, ja) CORRELATE_LOST_##id,
#include "analyzer/sigma/correlate_loss_tbl.h"
#undef LOSS
	CORRELATE_LOSSES
};

/* A sentence in the user's language. */
const char *correlate_loss_text(enum correlate_loss why);

struct correlate_limits {
	int64_t lateness; /* usec that an event may be behind, >= 0 */
	size_t events;	  /* of one group, >= 1 */
	size_t groups;	  /* of all correlations, >= 1 */
	size_t bytes;	  /* of all groups */
	size_t held;	  /* bytes of events that wait, and of their groups */
	/* What parts are hashed by; NULL: a seed of its own.  Copied. */
	const struct groups_seed *seed;
};

#define CORRELATE_LIMITS                                                       \
	((struct correlate_limits){ INT64_C(300000000), CORRELATION_COUNT,     \
	    200000, 64u << 20, 32u << 20, NULL })

/* What is told, each at once; all is borrowed for the call. */
struct correlate_told {
	void (*result)(void *arg, const struct correlate_result *r);
	/* correlation CORRELATION_NONE: of none in particular.  May be NULL. */
	void (*lost)(void *arg, enum correlate_loss why, uint32_t correlation);
	/* Each window that was judged, its condition may hold or not; without
	 * the events it rests on.  May be NULL. */
	void (*judged)(void *arg, const struct correlate_result *r);
	void *arg;
};

struct correlate;

/* Of what correlation_link() gave, which is borrowed, as what it is made of. */
struct correlate *correlate_new(const struct correlation_linked *rules,
    size_t n, const struct correlate_limits *limits,
    const struct correlate_told *told);
void correlate_free(struct correlate *c);

/* Whether any correlation refers to a detection rule. */
bool correlate_wants(const struct correlate *c, uint32_t rule);

/*
 * A detection rule fitted an event.  Judged when the watermark has passed;
 * what is needed of the view is copied.  Numbers of events are the caller's:
 * each has its own, and gets it again when it is read again.
 */
void correlate_push(struct correlate *c, uint32_t rule, int64_t time,
    uint64_t event, const struct view *v);

/* The same of what was made of the view (part_make()), by the same seed. */
void correlate_push_parts(struct correlate *c, uint32_t rule, int64_t time,
    uint64_t event, struct span parts);

/*
 * Events up to this time have come, lateness excepted: those before
 * watermark - lateness are judged, and whatever comes before that from now on
 * is late.  Never goes back.
 */
void correlate_advance(struct correlate *c, int64_t watermark);

/* No more events come: judge all.  What is expected is waited for up to the
 * time of the last event that was judged; advance before says more. */
void correlate_finish(struct correlate *c);

/*
 * How many came too late, how many late and were put in their place, and how
 * much was lost for whatever reason.
 */
uint64_t correlate_late(const struct correlate *c);
uint64_t correlate_placed(const struct correlate *c);
uint64_t correlate_lost(const struct correlate *c, enum correlate_loss why);

/* What it holds now: groups, and bytes of groups. */
size_t correlate_groups(const struct correlate *c);
size_t correlate_bytes(const struct correlate *c);

#endif
