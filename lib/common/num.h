/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#ifndef COMMON_NUM_H
#define COMMON_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/span.h"

/* Read all of s as a decimal of at most max.  Return 0, or -1. */
int num_parse(struct span s, uint64_t max, uint64_t *n);

/* As num_parse, and without leading zeros ("0" itself is allowed). */
int num_parse_canonical(struct span s, uint64_t max, uint64_t *n);

/* *sum = a + b, or *product = a * b.  Return false on overflow. */
bool num_add(size_t a, size_t b, size_t *sum);
bool num_mul(size_t a, size_t b, size_t *product);

/* The number that eight digits are; UINT64_MAX if one of them is none. */
static inline uint64_t
num_eight(const uint8_t digits[8])
{
	uint64_t v;

	memcpy(&v, digits, sizeof(v));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	v -= 0x3030303030303030u;
	if (((v + 0x7676767676767676u) | v) & 0x8080808080808080u)
		return UINT64_MAX;
	v = v * 10 + (v >> 8); /* of two digits, in every other byte */
	return (((v & 0xff000000ff) * 0xf424000000064) +
		   ((v >> 16 & 0xff000000ff) * 0x271000000001)) >>
	    32;
}

/*
 * Write n in decimal without a NUL and return the number of digits (1-20);
 * for the hot path, where printf is too slow.  out holds at least 20 bytes.
 */
size_t num_print(uint64_t n, char *out);

#endif
