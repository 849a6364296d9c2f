/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_WINDOW_H
#define SIGMA_WINDOW_H

#include "analyzer/sigma/correlation.h"

/*
 * The events of one group of a correlation within its timespan, and what its
 * condition is asked of, kept up as they come and go.  Events come in order of
 * time.  Sums are of millionths and exact: what went out leaves nothing.
 */
#define WINDOW_MARK 16
#define WINDOW_NUMBER 1e24 /* the most that a number may be, either way */

__extension__ typedef __int128 window_sum;

union window_value {
	double number; /* value_sum, _avg, _percentile, _median */
	uint8_t
	    mark[WINDOW_MARK]; /* value_count: the same for the same value */
};

struct window_event {
	int64_t time;
	uint64_t event;
	union window_value value;
	uint32_t source; /* which of the correlation's rules */
	bool told;	 /* window_fresh() gave it out */
};

struct window_mark {
	uint8_t mark[WINDOW_MARK];
	uint32_t n;
};

/* All zero: empty. */
struct window {
	struct window_event *v; /* a ring */
	uint32_t first, n, cap;
	uint32_t untold; /* of n: not given out by window_fresh() yet */
	uint32_t nmarks;
	window_sum sum;		   /* value_sum, value_avg */
	double *numbers;	   /* value_percentile, _median: sorted */
	struct window_mark *marks; /* value_count: sorted */
	uint32_t *seen;		   /* temporal: events by source */
	/* temporal_ordered, by source: the latest start of rules in their
	 * order as far as this one, and when this one was last seen. */
	int64_t *since, *last;
};

void window_fini(struct window *w);

/* Forget all; a little memory is kept for the next, of the same correlation. */
void window_clear(struct window *w, const struct correlation *c);

/* Add one, forget what is out of the window then, and the oldest beyond max.
 * How many were forgotten for max. */
uint32_t window_push(struct window *w, const struct correlation *c,
    const struct window_event *e, uint32_t max);

/*
 * Put one in its place that came late, if the window still holds its time: what
 * is out of the window then is the same as if it had come in order.  false: it
 * does not, or there is no room.
 */
bool window_insert(struct window *w, const struct correlation *c,
    const struct window_event *e, uint32_t max);

/* The time of the newest; INT64_MIN: it is empty. */
int64_t window_newest(const struct window *w);

/* What the condition is asked of, and whether it holds at the time of the
 * newest event. */
double window_value(const struct window *w, const struct correlation *c);
bool window_holds(const struct window *w, const struct correlation *c);

/*
 * The newest max of its events, in order; of a temporal one the newest of each
 * rule is among them.  How many: max, or fewer if there are fewer.
 */
size_t window_list(const struct window *w, const struct correlation *c,
    uint64_t *events, size_t max);

/* Those that were not given out before, in order: of *of the first max. */
size_t window_fresh(struct window *w, uint64_t *events, size_t max,
    uint64_t *of);

/* What it takes, itself left out. */
size_t window_bytes(const struct window *w, const struct correlation *c);

#endif
