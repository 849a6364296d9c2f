/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_PACE_H
#define COLLECTOR_PACE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The pace of a sender who may send so many records a second: each moves the
 * time at which he is in time again, a second's worth may come at once.
 */
struct pace {
	uint64_t due; /* nsec: when what he sent would have been in time */
};

/* Whether some of a second's worth is used up. */
bool pace_ahead(const struct pace *p, uint64_t now);

/* How long he is not in time, usec; 0: he is. */
uint64_t pace_wait(const struct pace *p, uint64_t now);

/* n records came: the same afterwards. */
uint64_t pace_add(struct pace *p, unsigned limit, uint64_t n, uint64_t now);

#endif
