/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/allowance.h"

static bool
stalls(const struct listener *l)
{
	return l->conf->backpressure == SITE_BACKPRESSURE_STALL;
}

bool
allowance_waits(const struct listener *l)
{
	return l->conf->rate_limit > 0 && stalls(l);
}

bool
allowance_beyond(const struct allowance *a, struct listener *l,
    const char *peer, size_t len, uint64_t rx)
{
	if (l->conf->rate_limit == 0 || stalls(l) || a->pace == NULL ||
	    pace_wait(a->pace, rx) == 0)
		return false;
	tally_add(&l->tally, GAP_RATE_LIMIT, peer, len, rx);
	intake_refused(l->in, l->conf->log, 1);
	return true;
}

/* Who must wait may have sent many: they are added up for his next pause. */
void
allowance_count(struct allowance *a, const struct listener *l, uint64_t rx)
{
	if (l->conf->rate_limit == 0)
		return;
	if (stalls(l))
		a->n++;
	else if (a->pace != NULL)
		(void)pace_add(a->pace, l->conf->rate_limit, 1, rx);
}

uint64_t
allowance_wait(struct allowance *a, const struct listener *l, uint64_t now)
{
	uint64_t n = a->n;

	a->n = 0;
	return a->pace == NULL ? 0
			       : pace_add(a->pace, l->conf->rate_limit, n, now);
}
