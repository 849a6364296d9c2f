/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef RULE_DIGEST_H
#define RULE_DIGEST_H

#include "common/span.h"

/*
 * 128 bits that stand for bytes, for what is remembered in memory and only
 * compared: quick, and by a seed of the process that nobody outside knows, so
 * that no line can be made to look like another.  No order and nothing that is
 * told comes out of it.
 */
struct digest_seed {
	uint64_t k[4];
};

struct digest {
	const struct digest_seed *seed; /* borrowed */
	uint64_t a, b;			/* after digest_end(): a is not 0 */
};

void digest_seed(struct digest_seed *s);

/* Pieces one after the other; where one ends is part of it. */
void digest_begin(struct digest *d, const struct digest_seed *s);
void digest_add(struct digest *d, struct span s);
void digest_add_word(struct digest *d, uint64_t word);
void digest_end(struct digest *d);

#endif
