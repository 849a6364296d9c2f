/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/find/presence.h"

#include <string.h>

#define HOUR UINT64_C(3600000000) /* usec */

/* Whole hours from one to another without a record. */
static void
silence(struct presence *c, uint64_t from, uint64_t until)
{
	if (until <= from)
		return;
	c->silent += until - from;
	if ((until - from) * HOUR > c->gap_until - c->gap_from) {
		c->gap_from = from * HOUR;
		c->gap_until = until * HOUR;
	}
}

void
presence_of(const struct skipidx_source *s, uint64_t from, uint64_t until,
    struct presence *c)
{
	uint64_t begin = from / HOUR + (from % HOUR != 0), end = until / HOUR;
	uint64_t next = begin, hour;
	size_t i;

	memset(c, 0, sizeof(*c));
	for (i = 0; i < s->n_hours; i++) {
		hour = s->hours[i].hour;
		if (hour < from / HOUR || hour * HOUR >= until)
			continue;
		c->records += s->hours[i].records;
		if (c->last == 0)
			c->first = hour * HOUR;
		c->last = (hour + 1) * HOUR;
		if (hour < begin || hour >= end)
			continue;
		silence(c, next, hour);
		next = hour + 1;
	}
	c->hours = end > begin ? end - begin : 0;
	silence(c, next, end);
}
