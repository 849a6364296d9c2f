/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/seen.h"

#include <stdio.h>
#include <string.h>

#include "analyzer/ledger/index.h"
#include "tests/tap.h"

#define FORGET 10

/* Sightings, and the stretches that must come of them. */
static const struct {
	const char *name;
	int64_t times[6];
	size_t n;
	const char *want;
} cases[] = {
	{ "one", { 5 }, 1, "5-5" },
	{ "near ones are a stretch", { 5, 12, 20 }, 3, "5-20" },
	{ "exactly as far as is forgotten", { 5, 15 }, 2, "5-15" },
	{ "farther begins anew", { 5, 16 }, 2, "5-5 16-16" },
	{ "a bridge joins two", { 5, 25, 15 }, 3, "5-25" },
	{ "before the first", { 50, 30 }, 2, "30-30 50-50" },
	{ "between two, near neither", { 0, 40, 20 }, 3, "0-0 20-20 40-40" },
	{ "between two, near the later", { 0, 40, 31 }, 3, "0-0 31-40" },
	{ "twice the same", { 7, 7 }, 2, "7-7" },
};

static void
print(const struct seen *s, char *out)
{
	const struct seen_stretch *v;
	size_t i, n;

	*out = '\0';
	v = seen_stretches(s, 0, &n);
	for (i = 0; i < n; i++)
		out += sprintf(out, "%s%d-%d", i > 0 ? " " : "",
		    (int)v[i].first, (int)v[i].last);
}

/* Every order of the sightings; Heap's algorithm would be longer. */
static unsigned
orders(int64_t *t, size_t at, size_t n, const char *want)
{
	struct seen *s;
	unsigned bad = 0;
	char got[128];
	int64_t swap;
	size_t i;

	if (at == n) {
		s = seen_new(FORGET);
		for (i = 0; i < n; i++)
			(void)seen_note(s, SPAN("k"), t[i]);
		print(s, got);
		seen_free(s);
		return strcmp(got, want) != 0;
	}
	for (i = at; i < n; i++) {
		swap = t[at], t[at] = t[i], t[i] = swap;
		bad += orders(t, at + 1, n, want);
		swap = t[at], t[at] = t[i], t[i] = swap;
	}
	return bad;
}

int
main(void)
{
	int64_t many[] = { 3, 40, 9, 22, 31, 60, 75 };
	int64_t times[6];
	struct seen *s;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memcpy(times, cases[i].times, sizeof(times));
		ok(orders(times, 0, cases[i].n, cases[i].want) == 0,
		    "%s, in every order", cases[i].name);
	}
	ok(orders(many, 0, 7, "3-9 22-40 60-60 75-75") == 0,
	    "seven, in 5040 orders");
	s = seen_new(FORGET);
	ok(seen_note(s, SPAN("a"), 5) == 0 && seen_note(s, SPAN("b"), 5) == 1 &&
		seen_note(s, SPAN("a"), 9) == 0,
	    "keys have numbers");
	ok(seen_at(s, 0, 7) != NULL && seen_at(s, 0, 10) == NULL &&
		seen_at(s, 1, 7) == NULL,
	    "the stretch of a time");
	seen_free(s);
	return done();
}
