/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/same.h"

#include <string.h>

bool
same_socket(const struct site_listener *a, const struct site_listener *b)
{
	if (site_is_unix(a->transport) || site_is_unix(b->transport))
		return a->transport == b->transport &&
		    strcmp(a->path, b->path) == 0 && a->mode == b->mode;
	if ((a->transport == SITE_UDP) != (b->transport == SITE_UDP) ||
	    a->port != b->port || strcmp(a->address, b->address) != 0)
		return false;
	/* A free port is whose name got it. */
	return a->port != 0 || strcmp(a->name, b->name) == 0;
}

static bool
same_nets(const struct site_nets *a, const struct site_nets *b)
{
	size_t i;

	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++)
		if (a->v[i].bits != b->v[i].bits ||
		    memcmp(a->v[i].addr, b->v[i].addr, sizeof(a->v[i].addr)) !=
			0)
			return false;
	return true;
}

bool
same_listener(const struct site_listener *a, const struct site_listener *b)
{
	return same_socket(a, b) && a->transport == b->transport &&
	    same_nets(&a->allow, &b->allow) && a->log == b->log &&
	    a->replay == b->replay && strcmp(a->name, b->name) == 0;
}
