/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/rule/cited.h"

#include "tests/tap.h"

/* The record of a number: so many seconds after the first. */
static void
put(struct cited *c, uint64_t number)
{
	struct finding_cite cite = { "log", number, (int64_t)number, { 0 } };

	cited_put(c, number, &cite);
}

static bool
holds(const struct cited_list *l, uint64_t of, size_t n, const uint64_t *index)
{
	bool same = l->of == of && l->n == n;
	size_t i;

	for (i = 0; same && i < n; i++)
		same = l->v[i].index == index[i];
	return same;
}

/* Two bases of a rule may fit one record: its window holds it twice. */
static void
check_twice(void)
{
	static const uint64_t window[] = { 3, 1, 1, 2, 3 };
	static const uint64_t records[] = { 1, 2, 3 };
	struct cited_list a = { .n = 0 }, b = { .n = 0 };
	struct cited *c = cited_new();

	put(c, 1);
	put(c, 2);
	put(c, 2);
	put(c, 3);
	cited_list(c, window, 5, 5, &a);
	ok(holds(&a, 3, 3, records) && a.index_first == 1 && a.index_last == 3,
	    "a record that is in a window twice is cited and counted once");
	cited_list(c, window, 2, 2, &b);
	cited_join(&b, &a);
	ok(holds(&b, 3, 3, records), "and once when two results rest on it");
	cited_free(c);
}

/* What completed a correlation that is counted stands for what it rests on. */
static void
check_rests(void)
{
	static const uint64_t inner[] = { 1, 2, 3 }, outer[] = { 3, 4 };
	static const uint64_t more[] = { 5, 6 };
	static const uint64_t records[] = { 1, 2, 3, 4 };
	static const uint64_t all[] = { 1, 2, 3, 4, 5, 6 };
	struct cited_list l = { .n = 0 }, m = { .n = 0 };
	struct cited *c = cited_new();
	uint64_t i;

	for (i = 1; i <= 6; i++)
		put(c, i);
	cited_rests(c, 3, inner, 3, 3);
	put(c, 3);
	cited_list(c, outer, 2, 2, &l);
	ok(holds(&l, 4, 4, records),
	    "what completed one is cited with what it rests on, itself once");
	cited_rests(c, 4, outer, 2, 12);
	cited_rests(c, 4, more, 2, 2);
	cited_list(c, outer + 1, 1, 1, &m);
	ok(holds(&m, 16, 6, all),
	    "and so through two of them; those not named are counted");
	cited_free(c);
}

static void
check_bounds(void)
{
	const uint64_t first = 0, late = CITED_MAX;
	struct cited_list l = { .n = 0 }, m = { .n = 0 };
	struct cited *c = cited_new();
	uint64_t i;
	size_t k;
	bool same;

	for (i = 0; i <= CITED_MAX; i++)
		put(c, i);
	cited_list(c, &first, 1, 1, &l);
	cited_list(c, &late, 1, 1, &l);
	ok(holds(&l, 2, 1, &late), "the oldest is counted, but not cited");
	for (i = 100; i > 0; i--)
		cited_list(c, &i, 1, 1, &m);
	same = m.of == 100 && m.n == FINDING_CITES;
	for (k = 0; k < m.n; k++)
		same &= m.v[k].index == k + 1;
	ok(same && m.index_first == 1 && m.index_last == 100,
	    "of many the first by time, in whatever order they come");
	cited_free(c);
}

int
main(void)
{
	check_twice();
	check_rests();
	check_bounds();
	return done();
}
