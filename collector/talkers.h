/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_TALKERS_H
#define COLLECTOR_TALKERS_H

#include <stdint.h>

#include "collector/gauges.h"
#include "collector/ringmsg.h"
#include "common/span.h"
#include "evidence/gap.h"
#include "site/site.h"
#include "site/talker.h"

/*
 * The writer's table of who sends (talker.h).  It has TALKER_MAX rows; anybody
 * can forge addresses, so when it is full a newcomer gets the row of whoever
 * sent least and not for TALKERS_SPARE seconds, and is else counted with the
 * others.  It is written to the cache by a thread of its own: whoever counts
 * never waits for a disk.
 */
#define TALKERS_SPARE 600u
#define TALKERS_SAVE 10u /* seconds from one writing to the next */
#define TALKERS_NEW 1u	 /* likewise if somebody new came */
#define TALKERS_IDLE 60u /* likewise if nothing came: that we are there */
#define TALKERS_LOOK 10u /* seconds from one look for silence to the next */

struct talkers;

/* What a stream remembers of its sender; zeros: not asked for yet. */
struct talkers_ref {
	struct talker *row;
	uint32_t serial;
};

/* Whether the row is still that sender's. */
static inline bool
talkers_know(const struct talkers_ref *ref)
{
	return ref->row != NULL && ref->serial == ref->row->serial;
}

/* With what the cache still has.  NULL: there is no memory. */
struct talkers *talkers_new(const struct site *site);

/* Write for the last time, and free.  NULL is fine. */
void talkers_free(struct talkers *t);

/*
 * Count record m of a stream of that log (its label) whose d1 words are these;
 * they are looked at only if *ref knows no row.
 */
void talkers_count(struct talkers *t, struct talkers_ref *ref, const char *log,
    struct span words, const struct ringmsg *m);

/*
 * Take what a g1, whose words are these, says of a sender: that he was refused,
 * or lost something.  ref: of the stream that it speaks of, or NULL.
 */
void talkers_lost(struct talkers *t, const struct talkers_ref *ref,
    const char *log, enum gap_kind kind, struct span words);

/*
 * Write it, say who fell silent by that site's limits, and show it in gauges
 * (or NULL), each if it is time to; often, it is cheap.  Return after how many
 * microseconds it wants to be called again.
 */
uint64_t talkers_tick(struct talkers *t, const struct site *site,
    struct gauges *gauges);

#endif
