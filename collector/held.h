/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_HELD_H
#define COLLECTOR_HELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/claim.h"
#include "common/span.h"

/*
 * The half message that a connection holds, in memory of its own that is there
 * only as long as there is one.
 */
#define HELD_SMALL 4096u /* up to that it is copied and not counted */
#define HELD_GROW 65536u /* bytes to read at a time into a larger one */

struct held {
	uint8_t *p;
	size_t len, cap;
	size_t *total; /* cap of all connections, together */
	struct claim claim;
	uint64_t since, pos; /* held_waits() */
};

void held_forget(struct held *h);

/* Keep p, which may lie in what is held already.  false: there is no memory. */
bool held_keep(struct held *h, struct span p);

/*
 * Where to read on: what is held stands there, in scratch of *room bytes if it
 * is small, else in memory of its own; *room is how many bytes may follow it,
 * at least HELD_GROW.  NULL: there is no memory.  So many are claimed, until
 * what is there was published and the rest kept.
 */
uint8_t *held_room(struct held *h, uint8_t *scratch, size_t *room);

/*
 * How long what is held, which begins at pos, has waited, usec, as far as was
 * seen: this looks.
 */
uint64_t held_waits(struct held *h, uint64_t pos, uint64_t now);

/* Nothing was read. */
void held_unread(struct held *h);

#endif
