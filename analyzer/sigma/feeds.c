/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/feeds.h"

#include <stdlib.h>

static void
add(struct feeds *f, size_t correlation, size_t source)
{
	f->v = reallocarray(f->v, f->n + 1, sizeof(*f->v));
	if (f->v == NULL)
		abort();
	f->v[f->n++] =
	    (struct feed){ (uint32_t)correlation, (uint32_t)source };
}

static size_t
count(const struct correlation_linked *l)
{
	return l->c == NULL ? 0 : l->c->nrules;
}

size_t
feeds_rules(const struct correlation_linked *rules, size_t n)
{
	const struct correlation_source *s;
	size_t i, k, max = 0;

	for (i = 0; i < n; i++)
		for (k = 0; k < count(&rules[i]); k++) {
			s = &rules[i].sources[k];
			if (!s->chained && s->number >= max)
				max = (size_t)s->number + 1;
		}
	return max;
}

void
feeds_make(const struct correlation_linked *rules, size_t n,
    struct feeds *of_rule, struct feeds *of_correlation)
{
	const struct correlation_source *s;
	size_t i, k;

	for (i = 0; i < n; i++)
		for (k = 0; k < count(&rules[i]); k++) {
			s = &rules[i].sources[k];
			add(s->chained ? &of_correlation[s->number]
				       : &of_rule[s->number],
			    i, k);
		}
}
