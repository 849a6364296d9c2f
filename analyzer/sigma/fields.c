/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/fields.h"

#include <stdlib.h>

#include "analyzer/ledger/index.h"

struct fields {
	struct index *by_name;
};

struct fields *
fields_new(void)
{
	struct fields *f = calloc(1, sizeof(*f));

	if (f == NULL)
		abort();
	f->by_name = index_new();
	return f;
}

void
fields_free(struct fields *f)
{
	if (f == NULL)
		return;
	index_free(f->by_name);
	free(f);
}

uint32_t
fields_put(struct fields *f, struct span name)
{
	uint32_t *at = index_put(f->by_name, name);

	if (*at == INDEX_NONE)
		*at = (uint32_t)index_count(f->by_name) - 1;
	return *at;
}

uint32_t
fields_find(const struct fields *f, struct span name)
{
	uint32_t at = index_get(f->by_name, name);

	return at == INDEX_NONE ? FIELDS_NONE : at;
}

uint32_t
fields_count(const struct fields *f)
{
	return (uint32_t)index_count(f->by_name);
}
