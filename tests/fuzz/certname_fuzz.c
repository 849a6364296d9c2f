/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "site/certname.h"
#include "site/fingerprint.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What follows the first dot. */
static struct span
parent_of(struct span s)
{
	const uint8_t *dot = memchr(s.p, '.', s.len);

	return dot == NULL ? SPAN("")
			   : span_sub(s, (size_t)(dot - s.p) + 1, s.len);
}

static int
same(struct span a, struct span b)
{
	size_t i;

	for (i = 0; i < a.len && i < b.len; i++)
		if (tolower(a.p[i]) != tolower(b.p[i]))
			return 0;
	return a.len == b.len;
}

/*
 * Two names with a zero byte between them.  Names that match are both names,
 * match the other way round too, differ at most in a first label of which one
 * is a star, and no byte that is none of a name is in them.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *buf, size_t len)
{
	const uint8_t *nul = len == 0 ? NULL : memchr(buf, 0, len);
	size_t n = nul == NULL ? len : (size_t)(nul - buf);
	struct span a = { buf, n },
		    b = span_sub((struct span){ buf, len },
			len == n ? n : n + 1, len);
	uint8_t hash[SHA256_LEN];

	if (certname_match(a, b)) {
		assert(certname_match(b, a));
		assert(certname_valid(a) && certname_valid(b));
		assert(same(parent_of(a), parent_of(b)));
		assert(same(a, b) || a.p[0] == '*' || b.p[0] == '*');
		assert(a.len <= CERTNAME_MAX && b.len <= CERTNAME_MAX);
		assert(memchr(b.p, 0, b.len) == NULL);
	}
	if (certname_valid(a) && !certname_match(a, a))
		assert(!certname_match(a, b));
	if (certname_match_ip(a, b))
		assert(a.len == 4 || a.len == 16);
	if (fingerprint_parse(b, hash) == 0)
		assert(b.len >= 7 + 2 * sizeof(hash));
	return 0;
}
