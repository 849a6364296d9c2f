/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>
#include <string.h>

#include "analyzer/find/indicators.h"
#include "analyzer/find/matcher.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Each row is taken or refused; what is taken is read again as itself, and is
 * found in a record that is nothing else. */
static void
check(const struct indicator *v, size_t n, struct arena *arena)
{
	struct matcher *m = matcher_new(v, n);
	struct matcher_look *look = matcher_look_new(m);
	struct indicator again;
	size_t i, k, found;

	for (i = 0; i < n && i < 20; i++) {
		assert(indicator_parse(v[i].text,
			   span_str(indicator_kind_word(v[i].kind)), arena,
			   &again) == INDICATOR_ERR_OK);
		assert(again.kind == v[i].kind &&
		    span_eq(again.text, v[i].text));
		if (v[i].kind == INDICATOR_NETWORK)
			continue; /* not every one has its own address first */
		found = matcher_look_at(look, RECORD_RECEIVED, v[i].text,
		    NULL);
		for (k = 0; k < found && matcher_look_found(look, k) != i; k++)
			;
		assert(k < found);
	}
	matcher_look_free(look);
	matcher_free(m);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct arena *arena = arena_new();
	struct indicators is;

	indicators_init(&is, arena);
	indicators_add_list(&is, span_make(p, len), "list.csv");
	assert(is.n + is.refused >= is.lists[0].rows);
	indicators_finish(&is);
	check(is.v, is.n, arena);
	indicators_fini(&is);
	arena_free(arena);
	return 0;
}
