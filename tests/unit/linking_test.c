/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/case/linking.h"
#include "common/utc.h"
#include "tests/tap.h"

/* What an address joins that many have to do with. */
#define MAX (LINKING_COMMON + 2)
#define ADDRESS "10.0.0.53"

static struct casebook_finding f[MAX];
static struct casebook_entity e[MAX][2];
static size_t set[MAX];

static void
put(size_t i, const char *user, int64_t at, const char *key)
{
	static char id[MAX][9];

	snprintf(id[i], sizeof(id[i]), "%08zu", i);
	e[i][0] = (struct casebook_entity){ "user", user, "" };
	e[i][1] = (struct casebook_entity){ "ip", ADDRESS, "" };
	f[i] = (struct casebook_finding){ .id = id[i],
		.rule = "A-1",
		.kind = "alert",
		.key = key,
		.group = id[i],
		.from = at,
		.until = at + 1,
		.entities = e[i],
		.n_entities = 2,
		.entered = i };
}

/* n users, so far apart, and one finding about something: how many sets. */
static size_t
sets(size_t n, int64_t apart, const char *about)
{
	static char who[MAX][16], key[MAX][24];
	size_t i, roots = 0;

	for (i = 0; i < n; i++) {
		snprintf(who[i], sizeof(who[i]), "u%zu", i);
		snprintf(key[i], sizeof(key[i]), "user=u%zu", i);
		put(i, who[i], (int64_t)i * apart, key[i]);
	}
	if (about != NULL) {
		put(n, "x", 0, about);
		n++;
	}
	linking_sets(f, n, set);
	for (i = 0; i < n; i++)
		roots += set[i] == i;
	return roots;
}

/* Of more than ten, one that is silenced or excepted counts for nothing. */
static void
check_quiet(void)
{
	static const enum casebook_quiet quiet[] = { CASEBOOK_EXCEPTED,
		CASEBOOK_SILENCED };
	size_t i, k, n = LINKING_COMMON + 1, one;

	for (i = 0; i < 2; i++) {
		(void)sets(n, UTC_MINUTE, NULL);
		f[n - 1].quiet = quiet[i];
		linking_sets(f, n, set);
		for (k = one = 0; k + 1 < n; k++)
			one += set[k] == 0;
		ok(one == n - 1 &&
			!linking_is_common(f, n, &f[0], &e[0][1]) &&
			linking_joins(f, n, &f[0], &f[1]),
		    "what nobody is told of makes nothing common, %s",
		    i == 0 ? "excepted" : "silenced");
	}
}

/* Two that are near, one of them within a day of ten others. */
static void
check_both(void)
{
	size_t i, n = LINKING_COMMON + 2;

	(void)sets(n, 0, NULL);
	f[1].from += 23 * UTC_HOUR;
	f[1].until += 23 * UTC_HOUR;
	for (i = 2; i < n; i++) {
		f[i].from += 46 * UTC_HOUR;
		f[i].until += 46 * UTC_HOUR;
	}
	ok(!linking_joins(f, n, &f[0], &f[1]) &&
		!linking_joins(f, n, &f[1], &f[0]),
	    "what is common for one of two joins neither");
	linking_sets(f, n, set);
	ok(set[0] == 0 && set[1] == 1, "in sets as well");
}

static void
check_earliest(void)
{
	size_t i, n = LINKING_COMMON;

	(void)sets(n, UTC_MINUTE, NULL);
	for (i = 0; i < n; i++)
		f[i].first = f[i].from;
	ok(linking_earliest(f + 1, n - 1, &f[n - 1]) == &f[1],
	    "the first of those that it is joined with");
	f[1].replay = true;
	f[2].group = "";
	ok(linking_earliest(f + 1, n - 1, &f[n - 1]) == &f[3],
	    "not a drill, nor what is of no case");
	ok(linking_earliest(f, 0, &f[1]) == NULL, "of none none");
}

int
main(void)
{
	const size_t n = LINKING_COMMON;

	ok(sets(n, UTC_MINUTE, NULL) == 1, "one address of ten users joins");
	ok(!linking_is_common(f, n, &f[0], &e[0][1]) &&
		linking_joins(f, n, &f[0], &f[1]),
	    "as they come, too");
	ok(sets(n + 1, UTC_MINUTE, NULL) == n + 1,
	    "one of more than ten joins nothing");
	ok(linking_is_common(f, n + 1, &f[0], &e[0][1]) &&
		!linking_joins(f, n + 1, &f[0], &f[1]) &&
		linking_shares(&f[0], &f[1]),
	    "nor as they come");
	ok(!linking_is_common(f, n + 1, &f[0], &e[0][0]),
	    "what is no address is never common");
	ok(sets(n + 1, UTC_DAY, NULL) == 1,
	    "only those within a day of each other count");
	ok(sets(n + 1, UTC_MINUTE, "source=" ADDRESS) == 1,
	    "an address that a finding is about joins all");
	ok(sets(n + 1, UTC_MINUTE, "user=x source=" ADDRESS) == 1,
	    "wherever its key says so");
	ok(sets(n + 1, UTC_MINUTE, "source=" ADDRESS "1") == n + 2,
	    "but not one that begins like it");
	check_quiet();
	check_both();
	check_earliest();
	return done();
}
