/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <string.h>

#include "collector/metrics.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

/*
 * Bytes of a request may come one by one: once it is judged, more of them do
 * not change the answer, and none is waited for beyond the limit.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	enum metrics_request first = METRICS_MORE, now;
	struct buf out;
	size_t i;

	if (len > METRICS_REQUEST_MAX)
		len = METRICS_REQUEST_MAX;
	for (i = 0; i <= len; i++) {
		now = metrics_request(span_make(p, i));
		assert(first == METRICS_MORE || now == first);
		first = now;
		if (first != METRICS_MORE)
			break;
	}
	assert(first == METRICS_MORE || first == METRICS_LARGE ||
	    metrics_request(span_make(p, len)) == first);
	assert(len < METRICS_REQUEST_MAX || first != METRICS_MORE);
	if (first == METRICS_MORE)
		return 0;
	buf_init(&out);
	metrics_answer(first, SPAN("x"), &out);
	assert(memcmp(out.p, "HTTP/1.0 ", 9) == 0);
	assert((out.p[9] == '2') ==
	    (first == METRICS_TEXT || first == METRICS_JSON));
	buf_fini(&out);
	return 0;
}
