/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/waiting.h"

#include <stdlib.h>

void
waiting_add(struct waiting_list *l, struct group *g, int64_t until,
    uint64_t event)
{
	struct waiting *w = calloc(1, sizeof(*w));

	if (w == NULL)
		abort();
	w->group = g;
	w->until = until;
	w->event = event;
	g->nwaiting++;
	for (w->before = l->last; w->before != NULL && w->before->until > until;
	     w->before = w->before->before)
		w->behind = w->before;
	*(w->before != NULL ? &w->before->behind : &l->first) = w;
	*(w->behind != NULL ? &w->behind->before : &l->last) = w;
	/* The group knows its oldest, and that one the newest as its older. */
	if (g->waiting == NULL) {
		g->waiting = w->older = w;
		return;
	}
	w->older = g->waiting->older;
	w->older->newer = w;
	g->waiting->older = w;
}

void
waiting_end(struct waiting_list *l, struct waiting *w)
{
	struct group *g = w->group;

	g->nwaiting--;
	*(w->before != NULL ? &w->before->behind : &l->first) = w->behind;
	*(w->behind != NULL ? &w->behind->before : &l->last) = w->before;
	if (g->waiting != w) {
		w->older->newer = w->newer;
		if (w->newer != NULL)
			w->newer->older = w->older;
		else
			g->waiting->older = w->older;
	} else if ((g->waiting = w->newer) != NULL)
		g->waiting->older = w->older;
	free(w);
}
