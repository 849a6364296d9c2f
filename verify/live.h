/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef VERIFY_LIVE_H
#define VERIFY_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The live streams of a segment or log by number; so many at most that a
 * hostile log cannot fill the memory.
 */
#define LIVE_MAX 65536u
#define LIVE_BUCKETS 4096u /* chains of 16 when full */

struct live_stream {
	uint32_t number;
	uint16_t port; /* of the sender of its previous record, UDP */
	bool udp;
	uint64_t next; /* sequence number of its next record */
	struct live_stream *chain;
};

struct live {
	size_t n;
	struct live_stream *bucket[LIVE_BUCKETS];
};

/* The stream of that number, or NULL. */
struct live_stream *live_get(struct live *t, uint32_t number);

/* The same; made, zeroed, if there is none.  NULL if the table is full. */
struct live_stream *live_put(struct live *t, uint32_t number);

void live_remove(struct live *t, uint32_t number);
void live_clear(struct live *t);

#endif
