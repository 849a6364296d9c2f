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

/* Eight bytes, all digits as 0. */
static uint64_t
eight(const uint8_t *p, size_t n)
{
	uint64_t v = 0;
	size_t i;

	for (i = 0; i < n && i < 8; i++)
		v = v << 8 | (p[i] >= '0' && p[i] <= '9' ? '0' : p[i]);
	return v;
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
