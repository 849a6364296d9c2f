/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/command/arrivals.h"

#include <string.h>

#include "tests/tap.h"

static void
leaf_of(uint64_t i, uint8_t leaf[SHA256_LEN])
{
	tree_leaf_hash(span_make(&i, sizeof(i)), leaf);
}

static void
root_of(uint64_t n, uint8_t root[SHA256_LEN])
{
	uint8_t leaf[SHA256_LEN];
	struct tree_range r;
	uint64_t i;

	tree_range_init(&r, 0);
	for (i = 0; i < n; i++) {
		leaf_of(i, leaf);
		tree_range_append(&r, leaf);
	}
	tree_range_root(&r, root);
}

int
main(void)
{
	uint8_t leaf[SHA256_LEN], other[SHA256_LEN], root[SHA256_LEN];
	struct arrivals a;
	uint64_t i, first = 0, last = 0;

	arrivals_init(&a, 5000);
	for (i = 0; i < 6000; i++) {
		leaf_of(i, leaf);
		arrivals_add(&a, i, leaf);
		if (i == 3000) /* a break: from 2990 on again */
			i = 2989;
		if (a.again == 11)
			break;
	}
	ok(a.n == 3001 && a.again == 11, "what comes again is counted");
	for (i = 3001; i < 6000; i++) {
		leaf_of(i, leaf);
		arrivals_add(&a, i, leaf);
	}
	root_of(5000, root);
	ok(a.n == 6000 && a.first == 0 && a.last == 5999, "all are there");
	ok(a.root_known && memcmp(a.root, root, SHA256_LEN) == 0,
	    "and have the root that was wanted");
	leaf_of(7, other);
	ok(arrivals_add(&a, 8, other) == ARRIVAL_DIFFERS && a.differ == 1,
	    "another record in the place of one is found");
	leaf_of(8, leaf);
	ok(arrivals_same(&a, 8, leaf) && !arrivals_same(&a, 8, other),
	    "the first stays");
	ok(!arrivals_have(&a, 6000) && !arrivals_have(&a, UINT64_MAX),
	    "what did not arrive is not there");
	ok(arrivals_add(&a, ARRIVALS_MAX, leaf) == ARRIVAL_FAR && a.far == 1,
	    "an index far away costs no memory");
	arrivals_fini(&a);

	arrivals_init(&a, 3);
	leaf_of(0, leaf);
	arrivals_add(&a, 0, leaf);
	leaf_of(2, leaf);
	arrivals_add(&a, 2, leaf);
	ok(!a.root_known && a.n == 2 && !arrivals_have(&a, 1),
	    "without one in between there is no root");
	leaf_of(9000, leaf);
	arrivals_add(&a, 9000, leaf);
	ok(arrivals_hole(&a, &first, &last) && first == 1 && last == 1,
	    "which is named");
	first = last + 1;
	ok(arrivals_hole(&a, &first, &last) && first == 3 && last == 8999,
	    "as are those that follow each other");
	first = last + 1;
	ok(!arrivals_hole(&a, &first, &last), "and no others");
	arrivals_fini(&a);

	arrivals_init(&a, 0);
	arrivals_add(&a, 999999999999, leaf);
	ok(arrivals_have(&a, 999999999999) && a.first == 999999999999 &&
		arrivals_add(&a, 0, leaf) == ARRIVAL_FAR,
	    "it may begin anywhere");
	arrivals_fini(&a);
	return done();
}
