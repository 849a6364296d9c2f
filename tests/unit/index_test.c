/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/index.h"

#include <stdio.h>

#include "tests/tap.h"

#define KEYS 20000u

int
main(void)
{
	struct index *x = index_new();
	static uint32_t now[KEYS];
	char key[32];
	uint32_t i, *slot;
	unsigned bad = 0;

	ok(index_get(x, SPAN("")) == INDEX_NONE, "empty at first");
	for (i = 0; i < KEYS; i++) {
		snprintf(key, sizeof(key), "key%u", i);
		slot = index_put(x, span_str(key));
		bad += *slot != INDEX_NONE;
		*slot = i;
	}
	ok(bad == 0, "new keys are new");
	for (i = 0; i < KEYS; i++) {
		snprintf(key, sizeof(key), "key%u", i);
		bad += index_get(x, span_str(key)) != i;
		bad += *index_put(x, span_str(key)) != i;
	}
	ok(bad == 0, "every key has its value");
	ok(index_count(x) == KEYS, "counted");
	ok(index_get(x, SPAN("key20000")) == INDEX_NONE, "others have none");
	*index_put(x, SPAN("")) = 7;
	*index_put(x, SPAN("a\0b")) = 8;
	ok(index_get(x, SPAN("")) == 7, "the empty key");
	ok(index_get(x, SPAN("a\0b")) == 8 &&
		index_get(x, SPAN("a")) == INDEX_NONE,
	    "a NUL is a byte");
	for (i = 0; i < KEYS; i++)
		now[i] = i % 3 == 0 ? i / 3 : INDEX_NONE;
	index_remap(x, now);
	bad = index_count(x) != (KEYS + 2) / 3;
	for (i = 0; i < KEYS; i++) {
		snprintf(key, sizeof(key), "key%u", i);
		bad += index_get(x, span_str(key)) != now[i];
	}
	ok(bad == 0, "values are renumbered, keys forgotten");
	*index_put(x, SPAN("key1")) = 5;
	ok(index_get(x, SPAN("key1")) == 5 && index_get(x, SPAN("key3")) == 1,
	    "and may come again");
	index_free(x);
	index_free(NULL);
	return done();
}
