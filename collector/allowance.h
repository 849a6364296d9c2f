/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_ALLOWANCE_H
#define COLLECTOR_ALLOWANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/listen.h"
#include "collector/pace.h"

/*
 * What a connection may still send of its address's rate_limit: on a listener
 * that stalls it is read more slowly, on one that never does what is beyond is
 * dropped, and counted as a datagram is (tally.h).
 */
struct allowance {
	struct pace *pace; /* of its address; NULL: there was no memory */
	uint64_t n;	   /* records since it was looked at */
};

/* Whether who sends more must wait. */
bool allowance_waits(const struct listener *l);

/* Whether a record of that many bytes is beyond it; then it was counted. */
bool allowance_beyond(const struct allowance *a, struct listener *l,
    const char *peer, size_t len, uint64_t rx);

/* A record was taken. */
void allowance_count(struct allowance *a, const struct listener *l,
    uint64_t rx);

/* How long who must wait is not to be read, usec; 0: go on. */
uint64_t allowance_wait(struct allowance *a, const struct listener *l,
    uint64_t now);

#endif
