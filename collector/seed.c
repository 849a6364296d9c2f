/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "collector/seed.h"

#include <sys/random.h>

uint64_t
seed_new(const void *own)
{
	uint64_t seed;

	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) < 0)
		seed = (uint64_t)(uintptr_t)own;
	return seed;
}

uint64_t
seed_text(uint64_t h, const char *s)
{
	for (;; s++) {
		h = seed_mix(h, (uint8_t)*s);
		if (*s == '\0')
			return h;
	}
}
