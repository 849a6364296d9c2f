/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_PLACEHOLDERS_H
#define SIGMA_PLACEHOLDERS_H

#include "analyzer/sigma/detection.h"

/*
 * What the %names% of |expand stand for: a YAML map of names to lists of
 * values, or to one value.
 */
struct placeholders;

/* Read it; the map lives in arena.  NULL and *err if it is wrong. */
struct placeholders *placeholders_parse(struct span text, const char *file,
    struct arena *arena, struct yaml_error *err);

/* No names yet; it lives in arena. */
struct placeholders *placeholders_new(struct arena *arena);

/* Give a name its values, which are borrowed; n may be 0: it fits nothing. */
void placeholders_add(struct placeholders *ps, struct span name,
    struct span *v, size_t n, struct arena *arena);

/* Names that ps lacks are looked for in under, which outlives it. */
void placeholders_over(struct placeholders *ps,
    const struct placeholders *under);

/* The values of a name.  Return 0, or -1: it has none. */
int placeholders_get(const struct placeholders *ps, struct span name,
    struct placeholder *p);

#endif
