/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/digest.h"

#include <stdlib.h>
#include <sys/random.h>

__extension__ typedef unsigned __int128 wide;

/* Two lanes, each multiplied by an odd secret into 128 bits and folded. */
static inline uint64_t
fold(uint64_t v, uint64_t by)
{
	wide w = (wide)v * by;

	return (uint64_t)w ^ (uint64_t)(w >> 64);
}

static inline void
take(struct digest *d, uint64_t word)
{
	d->a = fold(d->a ^ word, d->seed->k[0] | 1) + word;
	d->b = fold(d->b + word, d->seed->k[1] | 1) ^ word;
}

void
digest_seed(struct digest_seed *s)
{
	if (getrandom(s->k, sizeof(s->k), 0) != (ssize_t)sizeof(s->k))
		abort();
}

void
digest_begin(struct digest *d, const struct digest_seed *s)
{
	d->seed = s;
	d->a = s->k[2];
	d->b = s->k[3];
}

void
digest_add_word(struct digest *d, uint64_t word)
{
	take(d, word);
}

void
digest_add(struct digest *d, struct span s)
{
	uint64_t word;
	size_t i;

	take(d, s.len);
	for (i = 0; s.len - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&word, s.p + i, sizeof(word));
		take(d, word);
	}
	if (i == s.len)
		return;
	for (word = 0; i < s.len; i++)
		word = word << 8 | s.p[i];
	take(d, word);
}

void
digest_end(struct digest *d)
{
	uint64_t a = d->a, b = d->b;

	d->a = fold(a ^ b, d->seed->k[0] | 1) | 1;
	d->b = fold(b + a, d->seed->k[1] | 1);
}
