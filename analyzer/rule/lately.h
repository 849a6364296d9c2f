/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_LATELY_H
#define RULE_LATELY_H

#include <stdbool.h>

#include "analyzer/rule/digest.h"

/*
 * What was there lately, by digest, in two generations: when the newer one has
 * max of them the older one is forgotten.
 */
struct lately;

struct lately *lately_new(size_t max);
void lately_free(struct lately *l);

/* What digests are made with. */
const struct digest_seed *lately_seed(const struct lately *l);

/*
 * Whether it was there; else it is from now on.  again: what comes again is
 * remembered as long as what is new.
 */
bool lately_seen(struct lately *l, const struct digest *d, bool again);

#endif
