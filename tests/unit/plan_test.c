/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/plan.h"

#include <string.h>

#include "common/utc.h"
#include "tests/tap.h"

#define JST (9 * 3600)

static const char maintenance[] =
    "作業番号,事業者,ユーザID,対象機器,開始,終了,内容,登録日時\n"
    "M1,X社,,,2026/11/22 1:00,2026/11/22 3:00,更新,2026/11/20 10:00\n"
    "M2,,\"admin、root\",FW01,2026/11/24 22:00,2026/11/25 1:00,,\n"
    "M3,,,,2026/12/1,2026/12/1,,2026/12/5\n";

static const char duty[] = "日付,ユーザID,開始,終了\n"
			   "2026/11/28,tanaka,,\n"
			   "2026/11/29,tanaka,17:15,8:30\n";

static const struct {
	const char *name, *at, *user, *vendor, *device;
	const char *want; /* id of the plan, "" = none */
} cases[] = {
	{ "within", "2026-11-22T02:14:00+09:00", "v1", "x社", "fw01", "M1" },
	{ "grace before", "2026-11-22T00:30:00+09:00", "v1", "x社", "", "M1" },
	{ "one second too early", "2026-11-22T00:29:59+09:00", "v1", "x社", "",
	    "" },
	{ "grace after", "2026-11-22T03:29:59+09:00", "v1", "x社", "", "M1" },
	{ "too late", "2026-11-22T03:30:00+09:00", "v1", "x社", "", "" },
	{ "another vendor", "2026-11-22T02:00:00+09:00", "v2", "y社", "", "" },
	{ "nobody's", "2026-11-22T02:00:00+09:00", "v2", "", "", "" },
	{ "by ID and device", "2026-11-25T00:30:00+09:00", "root", "", "fw01",
	    "M2" },
	{ "another device", "2026-11-25T00:30:00+09:00", "root", "", "fw02",
	    "" },
	{ "another ID", "2026-11-25T00:30:00+09:00", "guest", "", "fw01", "" },
	{ "a whole day", "2026-12-01T23:59:59+09:00", "any", "", "any", "M3" },
};

/* The day in a column of its own, as in a record of work done. */
static const char history[] =
    "作業番号,作業日,開始時刻,終了時刻\n"
    "H1,2026/11/22,22:00,1:00\n"
    "H2,令和8年11月24日,９：００,12:30\n"
    "H3,2026/11/26,2026/11/26 8:00,24:00\n";

static const struct {
	const char *at, *want;
} done_at[] = {
	{ "2026-11-22T21:59:59+09:00", "" },
	{ "2026-11-22T22:00:00+09:00", "H1" },
	{ "2026-11-23T00:59:59+09:00", "H1" },
	{ "2026-11-23T01:00:00+09:00", "" },
	{ "2026-11-24T09:00:00+09:00", "H2" },
	{ "2026-11-24T12:30:00+09:00", "" },
	{ "2026-11-26T23:59:59+09:00", "H3" },
	{ "2026-11-27T00:00:00+09:00", "" },
};

static const struct {
	const char *at;
	bool on;
} duties[] = {
	{ "2026-11-27T23:59:59+09:00", false },
	{ "2026-11-28T00:00:00+09:00", true },
	{ "2026-11-29T11:59:59+09:00", true },
	{ "2026-11-29T12:00:00+09:00", false },
	{ "2026-11-29T17:15:00+09:00", true },
	{ "2026-11-30T08:29:59+09:00", true },
	{ "2026-11-30T08:30:00+09:00", false },
};

static const struct {
	const char *csv, *column;
} bad[] = {
	{ "開始,終了\n2026/11/22 1:00,22日\n", "終了" },
	{ "作業日,開始,終了\n2026/11/22,25:00,2:00\n", "開始" },
	{ "作業日,開始,終了\n11月22日,1:00,2:00\n", "作業日" },
	{ "開始,終了\n2026/11/22 1:00,2026/11/22 1:00\n", "終了" },
	{ "開始,終了\n2026/11/22 1:00,2027/11/22 3:00\n", "終了" },
	{ "開始,終了,登録日\n2026/11/22 1:00,2026/11/22 3:00,x\n", "登録日" },
};

static const struct plan *
covering(const struct plans *pl, const char *at, const char *user,
    const char *vendor, const char *device, int64_t grace)
{
	struct plan_act act = { .grace = grace,
		.user = span_str(user),
		.vendor = span_str(vendor),
		.device = { span_str(device) } };
	int zone;

	(void)utc_parse(span_str(at), &act.time, &zone);
	return plans_covering(pl, &act);
}

int
main(void)
{
	const struct plan *p;
	struct problems ps;
	struct plans *pl;
	size_t i;

	problems_init(&ps);
	pl = plans_parse_maintenance(span_str(maintenance), "m.csv", JST, &ps);
	ok(pl != NULL && plans_count(pl) == 3, "three plans");
	for (i = 0; pl != NULL && i < sizeof(cases) / sizeof(cases[0]); i++) {
		p = covering(pl, cases[i].at, cases[i].user, cases[i].vendor,
		    cases[i].device, 30 * UTC_MINUTE);
		ok(span_is(p == NULL ? SPAN("") : p->id, cases[i].want), "%s",
		    cases[i].name);
	}
	if (pl != NULL)
		ok(!plans_at(pl, 0)->late && plans_at(pl, 2)->late,
		    "entered afterwards is marked");
	plans_free(pl);
	pl = plans_parse_maintenance(span_str(history), "h.csv", JST, &ps);
	ok(pl != NULL && ps.n == 0, "a record of work done is read");
	for (i = 0; pl != NULL && i < sizeof(done_at) / sizeof(done_at[0]);
	     i++) {
		p = covering(pl, done_at[i].at, "v", "", "", 0);
		ok(span_is(p == NULL ? SPAN("") : p->id, done_at[i].want),
		    "work at %s", done_at[i].at);
	}
	plans_free(pl);
	pl = plans_parse_duty(span_str(duty), "d.csv", JST, &ps);
	ok(pl != NULL && plans_count(pl) == 2, "two duties");
	for (i = 0; pl != NULL && i < sizeof(duties) / sizeof(duties[0]); i++)
		ok((covering(pl, duties[i].at, "tanaka", "", "", 0) != NULL) ==
			duties[i].on,
		    "%s", duties[i].at);
	plans_free(pl);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		problems_fini(&ps);
		pl = plans_parse_maintenance(span_str(bad[i].csv), "m.csv", JST,
		    &ps);
		ok(pl == NULL && ps.n == 1 && ps.v[0].row == 2 &&
			strcmp(ps.v[0].column, bad[i].column) == 0,
		    "refused: %s", ps.n > 0 ? ps.v[0].what : "");
	}
	problems_fini(&ps);
	return done();
}
