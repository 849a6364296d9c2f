/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "site/site_clash.h"

#include <string.h>

static bool
is_v6(const char *address)
{
	return strchr(address, ':') != NULL;
}

static bool
is_all(const char *address)
{
	return strcmp(address, "0.0.0.0") == 0 || strcmp(address, "::") == 0;
}

bool
site_clash(const struct site_listener *a, const struct site_listener *b)
{
	if (site_is_unix(a->transport) != site_is_unix(b->transport))
		return false;
	if (site_is_unix(a->transport))
		return strcmp(a->path, b->path) == 0;
	if (site_is_datagram(a->transport) != site_is_datagram(b->transport) ||
	    a->port == 0 || a->port != b->port)
		return false;
	return strcmp(a->address, b->address) == 0 ||
	    (is_v6(a->address) == is_v6(b->address) &&
		(is_all(a->address) || is_all(b->address)));
}
