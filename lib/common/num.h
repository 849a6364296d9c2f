/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COMMON_NUM_H
#define COMMON_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/span.h"

/* Read all of s as a decimal of at most max.  Return 0, or -1. */
int num_parse(struct span s, uint64_t max, uint64_t *n);

/* As num_parse, and without leading zeros ("0" itself is allowed). */
int num_parse_canonical(struct span s, uint64_t max, uint64_t *n);

/* *sum = a + b, or *product = a * b.  Return false on overflow. */
bool num_add(size_t a, size_t b, size_t *sum);
bool num_mul(size_t a, size_t b, size_t *product);

/*
 * Write n in decimal without a NUL and return the number of digits (1-20);
 * for the hot path, where printf is too slow.  out holds at least 20 bytes.
 */
size_t num_print(uint64_t n, char *out);

#endif
