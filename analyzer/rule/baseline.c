/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/baseline.h"

#include <math.h>
#include <stdlib.h>

#define MAD_TO_SIGMA 1.4826 /* of a normal distribution */
#define REFS_MAX 1024

static int
by_size(const void *a, const void *b)
{
	uint64_t p = *(const uint64_t *)a, q = *(const uint64_t *)b;

	return p < q ? -1 : p > q;
}

static int
by_value(const void *a, const void *b)
{
	double p = *(const double *)a, q = *(const double *)b;

	return p < q ? -1 : p > q;
}

static double
scale(uint64_t bytes)
{
	return log10(1.0 + (double)bytes / 1000.0);
}

struct baseline
baseline_of(uint64_t bytes, uint64_t *refs, size_t n, double mad_floor)
{
	struct baseline b = { .n = n, .x = scale(bytes) };
	double away[REFS_MAX];
	size_t i, lo, hi;

	if (n == 0)
		return b;
	if (n > REFS_MAX)
		b.n = n = REFS_MAX;
	lo = (n - 1) / 2;
	hi = n / 2;
	qsort(refs, n, sizeof(*refs), by_size);
	b.median = ((double)refs[lo] + (double)refs[hi]) / 2;
	b.x_median = (scale(refs[lo]) + scale(refs[hi])) / 2;
	for (i = 0; i < n; i++)
		away[i] = fabs(scale(refs[i]) - b.x_median);
	qsort(away, n, sizeof(*away), by_value);
	b.mad = MAD_TO_SIGMA * (away[lo] + away[hi]) / 2;
	b.z = (b.x - b.x_median) / (b.mad > mad_floor ? b.mad : mad_floor);
	return b;
}

bool
baseline_exceeds(const struct baseline *b, uint64_t bytes,
    const struct baseline_limits *limits)
{
	return b->n >= limits->n && bytes >= limits->bytes &&
	    b->z >= limits->z && (double)bytes >= limits->ratio * b->median;
}
