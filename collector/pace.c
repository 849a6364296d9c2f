/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/pace.h"

#define SECOND UINT64_C(1000000000) /* nsec */

/* A clock that was set forgives. */
bool
pace_ahead(const struct pace *p, uint64_t now)
{
	return p->due > now * 1000 && p->due <= now * 1000 + 600 * SECOND;
}

uint64_t
pace_wait(const struct pace *p, uint64_t now)
{
	uint64_t at = now * 1000;

	if (!pace_ahead(p, now) || p->due <= at + SECOND)
		return 0;
	return (p->due - at - SECOND) / 1000;
}

uint64_t
pace_add(struct pace *p, unsigned limit, uint64_t n, uint64_t now)
{
	uint64_t at = now * 1000;

	/* What was not used is not saved up. */
	if (!pace_ahead(p, now))
		p->due = at;
	p->due += n * SECOND / limit;
	return pace_wait(p, now);
}
