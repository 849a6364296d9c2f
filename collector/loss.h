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
	uint64_t count, bytes;
	uint64_t from, until; /* usec; the first and last of them */
	struct buf extra;     /* words about the last: "peer=192.0.2.1" */
};

struct loss {
	const char *listener;
	size_t log;
	struct loss_sum sums[GAP_COUNT];
	uint64_t total[GAP_COUNT]; /* counts, told or not: for gauges.h */
};

void loss_init(struct loss *l, const char *listener, size_t log);
void loss_fini(struct loss *l);

/* Add to a kind; extra: words about it (may be empty). */
void loss_add(struct loss *l, enum gap_kind kind, uint64_t count,
    uint64_t bytes, uint64_t from, uint64_t until, struct span extra);

/* Put a g1 for each kind with something in it, once nothing else waits. */
void loss_tell(struct loss *l, struct intake *in, uint64_t now);

/* Likewise, whatever waits: at the end. */
void loss_finish(struct loss *l, struct intake *in, uint64_t now);

#endif
