/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef SIGMA_FEEDS_H
#define SIGMA_FEEDS_H

#include "analyzer/sigma/correlation_link.h"

/* Who refers to one detection rule, or one correlation, in their order. */
struct feed {
	uint32_t correlation, source;
};

struct feeds {
	struct feed *v;
	size_t n;
};

/* How many numbers detection rules have. */
size_t feeds_rules(const struct correlation_linked *rules, size_t n);

/* Fill those of each rule and of each of n correlations, all zero before; v is
 * the caller's to free. */
void feeds_make(const struct correlation_linked *rules, size_t n,
    struct feeds *of_rule, struct feeds *of_correlation);

#endif
