/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_CHECK_H
#define COLLECTOR_CHECK_H

#include "site/site.h"

/*
 * Check what a site's configuration names: the user, certificates and keys,
 * the logs.  Return 0, or -1: everything that is wrong was said.
 */
int check_site(const struct site *site);

/*
 * Warn of files of the site that are not private enough, and of targets without
 * protection: no reason to stop.
 */
void check_warn(const struct site *site);

/* Warn of addresses of listeners that this machine does not have now: they may
 * come up later. */
void check_addresses(const struct site *site);

#endif
