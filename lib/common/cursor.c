/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/cursor.h"

#include <string.h>

#include "common/hex.h"
#include "common/num.h"

struct cursor
cursor_make(struct span in)
{
	static const uint8_t none[1];

	if (in.p == NULL)
		return (struct cursor){ none, none, false };
	return (struct cursor){ in.p, in.p + in.len, false };
}

/* A failed cursor stands at its end, so that nothing more can be read. */
static struct span
cursor_fail(struct cursor *c)
{
	c->bad = true;
	c->p = c->end;
	return (struct span){ c->end, 0 };
}

size_t
cursor_left(const struct cursor *c)
{
	return (size_t)(c->end - c->p);
}

struct span
cursor_take(struct cursor *c, size_t len)
{
	struct span s = { c->p, len };

	if (c->bad || len > cursor_left(c))
		return cursor_fail(c);
	c->p += len;
	return s;
}

struct span
cursor_until(struct cursor *c, uint8_t delim)
{
	const uint8_t *at = memchr(c->p, delim, cursor_left(c));
	struct span s;

	if (c->bad || at == NULL)
		return cursor_fail(c);
	s = span_make(c->p, (size_t)(at - c->p));
	c->p = at + 1;
	return s;
}

void
cursor_expect(struct cursor *c, struct span lit)
{
	if (!span_eq(cursor_take(c, lit.len), lit))
		cursor_fail(c);
}

uint64_t
cursor_decimal(struct cursor *c, uint64_t max)
{
	struct span s = { c->p, 0 };
	uint64_t n = 0;
	unsigned digit;

	/* 19 digits do not overflow; what is longer is looked at again. */
	for (; s.len < cursor_left(c); s.len++) {
		if ((digit = s.p[s.len] - (unsigned)'0') > 9)
			break;
		n = n * 10 + digit;
	}
	if (s.len > 0 && s.len < 20 && n <= max &&
	    (s.len == 1 || s.p[0] != '0') && !c->bad) {
		c->p += s.len;
		return n;
	}
	if (c->bad || num_parse_canonical(s, max, &n) != 0) {
		cursor_fail(c);
		return 0;
	}
	c->p += s.len;
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

bool
cursor_done(const struct cursor *c)
{
	return !c->bad && c->p == c->end;
}
