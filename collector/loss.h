/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_LOSS_H
#define COLLECTOR_LOSS_H

#include <stdint.h>

#include "collector/intake.h"
#include "common/buf.h"
#include "evidence/gap.h"

/*
 * What a listener lost or refused, added up, so that a flood of losses makes
 * one g1 record of each kind a second and not a flood of records.
 */
struct loss_sum {
	uint64_t count, bytes; /* bytes may be GAP_UNKNOWN */
	uint64_t from, until; /* usec; the first and last of them */
	struct buf extra;     /* words about the last: "peer=192.0.2.1" */
	uint64_t senders;     /* that share it; 0: not said */
};

/*
 * What came of one sender for one reason: a sum of its own, and so a g1 of its
 * own, for up to LOSS_APART of them a second.  What more come share the sum of
 * their kind, whose g1 says senders=: of how many addresses, at least.
 */
#define LOSS_APART 64u
#define LOSS_SENDERS 65536u /* addresses that are told apart by a bit */

struct loss_who {
	const char *address;
	unsigned port;	   /* 0: not said */
	struct span words; /* what was wrong; without what differs each time */
};

struct loss_apart {
	size_t n;
	struct loss_one {
		enum gap_kind kind;
		struct buf key; /* address, NUL, words */
		struct loss_sum sum;
	} one[LOSS_APART];
	uint8_t others[LOSS_SENDERS / 8]; /* who has no sum of his own */
};

struct loss {
	const char *listener;
	size_t log;
	struct loss_sum sums[GAP_COUNT];
	struct loss_apart *apart;  /* or NULL: none yet */
	uint64_t total[GAP_COUNT]; /* counts, told or not: for gauges.h */
};

void loss_init(struct loss *l, const char *listener, size_t log);
void loss_fini(struct loss *l);

/* Add to a kind; bytes may be GAP_UNKNOWN; extra: words about it (may be
 * empty). */
void loss_add(struct loss *l, enum gap_kind kind, uint64_t count,
    uint64_t bytes, uint64_t from, uint64_t until, struct span extra);

/* Add one of a sender: apart from those of others and for other reasons. */
void loss_add_one(struct loss *l, enum gap_kind kind,
    const struct loss_who *who, uint64_t bytes, uint64_t from, uint64_t until);

/* Whether nothing is still to be put. */
bool loss_told(const struct loss *l);

/* Put a g1 for each kind with something in it, once nothing else waits. */
void loss_tell(struct loss *l, struct intake *in, uint64_t now);

/* Likewise, whatever waits: at the end. */
void loss_finish(struct loss *l, struct intake *in, uint64_t now);

#endif
