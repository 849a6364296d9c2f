/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/moment.h"

#include "tests/tap.h"

static const struct {
	const char *text;
	int64_t want; /* msec; -1: it is none */
	int zone;
} times[] = {
	{ "2026-11-27T09:00:00Z", 1795770000000, 0 },
	{ "2026-11-27T18:00:00.5+09:00", 1795770000500, 32400 },
	{ "2026-11-27 09:00:00", 1795770000000, 0 },
	{ "2026-11-27 09:00:00.123", 1795770000123, 0 },
	{ "2026-11-27T09:00:00.25", 1795770000250, 0 },
	{ "1795770000", 1795770000000, 0 },
	{ "1795770000.5", 1795770000500, 0 },
	{ "1795770000123", 1795770000123, 0 },
	{ "1795770000123000", 1795770000123, 0 },
	{ "1795770000123000000", 1795770000123, 0 },
	{ "0", 0, 0 },
	{ "", -1, 0 },
	{ "yesterday", -1, 0 },
	{ "1795770000x", -1, 0 },
	{ "99999999999999999999", -1, 0 },
	{ "2026-13-27 09:00:00", -1, 0 },
};

int
main(void)
{
	int64_t usec;
	int zone, rc;
	size_t i;

	for (i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		usec = -1;
		rc = moment_parse(span_str(times[i].text), &usec, &zone);
		ok(times[i].want == -1 ? rc == -1
				       : rc == 0 &&
			    usec == times[i].want * 1000 &&
			    zone == times[i].zone,
		    "the time '%s'", times[i].text);
	}
	return done();
}
