/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <string.h>

#include "site/relay.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* A path has one spelling, and none leads anywhere else. */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct span in = span_make(p, len);
	char out[RELAY_PATH_MAX];
	struct relay_path path;

	if (relay_path_parse(in, &path) != 0)
		return 0;
	relay_path_print(&path, out);
	assert(span_is(in, out));
	assert(strstr(out, "..") == NULL && out[0] != '/');
	return 0;
}
