/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/respite.h"

#include "common/utc.h"

void
respite_made(struct respite *r, int64_t now)
{
	r->made = now;
}

int64_t
respite_ended(struct respite *r, int64_t now, bool *alarm)
{
	int64_t s = RESPITE_FIRST_S;
	unsigned i;

	if (now - r->made >= RESPITE_MOST_S * UTC_SECOND)
		r->ended = 0;
	for (i = 0; i < r->ended && s < RESPITE_MOST_S; i++)
		s *= 2;
	r->ended++;
	*alarm = r->ended == RESPITE_ALARM;
	return now + (s < RESPITE_MOST_S ? s : RESPITE_MOST_S) * UTC_SECOND;
}
