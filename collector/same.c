/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/same.h"

#include <string.h>

bool
same_socket(const struct site_listener *a, const struct site_listener *b)
{
	if (site_is_unix(a->transport) || site_is_unix(b->transport))
		return a->transport == b->transport &&
		    strcmp(a->path, b->path) == 0;
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

static bool
same_strings(const struct site_strings *a, const struct site_strings *b)
{
	size_t i;

	if (a->n != b->n)
		return false;
	for (i = 0; i < a->n; i++)
		if (strcmp(a->v[i], b->v[i]) != 0)
			return false;
	return true;
}

/* Whether who may send by TLS, and how, is the same. */
static bool
same_senders(const struct site_listener *a, const struct site_listener *b)
{
	return strcmp(a->client_ca, b->client_ca) == 0 &&
	    strcmp(a->crl, b->crl) == 0 &&
	    same_strings(&a->client_fingerprints, &b->client_fingerprints) &&
	    same_strings(&a->client_names, &b->client_names) &&
	    a->tls_profile == b->tls_profile;
}

bool
same_listener(const struct site_listener *a, const struct site_listener *b)
{
	return same_socket(a, b) && a->transport == b->transport &&
	    same_nets(&a->allow, &b->allow) && same_senders(a, b) &&
	    a->log == b->log && a->replay == b->replay &&
	    a->encoding == b->encoding && strcmp(a->name, b->name) == 0;
}
