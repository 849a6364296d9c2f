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

/* The values of a name.  Return 0, or -1: it has none. */
int placeholders_get(const struct placeholders *ps, struct span name,
    struct placeholder *p);

#endif
