/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_CROWD_H
#define COLLECTOR_CROWD_H

#include <stddef.h>
#include <stdint.h>

#include "collector/endpoint.h"
#include "collector/pace.h"

/*
 * How many connections each address has with a listener, and the pace that they
 * share.  It holds as many addresses as there are connections, so their limit
 * is its limit, and up to CROWD_LEFT who left with their pace ahead of time:
 * else a new connection would be a new second.  Without memory an address is
 * counted too low, never too high.
 */
#define CROWD_LEFT 4096u

struct crowd_one;

struct crowd {
	struct crowd_one **buckets; /* NULL: nobody came yet */
	uint64_t seed;
	unsigned n_left; /* addresses that are there for their pace alone */
};

void crowd_init(struct crowd *c);
void crowd_fini(struct crowd *c);

/*
 * One of that address came: the pace of all of them, which stays as long as it
 * does, or NULL without memory.  One left.
 */
struct pace *crowd_add(struct crowd *c, const char *address);
void crowd_remove(struct crowd *c, const char *address, uint64_t now);

/* Forget those who left and are in time; once a second. */
void crowd_sweep(struct crowd *c, uint64_t now);

/* How many of it are there. */
unsigned crowd_count(const struct crowd *c, const char *address);

/* The address that has most, "" if there is none, and how many; looks at all.
 */
unsigned crowd_most(const struct crowd *c, char address[ENDPOINT_TEXT]);

#endif
