/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/sigma/condition.h"

#include <string.h>

#include "tests/tap.h"

/* Selections a, b, sel_x, sel_y, _hidden; values as bits in that order. */
static const char *const names[] = { "a", "b", "sel_x", "sel_y", "_hidden" };

static const struct {
	const char *text;
	unsigned values;
	bool want;
} cases[] = {
	{ "a", 1, true },
	{ "a", 2, false },
	{ "a and b", 3, true },
	{ "a and b", 1, false },
	{ "a or b", 2, true },
	{ "not a", 0, true },
	{ "not a and b", 2, true },
	{ "not (a and b)", 3, false },
	{ "not not a", 1, true },
	{ "a or b and sel_x", 1, true }, /* and binds tighter */
	{ "(a or b) and sel_x", 1, false },
	{ "a OR NOT b", 0, true },
	{ "1 of sel_*", 8, true },
	{ "1 of sel_*", 3, false },
	{ "any of sel_*", 4, true },
	{ "all of sel_*", 8, false },
	{ "all of sel_*", 12, true },
	{ "1 of them", 16, false }, /* _hidden is never meant */
	{ "all of them", 15, true },
	{ "_hidden", 16, true },
	{ "a and not 1 of sel_*", 1, true },
	{ " ( a ) ", 1, true },
};

static const struct {
	const char *text;
	size_t at;
} bad[] = {
	{ "", 0 },
	{ "c", 0 },
	{ "a and", 5 },
	{ "a b", 2 },
	{ "(a", 2 },
	{ "a)", 1 },
	{ "1 of", 4 },
	{ "1 sel_*", 2 },
	{ "1 of nothing*", 5 },
	{ "all of *_*_*_*", 7 },
	{ "a | count() > 5", 2 },
	{ "a and | b", 6 },
	{ "not", 3 },
	{ "((((((((((((((((((((((((((((((((((a", 32 },
};

static bool
holds(void *arg, size_t item)
{
	return (*(const unsigned *)arg >> item & 1) != 0;
}

int
main(void)
{
	struct arena *arena = arena_new();
	const struct condition *c;
	struct condition_error err;
	struct span spans[5];
	unsigned values;
	bool used[5];
	size_t i;

	for (i = 0; i < 5; i++)
		spans[i] = span_str(names[i]);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		values = cases[i].values;
		c = condition_parse(span_str(cases[i].text), spans, 5, used,
		    arena, &err);
		ok(c != NULL &&
			condition_holds(c, holds, &values) == cases[i].want,
		    "%s with %u", cases[i].text, values);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		err.at = 99;
		c = condition_parse(span_str(bad[i].text), spans, 5, used,
		    arena, &err);
		ok(c == NULL && err.at == bad[i].at && err.what[0] != '\0',
		    "refused '%s' at %zu: %s", bad[i].text, err.at, err.what);
	}
	arena_free(arena);
	return done();
}
