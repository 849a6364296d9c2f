/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "evidence/evread_gap.h"

#include <stdlib.h>
#include <string.h>

#include "evidence/retention_act.h"

void
evread_gaps_fini(struct evread_gaps *g)
{
	free(g->v);
	*g = (struct evread_gaps){ NULL, 0 };
}

void
evread_gap_add(struct evread_gaps *g, const struct manifest *m,
    const uint8_t hash[SHA256_LEN])
{
	struct evread_gap *gap;
	size_t i;

	for (i = 0; i < g->n; i++)
		if (g->v[i].segment == m->segment)
			return;
	if ((g->n & (g->n - 1)) == 0) { /* room for twice as many */
		g->v = realloc(g->v, (g->n == 0 ? 1 : 2 * g->n) * sizeof(*gap));
		if (g->v == NULL)
			abort();
	}
	gap = &g->v[g->n++];
	*gap = (struct evread_gap){ .segment = m->segment,
		.first = m->first,
		.last = m->last,
		.time_low = m->time_low,
		.time_high = m->time_high };
	memcpy(gap->manifest, hash, SHA256_LEN);
}

void
evread_gap_explain(struct evread_gaps *g, const struct record *r)
{
	struct arena *arena = arena_new();
	struct retention_extra extra;
	struct retention_gone gone;
	size_t i;

	if (retention_x1_parse(r->body, arena, &gone, &extra) == 0)
		for (i = 0; i < g->n; i++)
			if (g->v[i].segment == gone.segment &&
			    memcmp(g->v[i].manifest, gone.manifest,
				SHA256_LEN) == 0)
				g->v[i].deleted =
				    extra.since != 0 ? extra.since : r->rx;
	arena_free(arena);
}

const struct evread_gap *
evread_gap_unexplained(const struct evread_gaps *g)
{
	size_t i;

	for (i = 0; i < g->n; i++)
		if (g->v[i].deleted == 0)
			return &g->v[i];
	return NULL;
}
