/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_CROWD_H
#define COLLECTOR_CROWD_H

#include <stddef.h>
#include <stdint.h>

#include "collector/endpoint.h"

/*
 * How many connections each address has with a listener.  It holds as many
 * addresses as there are connections, so their limit is its limit.  Without
 * memory an address is counted too low, never too high.
 */
struct crowd_one;

struct crowd {
	struct crowd_one **buckets; /* NULL: nobody came yet */
	uint64_t seed;
};

void crowd_init(struct crowd *c);
void crowd_fini(struct crowd *c);

/* One of that address came, or left. */
void crowd_add(struct crowd *c, const char *address);
void crowd_remove(struct crowd *c, const char *address);

/* How many of it are there. */
unsigned crowd_count(const struct crowd *c, const char *address);

/* The address that has most, "" if there is none, and how many; looks at all.
 */
unsigned crowd_most(const struct crowd *c, char address[ENDPOINT_TEXT]);

#endif
