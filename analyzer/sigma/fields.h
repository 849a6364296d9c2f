/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_FIELDS_H
#define SIGMA_FIELDS_H

#include <stdint.h>

#include "common/span.h"

/*
 * Numbers for the names of fields that rules speak of, for events whose fields
 * are not those of ECS.  Names are compared to the byte, as Sigma does.
 */
struct fields;

#define FIELDS_NONE UINT32_MAX

struct fields *fields_new(void);
void fields_free(struct fields *f);

/* The number of a name, given if it is new; and only if it has one. */
uint32_t fields_put(struct fields *f, struct span name);
uint32_t fields_find(const struct fields *f, struct span name);

/* How many there are: the numbers are those below. */
uint32_t fields_count(const struct fields *f);

#endif
