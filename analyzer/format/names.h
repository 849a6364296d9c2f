/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FORMAT_NAMES_H
#define ANALYZER_FORMAT_NAMES_H

#include <stddef.h>
#include <stdint.h>

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

/* Build; the names are borrowed, the table lies in a.  First of equals wins. */
struct names *names_make(struct arena *a, const struct names_entry *e,
    size_t n);

/* The number of a name, or NAMES_NONE. */
uint32_t names_find(const struct names *t, struct span name);

#endif
