/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_HASHES_H
#define RULE_HASHES_H

#include <stdbool.h>

#include "analyzer/rule/digest.h"

/*
 * A set of very many things by 64 bits of their digest, none of which is
 * forgotten.  Of two million of them two are taken for one once in ten million
 * runs; whose they are nobody can choose.
 */
struct hashes;

struct hashes *hashes_new(void);
void hashes_free(struct hashes *h); /* NULL is fine */

/* What digests are made with. */
const struct digest_seed *hashes_seed(const struct hashes *h);

bool hashes_has(const struct hashes *h, const struct digest *d);
void hashes_add(struct hashes *h, const struct digest *d); /* or it has it */
size_t hashes_count(const struct hashes *h);

#endif
