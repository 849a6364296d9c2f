/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_SHED_H
#define COLLECTOR_SHED_H

#include <stdint.h>

#include "collector/frame.h"
#include "collector/intake.h"
#include "collector/loss.h"
#include "common/span.h"
#include "evidence/gap.h"

/*
 * Records of one stream that a g1 must speak of: added up, so that many make
 * one g1.
 */
struct shed {
	uint64_t count, bytes;
	uint64_t from, until; /* usec; the first and last of them */
	uint64_t offset, end; /* in the stream: of the first; behind the last */
};

/* pos: where in the stream its len bytes begin. */
void shed_add(struct shed *s, size_t len, uint64_t rx, uint64_t pos);

/* Add the whole frames of *p, which begins at *pos; take them off both. */
void shed_frames(struct shed *s, struct framer *fr, struct span *p, uint64_t rx,
    uint64_t *pos);

/*
 * Put the g1, of that listener's stream (or RINGMSG_NO_STREAM) and peer, if
 * there is something to say, and count it in the listener's totals.
 */
void shed_tell(struct shed *s, enum gap_kind kind, struct loss *loss,
    struct intake *in, uint32_t stream, const char *peer);

#endif
