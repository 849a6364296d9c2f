/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef ANALYZER_FIND_KEYSET_H
#define ANALYZER_FIND_KEYSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"

/*
 * The keys of one block while it is read, each once, and the filter made of
 * them: a Bloom filter whose eight bits of a key lie in one piece of 32 bytes
 * (Putze, Sanders, Singler 2007), 16 bits for each key.  It never denies a key
 * that was put in; about one of a thousand others it does not deny.  A block
 * with more than KEYSET_MAX keys gets no filter, and is always read.
 */
#define KEYSET_MAX 65536u
#define KEYSET_PIECE 32u /* bytes */

struct keyset {
	uint64_t *slot; /* 0: free */
	size_t n, slots;
	bool full;
};

void keyset_init(struct keyset *k);
void keyset_fini(struct keyset *k);
void keyset_clear(struct keyset *k);
void keyset_add(struct keyset *k, uint64_t key);

/* Append the filter; return its pieces, 0 if the set is full. */
uint32_t keyset_print(const struct keyset *k, struct buf *out);

/* Whether a filter of so many pieces may have the key; n is not 0. */
bool keyset_has(const uint8_t *filter, uint32_t n, uint64_t key);

#endif
