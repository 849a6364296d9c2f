/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_PACE_H
#define COLLECTOR_PACE_H

#include <stdint.h>

/*
 * The pace of a sender who may send so many records a second: each moves the
 * time at which he is read again, a second's worth may come at once.
 */
struct pace {
	uint64_t due; /* usec: when what he sent would have been in time */
};

/* n records came: how long not to read, usec; 0: go on. */
uint64_t pace_add(struct pace *p, unsigned limit, uint64_t n, uint64_t now);

#endif
