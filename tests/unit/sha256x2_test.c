/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "common/sha256x2.h"

#include <stdlib.h>

#include "tests/tap.h"

/* Both lanes give what one hash alone gives, whatever the two lengths are. */
int
main(void)
{
	uint8_t *a, *b, want_a[SHA256_LEN], want_b[SHA256_LEN];
	uint8_t out_a[SHA256_LEN], out_b[SHA256_LEN];
	size_t i, j, bad = 0, n = 0;

	for (i = 0; i < 200; i++) {
		for (j = 0; j < 200; j += i % 7 + 1, n++) {
			/* exact sizes, so that a sanitizer sees a byte more */
			a = malloc(i + 1);
			b = malloc(j + 1);
			memset(a, (int)i, i);
			memset(b, (int)j + 1, j);
			sha256(span_make(a, i), want_a);
			sha256(span_make(b, j), want_b);
			sha256x2(span_make(a, i), span_make(b, j), out_a,
			    out_b);
			bad += memcmp(out_a, want_a, SHA256_LEN) != 0 ||
			    memcmp(out_b, want_b, SHA256_LEN) != 0;
			free(a);
			free(b);
		}
	}
	ok(bad == 0, "%zu pairs of lengths", n);
	sha256x2(span_make(NULL, 0), SPAN("abc"), out_a, out_b);
	ok(out_a[0] == 0xe3 && out_a[31] == 0x55 && out_b[0] == 0xba &&
		out_b[31] == 0xad,
	    "nothing, and FIPS 180-4's abc");
	return done();
}
