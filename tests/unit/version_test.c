/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/case/version.h"

#include <string.h>

#include "analyzer/ledger/outline.h"
#include "tests/tap.h"

static struct arena *arena;

static void
make(enum ledger l, const char *csv, struct version *v)
{
	struct problems ps;
	struct outline *o = arena_alloc(arena, sizeof(*o));

	problems_init(&ps);
	outline_read(o, l, span_str(csv), "x.csv", arena, &ps);
	version_make(o, span_str(csv), arena, v);
	problems_fini(&ps);
}

static const char *
named(const struct version_rows *rows)
{
	struct buf b;
	const char *text;
	uint64_t i;

	buf_init(&b);
	for (i = 0; i < rows->n && i < VERSION_NAMED; i++)
		buf_printf(&b, "%s;", rows->v[i]);
	text = arena_str(arena, buf_view(&b));
	buf_fini(&b);
	return text;
}

#define HEAD "管理番号,設置場所,状態\n"

static const struct {
	const char *name, *before, *after, *added, *changed, *removed;
} diffs[] = {
	{ "nothing differs but the order", HEAD "1,A,稼働\n2,B,稼働\n",
	    HEAD "2,B,稼働\n1,A,稼働\n", "", "", "" },
	{ "rows come and go", HEAD "1,A,稼働\n2,B,稼働\n",
	    HEAD "1,A,稼働\n3,C,稼働\n", "3;", "", "2;" },
	{ "a changed row is told with its columns", HEAD "1,A,稼働\n",
	    HEAD "1,B,停止\n", "", "1: 設置場所, 状態;", "" },
	{ "a column that comes is a change where it is filled",
	    "管理番号,状態\n1,稼働\n2,稼働\n",
	    "管理番号,状態,設置場所\n1,稼働,A\n2,稼働,\n", "", "1: 設置場所;",
	    "" },
	{ "rows of one key are told apart", HEAD "1,A,稼働\n1,B,稼働\n",
	    HEAD "1,A,稼働\n", "", "", "1#2;" },
};

static void
test_diffs(void)
{
	struct version before, after, again;
	struct buf one, two;
	size_t i;

	for (i = 0; i < sizeof(diffs) / sizeof(diffs[0]); i++) {
		make(LEDGER_DEVICES, diffs[i].before, &before);
		make(LEDGER_DEVICES, diffs[i].after, &after);
		version_compare(&after, &before, arena);
		ok(strcmp(named(&after.added), diffs[i].added) == 0 &&
			strcmp(named(&after.changed), diffs[i].changed) == 0 &&
			strcmp(named(&after.removed), diffs[i].removed) == 0 &&
			strcmp(after.was, before.sha256) == 0,
		    "%s", diffs[i].name);
		buf_init(&one);
		buf_init(&two);
		version_print(&after, &one);
		ok(version_parse(buf_view(&one), arena, &again) == 0,
		    "it is read again");
		version_print(&again, &two);
		ok(span_eq(buf_view(&one), buf_view(&two)), "as it was");
		buf_fini(&one);
		buf_fini(&two);
	}
}

/* A version as read from the casebook compares like one that was made. */
static void
test_limits(void)
{
	struct version a, b;
	struct buf csv;
	unsigned i;

	buf_init(&csv);
	buf_str(&csv, HEAD);
	for (i = 0; i < 150; i++)
		buf_printf(&csv, "%u,A,稼働\n", i);
	make(LEDGER_DEVICES, HEAD, &a);
	make(LEDGER_DEVICES, buf_cstr(&csv), &b);
	version_compare(&b, &a, arena);
	ok(b.added.n == 150 && b.rows != NULL, "rows beyond 100 are counted");
	for (; i < 4000; i++)
		buf_printf(&csv, "%u,A,稼働\n", i);
	make(LEDGER_DEVICES, buf_cstr(&csv), &b);
	version_compare(&b, &a, arena);
	ok(b.n == 4000 && b.rows == NULL && b.added.n == 0,
	    "of very long ledgers no rows are kept");
	make(LEDGER_PATIENTS, "患者ID\n1\n2\n", &b);
	ok(b.n == 2 && b.rows == NULL, "of patients neither");
	version_compare(&b, NULL, arena);
	ok(strcmp(b.was, "") == 0, "the first has none before it");
	ok(version_parse(SPAN("{\"type\":\"ledger\"}"), arena, &b) == -1,
	    "what lacks its members is none");
	buf_fini(&csv);
}

int
main(void)
{
	arena = arena_new();
	test_diffs();
	test_limits();
	arena_free(arena);
	return done();
}
