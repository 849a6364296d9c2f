/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef LEDGER_INDEX_H
#define LEDGER_INDEX_H

#include <stddef.h>
#include <stdint.h>

#include "common/span.h"

/*
 * A hash map from byte strings to small numbers.  It copies its keys.  Hashes
 * are seeded per process, so that log lines cannot be made to collide; no
 * order ever comes out of it: who lists, sorts.
 */
#define INDEX_NONE UINT32_MAX

struct index;

struct index *index_new(void);
void index_free(struct index *x);

/* Number of keys. */
size_t index_count(const struct index *x);

/* The value of a key, or INDEX_NONE. */
uint32_t index_get(const struct index *x, struct span key);

/*
 * Where the value of a key stands, added as INDEX_NONE if it is new.  Valid
 * until the next call.
 */
uint32_t *index_put(struct index *x, struct span key);

/* The copy of a key that is in it; as long as it is. */
struct span index_key(const struct index *x, struct span key);

/*
 * Each value v becomes now[v]; keys whose value becomes INDEX_NONE are
 * forgotten.
 */
void index_remap(struct index *x, const uint32_t *now);

#endif
