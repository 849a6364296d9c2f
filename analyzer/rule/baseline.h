/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_BASELINE_H
#define RULE_BASELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * How far an amount lies from its own past: median and MAD of log10(1 +
 * bytes/1 kB), robust against the few hours that were odd.  Pure.
 */
struct baseline {
	size_t n;      /* references */
	double median; /* of the bytes */
	double x;      /* of the amount: log10(1 + bytes/1 kB) */
	double x_median;
	double mad; /* of x, times 1.4826; not floored */
	double z;   /* (x - x_median) / max(mad, floor) */
};

/*
 * So often is a habit: what a weekly job did on its days.  Once: it would else
 * be told of in its first weeks, and what is told is no reference later.
 */
#define BASELINE_HABIT 1

/* What an amount must exceed to be a finding. */
struct baseline_limits {
	size_t n; /* references needed */
	double z, mad_floor;
	uint64_t bytes; /* floor */
	double ratio;	/* times the median */
};

/* Sorts refs.  n may be 0. */
struct baseline baseline_of(uint64_t bytes, uint64_t *refs, size_t n,
    double mad_floor);

/* Whether it is unusual by all limits. */
bool baseline_exceeds(const struct baseline *b, uint64_t bytes,
    const struct baseline_limits *limits);

#endif
