/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <string.h>

#include "analyzer/ledger/exception.h"
#include "common/log.h"
#include "common/utc.h"
#include "tests/tap.h"

static const char header[] = "ルール,対象,責任者,理由,開始日,期限,上限\n";

static struct exceptions *
parse(const char *rows, struct problems *ps)
{
	char text[2048];

	problems_init(ps);
	snprintf(text, sizeof(text), "%s%s", header, rows);
	return exceptions_parse(span_str(text), "exceptions.csv",
	    utc_days(2026, 11, 22), ps);
}

static void
test_good(void)
{
	struct problems ps;
	struct exceptions *xs, *moved;
	const struct exception *x;

	xs = parse("OUT,host=007,山田,夜間の画像転送,2026/11/1,2027/3/31,緊急\n"
		   "CFG-*,,佐藤,試験,R8.11.1,2026年12月1日,\n",
	    &ps);
	ok(exceptions_count(xs) == 2 && ps.n == 0, "rows in order");
	x = exceptions_at(xs, 0);
	ok(strcmp(x->rule, "OUT") == 0 && strcmp(x->about, "host=007") == 0 &&
		strcmp(x->owner, "山田") == 0 &&
		strcmp(x->reason, "夜間の画像転送") == 0 &&
		x->from == utc_days(2026, 11, 1) &&
		x->until == utc_days(2027, 3, 31) && x->most == 4 &&
		x->row == 2 && strlen(x->id) == 8,
	    "are read whole");
	ok(exceptions_at(xs, 1)->most == EXCEPTION_GRAVE,
	    "serious is the highest unless the row says critical");
	problems_fini(&ps);
	moved = parse("\nX,,a,b,2026/1/1,2026/12/31,\n"
		      "OUT,host=007,山田,夜間の画像転送,2026/11/1,2027/3/31,"
		      "緊急\n",
	    &ps);
	ok(strcmp(exceptions_at(moved, 1)->id, x->id) == 0,
	    "a row that moved keeps its id");
	ok(strcmp(exceptions_at(moved, 0)->id, x->id) != 0,
	    "another has another");
	problems_fini(&ps);
	exceptions_free(xs);
	exceptions_free(moved);
}

static const struct {
	const char *name, *row, *column;
	size_t kept;
} bad[] = {
	{ "nobody's", "OUT,,,r,2026/11/1,2026/12/1,", "責任者", 0 },
	{ "without a reason", "OUT,,o,,2026/11/1,2026/12/1,", "理由", 0 },
	{ "without an end", "OUT,,o,r,2026/11/1,,", "期限", 0 },
	{ "without a beginning", "OUT,,o,r,,2026/12/1,", "開始日", 0 },
	{ "with no such day", "OUT,,o,r,2026/11/1,2026/13/1,", "期限", 0 },
	{ "that ends before it begins", "OUT,,o,r,2026/11/2,2026/11/1,",
	    "期限", 0 },
	{ "of a year and two days", "OUT,,o,r,2026/11/1,2027/11/3,", "期限",
	    0 },
	{ "about everything", ",,o,r,2026/11/1,2026/12/1,", "対象", 0 },
	{ "about everything by a star", "*,,o,r,2026/11/1,2026/12/1,", "対象",
	    0 },
	{ "of no severity", "OUT,,o,r,2026/11/1,2026/12/1,高", "上限", 0 },
	{ "that has expired", "OUT,,o,r,2026/11/1,2026/11/21,", "期限", 1 },
};

static void
test_bad(void)
{
	struct problems ps;
	struct exceptions *xs;
	char text[512];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text),
		    "%s\nCFG-01,,o,r,2026/11/1,2027/11/2,\n", bad[i].row);
		xs = parse(text, &ps);
		ok(xs != NULL && exceptions_count(xs) == bad[i].kept + 1 &&
			ps.n == 1 && !ps.v[0].error && ps.v[0].row == 2 &&
			strcmp(ps.v[0].column, bad[i].column) == 0,
		    "a row %s is said, the next holds: %s", bad[i].name,
		    ps.n > 0 ? ps.v[0].what : "nothing");
		problems_fini(&ps);
		exceptions_free(xs);
	}
	problems_init(&ps);
	ok(exceptions_parse(SPAN("a,b\n1,2\n"), "x.csv", 0, &ps) == NULL &&
		ps.errors == 1,
	    "another table is an error");
	problems_fini(&ps);
	xs = parse("OUT,,o,r,2026/11/1,2026/11/22,\n", &ps);
	ok(ps.n == 0, "on its last day it has not expired");
	problems_fini(&ps);
	exceptions_free(xs);
}

/* As Excel in Japan saves it. */
static void
test_cp932(void)
{
	static const char text[] = "\x83\x8b\x81\x5b\x83\x8b,"
				   "\x90\xd3\x94\x43\x8e\xd2,"
				   "\x97\x9d\x97\x52,"
				   "\x8a\x4a\x8e\x6e\x93\xfa,"
				   "\x8a\xfa\x8c\xc0\r\n"
				   "OUT,\x8e\x52\x93\x63,"
				   "\x97\x9d\x97\x52,"
				   "2026/11/1,2026/12/1\r\n";
	struct problems ps;
	struct exceptions *xs;

	problems_init(&ps);
	xs = exceptions_parse(span_str(text), "x.csv", 0, &ps);
	ok(xs != NULL && exceptions_count(xs) == 1 &&
		strcmp(exceptions_at(xs, 0)->owner, "山田") == 0,
	    "CP932 is read");
	exceptions_free(xs);
	problems_fini(&ps);
}

int
main(void)
{
	log_set_lang("en");
	test_good();
	test_bad();
	test_cp932();
	return done();
}
