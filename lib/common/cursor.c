/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/cursor.h"

#include <string.h>

#include "common/hex.h"
#include "common/num.h"

/* Twenty digits: most are more than 64 bits hold. */
static bool
is_number(const uint8_t *p, uint64_t *n)
{
	return num_parse_canonical(span_make(p, 20), UINT64_MAX, n) == 0;
}

uint64_t
cursor_decimal(struct cursor *c, uint64_t max)
{
	const uint8_t *p = c->p, *end = c->end;
	uint64_t n = 0, eight;
	unsigned digit;
	size_t len;

	/* 19 digits do not overflow; what is longer is looked at again. */
	for (; end - p >= 8 && (eight = num_eight(p)) != UINT64_MAX; p += 8)
		n = n * 100000000 + eight;
	for (; p < end && (digit = *p - (unsigned)'0') <= 9; p++)
		n = n * 10 + digit;
	len = (size_t)(p - c->p);
	if (c->bad || len == 0 || len > 20 || (len > 1 && c->p[0] == '0') ||
	    (len == 20 && !is_number(c->p, &n)) || n > max) {
		cursor_fail(c);
		return 0;
	}
	c->p = p;
	return n;
}

void
cursor_hex(struct cursor *c, uint8_t *out, size_t n)
{
	struct span s;

	memset(out, 0, n);
	if (n > SIZE_MAX / 2) {
		cursor_fail(c);
		return;
	}
	s = cursor_take(c, 2 * n);
	if (c->bad)
		return;
	if (hex_parse(s, out, n) != 0) {
		memset(out, 0, n);
		cursor_fail(c);
	}
}
