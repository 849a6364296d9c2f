/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>

#include "evidence/segidx.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* A point that is found lies at or before the index asked for; the streams of
 * it are read to their end or to an error. */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct segidx_point at;
	uint64_t next;
	uint32_t stream;
	size_t left;

	for (uint64_t index = 0; index < 3000; index += 700) {
		if (segidx_find(span_make(p, len), "test.example/log", 7, index,
			&at) <= 0)
			continue;
		assert(at.index <= index);
		do
			left = at.streams.len;
		while (segidx_stream(&at, &stream, &next) > 0 &&
		    at.streams.len < left);
		assert(at.streams.len <= left);
	}
	return 0;
}
