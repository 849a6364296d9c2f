/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/pace.h"

#include "common/utc.h"

uint64_t
pace_add(struct pace *p, unsigned limit, uint64_t n, uint64_t now)
{
	uint64_t second = (uint64_t)UTC_SECOND;

	/* What was not used is not saved up; a clock that was set forgives. */
	if (p->due > now + 600 * second || p->due < now)
		p->due = now;
	p->due += n * second / limit;
	return p->due <= now + second ? 0 : p->due - now - second;
}
