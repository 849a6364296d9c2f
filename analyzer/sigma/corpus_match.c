/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/corpus.h"

#include <stdlib.h>

static void
add(struct corpus_hits *h, uint32_t rule)
{
	if (h->n == h->cap) {
		h->cap = h->cap == 0 ? 64 : h->cap * 2;
		h->v = reallocarray(h->v, h->cap, sizeof(*h->v));
		if (h->v == NULL)
			abort();
	}
	h->v[h->n++] = rule;
}

void
corpus_hits_fini(struct corpus_hits *h)
{
	free(h->v);
	*h = (struct corpus_hits){ NULL, 0, 0 };
}

static bool
fits(const struct corpus_rule *r, struct view *v)
{
	size_t i;

	if (!detection_match(r->doc->detection, v))
		return false;
	for (i = 0; i < r->nfilter; i++)
		if (!detection_match(r->filters[i], v))
			return false;
	return true;
}

void
corpus_match(const struct corpus *c, struct view *v,
    const struct document_logsource *route, struct corpus_hits *hits)
{
	size_t i;

	hits->n = 0;
	for (i = 0; i < c->n; i++)
		if ((route == NULL ||
			document_routes(&c->rules[i].doc->logsource, route)) &&
		    fits(&c->rules[i], v))
			add(hits, (uint32_t)i);
}
