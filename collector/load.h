/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_LOAD_H
#define COLLECTOR_LOAD_H

#include "site/site.h"

/*
 * Load the configuration of the site at path (its folder or its file) for a
 * process that may be root: its bytes are read once, and a child that is
 * nobody, with bounded memory and time, parses them first.  Only what it found
 * good is parsed here.  NULL: it was said what is wrong, and where.
 */
struct site *load_site(const char *path);

/*
 * Check what a site's configuration names: the user, certificates and keys,
 * the logs.  Return 0, or -1: everything that is wrong was said.
 */
int load_check(const struct site *site);

#endif
