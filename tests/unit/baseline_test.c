/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/baseline.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/tap.h"

#define MB UINT64_C(1000000)

static const struct baseline_limits limits = { 12, 6, 0.15, 100 * MB, 5 };

/* n references of the same size, but for the first odd ones. */
static struct baseline
of(uint64_t bytes, uint64_t ref, size_t n, uint64_t odd, size_t n_odd)
{
	uint64_t refs[64];
	size_t i;

	for (i = 0; i < n; i++)
		refs[i] = i < n_odd ? odd : ref;
	return baseline_of(bytes, refs, n, 0.15);
}

static bool
near(double a, double b)
{
	return fabs(a - b) < 0.0005;
}

int
main(void)
{
	uint64_t four[] = { 9 * MB, 1 * MB, 4 * MB, 2 * MB };
	struct baseline b;

	b = baseline_of(8 * MB, four, 4, 0.15);
	ok(b.n == 4 && b.median == 3e6, "the median of four is between two");
	ok(near(b.x, log10(8001)) &&
		near(b.x_median, (log10(2001) + log10(4001)) / 2),
	    "on a scale of powers of ten");
	/* Distances .4513 .1505 .1505 .5026: their median is .30087. */
	ok(near(b.mad, 1.4826 * 0.30087), "MAD %.5f", b.mad);
	ok(near(b.z, (b.x - b.x_median) / b.mad), "z %.3f", b.z);
	b = of(200 * MB, 1 * MB, 24, 0, 0);
	ok(b.mad == 0 && near(b.z, (log10(200001) - log10(1001)) / 0.15),
	    "a spread of zero is floored");
	ok(baseline_exceeds(&b, 200 * MB, &limits), "200 MB after 1 MB");
	b = of(200 * MB, 1 * MB, 24, 900 * MB, 11);
	ok(b.median == 1e6, "eleven odd hours of 24 do not move the median");
	b = of(200 * MB, 1 * MB, 11, 0, 0);
	ok(!baseline_exceeds(&b, 200 * MB, &limits), "11 references are few");
	b = of(99 * MB, 1 * MB, 24, 0, 0);
	ok(!baseline_exceeds(&b, 99 * MB, &limits), "99 MB is below the floor");
	b = of(200 * MB, 41 * MB, 24, 0, 0);
	ok(!baseline_exceeds(&b, 200 * MB, &limits), "not five times as much");
	b = of(210 * MB, 41 * MB, 24, 0, 0);
	ok(b.z < 6 && !baseline_exceeds(&b, 210 * MB, &limits),
	    "five times is %.1f only", b.z);
	b = of(400 * MB, 41 * MB, 24, 0, 0);
	ok(baseline_exceeds(&b, 400 * MB, &limits), "z is %.1f", b.z);
	b = of(200 * MB, 0, 24, 0, 0);
	ok(baseline_exceeds(&b, 200 * MB, &limits), "after silence");
	b = baseline_of(200 * MB, NULL, 0, 0.15);
	ok(b.n == 0 && b.z == 0, "no references, no z");
	return done();
}
