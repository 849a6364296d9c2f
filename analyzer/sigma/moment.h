/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_MOMENT_H
#define SIGMA_MOMENT_H

#include <stdint.h>

#include "common/span.h"

/*
 * A time as events have it: RFC 3339, the same without a zone (UTC), or the
 * seconds, ms, usec or nsec since 1970 (UTC), told apart by how many they are.
 * Pure.  Return 0, or -1.
 */
int moment_parse(struct span s, int64_t *usec, int *zone);

#endif
