/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_NAMES_H
#define ANALYZER_FORMAT_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/arena.h"
#include "common/span.h"

/*
 * A fixed set of names, each with a number, looked up in a few nanoseconds:
 * the keys of key=value lines, the values of a map, message numbers.
 */
struct names;

struct names_entry {
	struct span name;
	uint32_t value;
};

#define NAMES_NONE UINT32_MAX

#define NAMES_MAX 65534 /* of one set */

/*
 * Build; the names are borrowed, the table lies in a.  First of equals wins.
 * n is at most NAMES_MAX.
 */
struct names *names_make(struct arena *a, const struct names_entry *e,
    size_t n);

/* The number of a name, or NAMES_NONE. */
uint32_t names_find(const struct names *t, struct span name);

/* All that it was made of, *n of them. */
const struct names_entry *names_all(const struct names *t, size_t *n);

#endif
