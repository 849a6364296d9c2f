/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "site/fingerprint.h"

#include <stdbool.h>
#include <stddef.h>
#include <strings.h>

static int
digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Take a prefix off *s, in letters of either size. */
static bool
take(struct span *s, struct span prefix)
{
	if (s->len < prefix.len ||
	    strncasecmp((const char *)s->p, (const char *)prefix.p,
		prefix.len) != 0)
		return false;
	*s = span_sub(*s, prefix.len, s->len);
	return true;
}

int
fingerprint_parse(struct span s, uint8_t out[SHA256_LEN])
{
	size_t i, step;
	int hi, lo;

	if (!take(&s, SPAN("sha-256:")) && !take(&s, SPAN("sha256:")))
		return -1;
	step = s.len == 3 * SHA256_LEN - 1 ? 3 : 2;
	if (step == 2 && s.len != (size_t)2 * SHA256_LEN)
		return -1;
	for (i = 0; i < SHA256_LEN; i++) {
		hi = digit(s.p[step * i]);
		lo = digit(s.p[step * i + 1]);
		if (hi < 0 || lo < 0)
			return -1;
		if (step == 3 && i > 0 && s.p[step * i - 1] != ':')
			return -1;
		out[i] = (uint8_t)(hi << 4 | lo);
	}
	return 0;
}
