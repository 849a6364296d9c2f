/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ringmsg.h"
#include "evidence/gap.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

/* What parses is within its limits and prints as the bytes it came from. */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct span in = span_make(p, len);
	struct ringmsg m;
	uint8_t *again;
	size_t size;

	while (ringmsg_parse(in, &m, &size) == 1) {
		assert(size <= in.len && size % 8 == 0);
		assert(m.body.len <= size - RINGMSG_HEAD);
		assert(m.kind != RINGMSG_RECORD || m.stream < RINGMSG_STREAMS);
		assert(m.kind != RINGMSG_GAP ||
		    (m.flags < GAP_COUNT && gap_is_receivers(m.flags)));
		again = calloc(1, size);
		ringmsg_print(&m, again);
		assert(memcmp(again, in.p, RINGMSG_HEAD + m.body.len) == 0);
		free(again);
		in = span_sub(in, size, in.len);
	}
	return 0;
}
