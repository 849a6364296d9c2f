/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SITE_SITE_CLASH_H
#define SITE_SITE_CLASH_H

#include <stdbool.h>

#include "site/site.h"

/*
 * Whether the kernel would refuse the second of two listeners: the same path,
 * or for one kind of transport the same port of one address, or of all (0.0.0.0
 * of IPv4, :: of IPv6 alone).  Pure.
 */
bool site_clash(const struct site_listener *a, const struct site_listener *b);

#endif
