/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COLLECTOR_SEED_H
#define COLLECTOR_SEED_H

#include <stdint.h>

/*
 * Hashes of keys that strangers choose: they begin with a secret seed, so that
 * nobody can choose keys that all lie in one bucket.  The upper bits are the
 * good ones: take a bucket from those (h >> 40).
 */

/* A seed; if it is too early for randomness, the caller's address of own. */
uint64_t seed_new(const void *own);

/* The hash of what h is the hash of, and then one more word. */
static inline uint64_t
seed_mix(uint64_t h, uint64_t word)
{
	h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 29;
}

/* Likewise, and then a text and its NUL. */
uint64_t seed_text(uint64_t h, const char *s);

#endif
