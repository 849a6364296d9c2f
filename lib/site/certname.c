/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "site/certname.h"

#include <arpa/inet.h>
#include <strings.h>

#define LABEL_MAX 63u

static bool
is_letter(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	    (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

/* The labels of a name without its '*', each of 1 to 63 letters. */
static bool
are_labels(struct span s)
{
	size_t i, n = 0;

	for (i = 0; i < s.len; i++) {
		if (s.p[i] == '.') {
			if (n == 0)
				return false;
			n = 0;
		} else if (!is_letter(s.p[i]) || ++n > LABEL_MAX)
			return false;
	}
	return n > 0;
}

static bool
is_name(struct span s)
{
	if (s.len > CERTNAME_MAX)
		return false;
	if (span_starts(s, SPAN("*.")))
		s = span_sub(s, 2, s.len);
	return are_labels(s);
}

/* An address in figures, to out[16]; its bytes, or 0 if it is none. */
static size_t
address_of(struct span s, uint8_t out[16])
{
	char text[INET6_ADDRSTRLEN];

	if (s.len == 0 || s.len >= sizeof(text) ||
	    memchr(s.p, 0, s.len) != NULL)
		return 0;
	memcpy(text, s.p, s.len);
	text[s.len] = '\0';
	if (inet_pton(AF_INET, text, out) == 1)
		return 4;
	return inet_pton(AF_INET6, text, out) == 1 ? 16 : 0;
}

bool
certname_valid(struct span s)
{
	uint8_t address[16];

	return is_name(s) || address_of(s, address) > 0;
}

static bool
same(struct span a, struct span b)
{
	return a.len == b.len &&
	    strncasecmp((const char *)a.p, (const char *)b.p, a.len) == 0;
}

/* What follows the first label, its dot included; empty if it is all. */
static struct span
parent_of(struct span s)
{
	const uint8_t *dot = memchr(s.p, '.', s.len);

	return dot == NULL ? span_sub(s, s.len, 0)
			   : span_sub(s, (size_t)(dot - s.p), s.len);
}

bool
certname_match(struct span name, struct span configured)
{
	uint8_t address[16];

	if (!is_name(name) || !is_name(configured))
		return false;
	/* An address is no host's name, though it looks like one. */
	if (address_of(name, address) > 0 ||
	    address_of(configured, address) > 0)
		return false;
	if (*name.p != '*' && *configured.p != '*')
		return same(name, configured);
	return same(parent_of(name), parent_of(configured));
}

bool
certname_match_ip(struct span address, struct span configured)
{
	uint8_t want[16];
	size_t len = address_of(configured, want);

	return len > 0 && span_eq(address, span_make(want, len));
}
