/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_FORWARD_WINDOW_H
#define COLLECTOR_FORWARD_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Records that were sent in RELP frames and are not yet acknowledged, in the
 * order in which they were sent.  A target that answers when a record is
 * durable answers in bursts: so many may be under way.  Pure.
 */
#define FORWARD_WINDOW 16384u

struct forward_sent {
	uint64_t index, rx; /* of the record */
	bool acked;
};

struct forward_window {
	struct forward_sent v[FORWARD_WINDOW];
	size_t head, n;
	uint32_t txnr; /* of the frame at the head */
};

/* Empty; the next frame has that number. */
void forward_window_init(struct forward_window *w, uint32_t txnr);

/* The number of the next frame. */
uint32_t forward_window_next(const struct forward_window *w);

/* That record is under way in the next frame; there must be room. */
void forward_window_push(struct forward_window *w, uint64_t index, uint64_t rx);

/* The record of a frame under way, or NULL: the number is no such frame's. */
struct forward_sent *forward_window_find(struct forward_window *w,
    uint32_t txnr);

/* Take off the first record if it is acknowledged: 1 and *s, or 0. */
int forward_window_pop(struct forward_window *w, struct forward_sent *s);

#endif
