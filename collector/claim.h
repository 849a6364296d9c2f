/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_CLAIM_H
#define COLLECTOR_CLAIM_H

#include <stdint.h>

/*
 * How many bytes somebody in the receiver has and the ring has not, added up
 * for all of a log where it outlives the receiver (ringmsg_will): should it
 * end, that many are lost at most.  So the claim is raised before bytes are
 * read, and lowered when they are published.
 */
struct claim {
	uint64_t *all; /* intake_unput() */
	uint64_t mine; /* of which */
};

static inline void
claim_set(struct claim *c, uint64_t n)
{
	*c->all += n - c->mine;
	c->mine = n;
}

#endif
