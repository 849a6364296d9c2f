/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <stdbool.h>

#include "collector/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

#define MAX 32u

/*
 * Two framers see the same stream, one whole and one as it trickles in: their
 * frames are the same, lie end to end, and none is larger than it may be.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct framer whole, slow;
	struct frame a, b;
	size_t step, got = 0, pos = 0;

	if (len < 2)
		return 0;
	step = 1 + p[0] % 40;
	framer_init(&whole, (enum frame_mode)(p[1] % 5), MAX);
	slow = whole;
	p += 2;
	len -= 2;
	while (framer_next(&whole, p + pos, len - pos, &a)) {
		assert(a.len > 0 && a.len <= MAX && a.len <= len - pos);
		assert(!a.cut || a.len == MAX);
		if (got < pos)
			got = pos;
		while (!framer_next(&slow, p + pos, got - pos, &b)) {
			assert(got < len && got - pos < MAX);
			got = got + step < len ? got + step : len;
		}
		assert(b.len == a.len && b.cut == a.cut && b.stray == a.stray);
		pos += a.len;
	}
	assert(len - pos < MAX);
	assert(!framer_next(&slow, p + pos, len - pos, &b));
	if (len > pos)
		assert(framer_end(&whole, p + pos, len - pos) ==
		    framer_end(&slow, p + pos, len - pos));
	assert(whole.mode == slow.mode);
	return 0;
}
