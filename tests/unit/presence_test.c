/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/presence.h"

#include "common/utc.h"
#include "tests/tap.h"

#define AT(h, m) ((h) * UTC_HOUR + (m) * UTC_MINUTE)

/* L: a login; E: an end of which the duration is d minutes, or unknown. */
static const struct note {
	char what;
	int h, m, d;
} notes[] = { { 'L', 9, 0, 0 }, { 'E', 10, 0, 0 },  /* a plain one */
	{ 'E', 13, 0, 60 },			    /* whose login is lost */
	{ 'L', 15, 0, 0 },			    /* whose end is lost */
	{ 'L', 18, 0, 0 }, { 'E', 20, 0, 120 } };

#define NOTES (sizeof(notes) / sizeof(notes[0]))

static const struct {
	int h, m;
	bool there;
} asked[] = { { 8, 59, false }, { 9, 0, true }, { 9, 59, true },
	{ 10, 0, false }, { 11, 59, false }, { 12, 0, true }, { 12, 59, true },
	{ 13, 0, false }, { 15, 0, true }, { 15, 29, true },
	{ 15, 31, false }, { 18, 0, true }, { 19, 59, true },
	{ 20, 0, false } };

static void
put(struct presence *p, const struct note *n, const struct address *from)
{
	if (n->what == 'L')
		presence_login(p, SPAN("sato"), AT(n->h, n->m), from);
	else
		presence_end(p, SPAN("sato"), AT(n->h, n->m),
		    n->d * UTC_MINUTE);
}

static void
check(const char *how, bool backward, unsigned times)
{
	struct presence *p = presence_new();
	struct address from;
	size_t i, k;

	(void)address_parse(SPAN("203.0.113.9"), &from);
	for (k = 0; k < times; k++)
		for (i = 0; i < NOTES; i++)
			put(p, &notes[backward ? NOTES - 1 - i : i], &from);
	for (i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
		ok(presence_at(p, SPAN("sato"), AT(asked[i].h, asked[i].m),
		       30 * UTC_MINUTE) == asked[i].there,
		    "%s: at %d:%02d %s", how, asked[i].h, asked[i].m,
		    asked[i].there ? "there" : "away");
	ok(!presence_at(p, SPAN("mori"), AT(9, 30), UTC_DAY),
	    "%s: nobody else is", how);
	presence_free(p);
}

static void
check_sources(void)
{
	struct presence *p = presence_new();
	const struct address *a;
	struct address one, two;
	size_t at = SIZE_MAX, n = 0;

	(void)address_parse(SPAN("203.0.113.9"), &one);
	(void)address_parse(SPAN("198.51.100.9"), &two);
	presence_login(p, SPAN("x"), AT(10, 0), &two);
	presence_login(p, SPAN("x"), AT(9, 0), &one);
	presence_login(p, SPAN("x"), AT(9, 30), NULL);
	presence_login(p, SPAN("x"), AT(8, 0), &one);
	presence_login(p, SPAN("x"), AT(8, 0), &one); /* by a second path */
	a = presence_sources(p, SPAN("x"), AT(9, 0), AT(11, 0), &at);
	ok(a != NULL && address_eq(a, &two), "the newest source first");
	a = presence_sources(p, SPAN("x"), AT(9, 0), AT(11, 0), &at);
	ok(a != NULL && address_eq(a, &one), "then the one before");
	ok(presence_sources(p, SPAN("x"), AT(9, 0), AT(11, 0), &at) == NULL,
	    "what is older is not asked for");
	for (at = SIZE_MAX; presence_sources(p, SPAN("x"), 0, AT(10, 0), &at) !=
	     NULL;)
		n++;
	ok(n == 2, "the end of the time is not part of it");
	ok(presence_forgotten(p) == 0, "nothing was forgotten");
	presence_free(p);
}

int
main(void)
{
	check("in order", false, 1);
	check("backward", true, 1);
	check("twice", false, 2);
	check_sources();
	return done();
}
