/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/format/guess.h"

#define BEGIN_MAX 12 /* bytes of a message that are looked at */

static uint64_t
mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}

/* Up to eight bytes, all digits as 0. */
static uint64_t
eight(const uint8_t *p, size_t n)
{
	uint64_t v = 0, other;

	memcpy(&v, p, n < 8 ? n : 8);
	/* Of each byte the high bit: it is no digit. */
	other = v ^ 0x3030303030303030u;
	other =
	    (((other & 0x7f7f7f7f7f7f7f7fu) + 0x7676767676767676u) | other) &
	    0x8080808080808080u;
	return v & ~(((~other & 0x8080808080808080u) >> 7) * 0x0fu);
}

uint32_t
guess_kind(const struct header *h)
{
	struct span app = h->app,
		    s = h->body[app.len > 0 ? HEADER_TAG : HEADER_HOST];
	uint64_t k = app.len;

	if (app.len > 0) {
		k = mix(k, eight(app.p, app.len));
		if (app.len > 8)
			k = mix(k, eight(app.p + app.len - 8, 8));
	}
	s = span_sub(s, 0, BEGIN_MAX);
	if (s.len > 0)
		k = mix(k, eight(s.p, s.len));
	if (s.len > 8)
		k = mix(k, eight(s.p + 8, s.len - 8));
	return (uint32_t)(k >> 32) & (GUESS_KINDS - 1);
}
