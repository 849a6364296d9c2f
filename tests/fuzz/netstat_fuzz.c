/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>

#include "collector/netstat.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The same text twice counts twice, whatever it says. */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct netstat once = { 0, 0 }, twice = { 0, 0 };

	netstat_add(span_make(p, len), &once);
	netstat_add(span_make(p, len), &twice);
	netstat_add(span_make(p, len), &twice);
	assert(twice.reassembly == once.reassembly + once.reassembly);
	assert(twice.udp_errors == once.udp_errors + once.udp_errors);
	return 0;
}
