/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_SAME_H
#define COLLECTOR_SAME_H

#include <stdbool.h>

#include "site/site.h"

/*
 * Which listeners of two configurations are one: parent and receiver must
 * decide this alike.  Pure.
 */

/* Whether both are bound to the same place, so that the socket can stay. */
bool same_socket(const struct site_listener *a, const struct site_listener *b);

/*
 * Whether streams go on as they are: what their d1 says of the listener is the
 * same, and so is who may send.  What a connection is judged by when it begins
 * may differ.
 */
bool same_listener(const struct site_listener *a,
    const struct site_listener *b);

#endif
