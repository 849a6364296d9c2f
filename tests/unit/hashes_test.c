/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/hashes.h"
#include "tests/tap.h"

#define MANY 200000

static void
make(const struct hashes *h, uint64_t n, struct digest *d)
{
	digest_begin(d, hashes_seed(h));
	digest_add_word(d, n);
	digest_end(d);
}

static bool
has(const struct hashes *h, uint64_t n)
{
	struct digest d;

	make(h, n, &d);
	return hashes_has(h, &d);
}

static void
add(struct hashes *h, uint64_t n)
{
	struct digest d;

	make(h, n, &d);
	hashes_add(h, &d);
}

int
main(void)
{
	struct hashes *h = hashes_new();
	size_t known = 0, strange = 0;
	uint64_t i;

	ok(!has(h, 1) && hashes_count(h) == 0, "nothing is known at first");
	for (i = 0; i < MANY; i++) {
		strange += has(h, i);
		add(h, i);
	}
	ok(strange == 0, "what was not added is not known");
	for (i = 0; i < MANY; i++)
		known += has(h, i);
	ok(known == MANY && hashes_count(h) == MANY,
	    "all stay known as it grows");
	for (i = 0; i < 1000; i++)
		add(h, i);
	ok(hashes_count(h) == MANY, "once is enough");
	for (i = MANY; i < 2 * MANY; i++)
		strange += has(h, i);
	ok(strange == 0 && hashes_count(h) == MANY,
	    "to ask makes nothing known");
	hashes_free(h);
	hashes_free(NULL);
	return done();
}
