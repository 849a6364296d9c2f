/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/lately.h"
#include "tests/tap.h"

#define MAX 1000

static bool
seen(struct lately *l, uint64_t n, bool again)
{
	struct digest d;

	digest_begin(&d, lately_seed(l));
	digest_add_word(&d, n);
	digest_end(&d);
	return lately_seen(l, &d, again);
}

static bool
is_same(struct digest *a, struct digest *b)
{
	digest_end(a);
	digest_end(b);
	return a->a == b->a && a->b == b->b;
}

static void
check_digest(void)
{
	struct digest_seed one, other;
	struct digest a, b;

	digest_seed(&one);
	digest_seed(&other);
	digest_begin(&a, &one);
	digest_begin(&b, &one);
	digest_add(&a, SPAN("192.0.2.1, port 443"));
	digest_add(&b, SPAN("192.0.2.1, port 443"));
	ok(is_same(&a, &b), "the same for the same");
	digest_begin(&a, &one);
	digest_begin(&b, &other);
	digest_add(&a, SPAN("x"));
	digest_add(&b, SPAN("x"));
	ok(!is_same(&a, &b), "each seed has its own");
	digest_begin(&a, &one);
	digest_begin(&b, &one);
	digest_add(&a, SPAN("ab"));
	digest_add(&a, SPAN("c"));
	digest_add(&b, SPAN("a"));
	digest_add(&b, SPAN("bc"));
	ok(!is_same(&a, &b), "where a piece ends is part of it");
	digest_begin(&a, &one);
	digest_begin(&b, &one);
	digest_add(&a, SPAN("abcdefghi"));
	digest_add(&b, SPAN("abcdefgh\0i"));
	ok(!is_same(&a, &b), "so is a byte of zero behind eight");
}

static void
check_lately(void)
{
	struct lately *l = lately_new(MAX);
	uint64_t i;
	size_t n = 0;

	for (i = 0; i < MAX; i++)
		n += seen(l, i, false);
	ok(n == 0, "what is new was not there");
	for (i = 0; i < MAX; i++)
		n += seen(l, i, false);
	ok(n == MAX, "all of one generation are known");
	for (; i < 2 * MAX; i++)
		(void)seen(l, i, false);
	ok(!seen(l, 0, false), "of the one before that none is");
	ok(seen(l, MAX, true), "what comes again is known");
	for (; i < 3 * MAX; i++)
		(void)seen(l, i, false);
	ok(seen(l, MAX, false) && !seen(l, MAX + 1, false),
	    "and stays, where it is wanted, while others go");
	lately_free(l);
}

int
main(void)
{
	check_digest();
	check_lately();
	return done();
}
