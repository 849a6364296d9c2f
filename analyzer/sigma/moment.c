/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/moment.h"

#include "common/num.h"
#include "common/utc.h"

/* Seconds since 1970, or ms, usec, nsec: what lies near our time. */
static int
read_epoch(struct span s, int64_t *usec)
{
	uint64_t whole, micros = 0, unit;
	struct span fraction;
	size_t i, dot = 0;

	while (dot < s.len && s.p[dot] != '.')
		dot++;
	fraction = span_sub(s, dot + 1, 6);
	if (num_parse(span_sub(s, 0, dot), INT64_MAX, &whole) == -1 ||
	    (fraction.len > 0 &&
		num_parse(fraction, 999999, &micros) == -1))
		return -1;
	for (i = fraction.len; i < 6; i++)
		micros *= 10;
	if (whole >= UINT64_C(100000000000000000)) {
		*usec = (int64_t)(whole / 1000);
		return 0;
	}
	unit = whole < UINT64_C(100000000000) ? 1000000
	    : whole < UINT64_C(100000000000000) ? 1000
						 : 1;
	*usec = (int64_t)(whole * unit + micros * unit / 1000000);
	return 0;
}

int
moment_parse(struct span s, int64_t *usec, int *zone)
{
	char text[64];

	if (utc_parse(s, usec, zone) == 0)
		return 0;
	if (s.len > 0 && s.len < sizeof(text) - 1) {
		memcpy(text, s.p, s.len);
		text[s.len] = 'Z';
		if (utc_parse(span_make(text, s.len + 1), usec, zone) == 0)
			return 0;
	}
	*zone = 0;
	return read_epoch(s, usec);
}
