/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <string.h>

#include "common/num.h"
#include "common/utc.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* A number that is read is printed as it stood, up to leading zeros. */
static void
check_num(struct span s)
{
	uint64_t n = 0, again = 0;
	char out[20];
	size_t len;

	if (num_parse(s, UINT64_MAX, &n) != 0) {
		assert(num_parse_canonical(s, UINT64_MAX, &n) == -1);
		return;
	}
	len = num_print(n, out);
	assert(num_parse_canonical(span_make(out, len), n, &again) == 0);
	assert(again == n && len <= s.len);
	assert(n == 0 || num_parse(s, n - 1, &again) == -1);
	assert((num_parse_canonical(s, n, &again) == 0) ==
	    span_eq(s, span_make(out, len)));
}

/* Any instant is printed as one that reads back. */
static void
check_instant(int64_t usec, int zone)
{
	char out[UTC_TEXT], again[UTC_TEXT];
	int64_t back;
	int z;

	utc_print(usec, zone, out);
	assert(strlen(out) < UTC_TEXT);
	assert(utc_parse(span_str(out), &back, &z) == 0 && z == zone);
	assert(strcmp(utc_print(back, z, again), out) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *buf, size_t len)
{
	struct span s = span_make(buf, len);
	char out[UTC_TEXT];
	int64_t usec, back;
	int zone, z, minutes;

	check_num(s);
	if (len >= sizeof(usec) + 2) {
		memcpy(&usec, buf, sizeof(usec));
		minutes = (buf[8] << 8 | buf[9]) % 2879 - 1439;
		check_instant(usec, minutes * 60);
	}
	if (utc_parse(s, &usec, &zone) != 0)
		return 0;
	utc_print(usec, zone, out);
	assert(utc_parse(span_str(out), &back, &z) == 0);
	assert(back == usec && z == zone);
	return 0;
}
