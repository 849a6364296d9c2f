/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/part.h"

#include <string.h>

#include "analyzer/sigma/groupkey.h"

/* The key stands in its place before it is known how long it is. */
static void
make(const struct correlation_linked *l, const struct correlation_source *s,
    uint32_t correlation, const struct groups_seed *seed,
    const struct groupkey_from *from, struct buf *out)
{
	struct part p = { .hash = 0 };
	size_t at = out->len;

	p.counts = groupkey_value(l->c, s, from, &p.value);
	(void)buf_reserve(out, sizeof(p));
	out->len += sizeof(p);
	if (p.counts) {
		groupkey_make(l->c, s, from, out);
		p.len = (uint32_t)(out->len - at - sizeof(p));
		p.hash = groups_hash(seed, correlation,
		    span_make(out->p + at + sizeof(p), p.len));
	}
	memcpy(out->p + at, &p, sizeof(p));
}

void
part_make(const struct correlation_linked *rules, size_t n, uint32_t rule,
    const struct groups_seed *seed, const struct view *v, struct buf *out)
{
	const struct groupkey_from from = { v, NULL };
	const struct correlation_source *s;
	size_t i, k;

	for (i = 0; i < n; i++)
		for (k = 0; rules[i].c != NULL && k < rules[i].c->nrules; k++) {
			s = &rules[i].sources[k];
			if (!s->chained && s->number == rule)
				make(&rules[i], s, (uint32_t)i, seed, &from,
				    out);
		}
}

void
part_take(struct span *parts, struct part *p, struct span *key)
{
	memcpy(p, parts->p, sizeof(*p));
	*key = span_make(parts->p + sizeof(*p), p->len);
	*parts = span_sub(*parts, sizeof(*p) + p->len, parts->len);
}
