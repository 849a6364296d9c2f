/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/report/damage_priv.h"

/* Places of findings: hosts and devices, whatever each finding calls them. */

/* A host or device, or an address of one: a VPN's address is a person's. */
bool
damage_is_place(const struct damage *d, const struct casebook_entity *e)
{
	return strcmp(e->kind, "host") == 0 || strcmp(e->kind, "device") == 0 ||
	    (strcmp(e->kind, "ip") == 0 &&
		report_device(d->r, span_str(e->value)) != NULL);
}

/* The name before the '/' of a connection ("fw01/wan1"), or empty. */
static struct span
owner(const struct damage *d, const struct casebook_entity *e)
{
	const char *slash = strchr(e->value, '/');

	if (slash == NULL || strcmp(e->kind, "device") != 0 ||
	    report_device(d->r, span_str(e->value)) != NULL)
		return SPAN("");
	return span_sub(span_str(e->value), 0, (size_t)(slash - e->value));
}

struct span
damage_place_key(const struct damage *d, const struct casebook_entity *e)
{
	struct span s = owner(d, e);

	return report_device(d->r, s) != NULL ? s : span_str(e->value);
}

bool
damage_is_device(const struct damage *d, const struct casebook_entity *e)
{
	struct span s = owner(d, e);

	return damage_is_place(d, e) &&
	    (s.len == 0 || report_device(d->r, s) != NULL);
}

/* Whether two entities are one device, whatever each calls it. */
bool
damage_same_place(const struct damage *d, const struct casebook_entity *x,
    const struct casebook_entity *y)
{
	const struct device *dev = report_device(d->r, damage_place_key(d, x));

	return strcmp(x->value, y->value) == 0 ||
	    (dev != NULL && damage_is_place(d, y) &&
		dev == report_device(d->r, damage_place_key(d, y)));
}

bool
damage_named_before(const struct damage *d, size_t i, size_t j,
    const struct casebook_entity *e)
{
	size_t k, l;

	for (k = 0; k <= i; k++)
		for (l = 0; l < (k == i ? j : d->findings[k]->n_entities); l++)
			if (damage_same_place(d, e,
				&d->findings[k]->entities[l]))
				return true;
	return false;
}
