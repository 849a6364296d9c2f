/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/gauges.h"

#include <sys/mman.h>

struct gauges *
gauges_new(void)
{
	void *p = mmap(NULL, sizeof(struct gauges), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

void
gauges_free(struct gauges *g)
{
	if (g != NULL)
		munmap(g, sizeof(*g));
}
