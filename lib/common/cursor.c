/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/cursor.h"

#include <string.h>

#include "common/hex.h"
#include "common/num.h"

/* The number that eight digits are, or more than that if they are none. */
static uint64_t
eight_digits(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
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

uint64_t
cursor_decimal(struct cursor *c, uint64_t max)
{
	const uint8_t *p = c->p, *end = c->end;
	uint64_t n = 0, eight;
	unsigned digit;
	struct span s;

	/* 19 digits do not overflow; what is longer is looked at again. */
	for (; end - p >= 8 && (eight = eight_digits(p)) != UINT64_MAX; p += 8)
		n = n * 100000000 + eight;
	for (; p < end && (digit = *p - (unsigned)'0') <= 9; p++)
		n = n * 10 + digit;
	s = span_make(c->p, (size_t)(p - c->p));
	if (s.len > 0 && s.len < 20 && n <= max &&
	    (s.len == 1 || s.p[0] != '0') && !c->bad) {
		c->p = p;
		return n;
	}
	if (c->bad || num_parse_canonical(s, max, &n) != 0) {
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
