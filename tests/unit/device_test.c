/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/device.h"

#include <string.h>

#include "analyzer/ledger/sheet.h"
#include "common/utc.h"
#include "tests/tap.h"

/* The columns and values of the guidance's own example. */
static const char example[] =
    "管理番号,メーカー,OS,ソフトウェア,ソフトウェアバージョン,IPアドレス,"
    "コンピュータ名,設置場所,利用者,登録日,状態,説明\r\n"
    "001,A社,Win11,○○電子カルテ,2.0,192.168.○.○,Room1のPC1,Room1,"
    "a医師（○○科）,2020/12/1,稼働,\r\n"
    "002,A社,Win11,○○電子カルテ,1.2,192.168.○.○,Room1のPC2,Room1,"
    "b医師（○○科）,2020/12/1,停止,メンテナンス\r\n"
    "003,A社,Win8,○○電子カルテ,2.0,192.168.〇.〇,Room2のPC1,Room2,"
    "c医師（△△科）,2014/10/1,稼働,\r\n"
    "004,B社,Win11,○○管理システム,5.0.1,192.168.○.○,Room3のPC1,Room3,"
    "\"a医師（○○科）、b医師（○○科）、c医師（△△科）\",2021/8/1,稼働,\r\n";

/* What a site adds. */
static const char site[] =
    "機器の一覧,,,,,,,,\n"
    "No,コンピュータ名,ＩＰアドレス,MAC,外部通信,状態,種別,タイムゾーン,備考\n"
    "1,NURSE-SV,\"10.0.0.5, 10.0.0.6\",00-11-22-AA-BB-CC,なし,稼働,サーバ,,\n"
    "2,FW01,10.0.0.1,,あり,稼動中,,UTC,\n"
    "3,PC9,DHCP,,,たぶん,,,\n"
    "4,OLD,,,,,,,8月に撤去\n"
    ",,,,,,,,\n";

static const struct {
	const char *name, *csv;
	unsigned row; /* of the first error */
	const char *column;
} bad[] = {
	{ "no such column", "メーカー\nA社\n", 0, "" },
	{ "a number twice, zeros apart", "管理番号\n001\n1\n", 3, "管理番号" },
	{ "no number", "管理番号,状態\n,稼働\n", 2, "管理番号" },
	{ "no date", "管理番号,登録日\n1,2020/13/1\n", 2, "登録日" },
	{ "no answer", "管理番号,外部通信\n1,少し\n", 2, "外部通信" },
	{ "no zone", "管理番号,タイムゾーン\n1,東京\n", 2, "タイムゾーン" },
	{ "a column twice", "管理番号,状態,状態\n1,,\n", 1, "状態" },
	{ "too many cells", "管理番号,状態\n1,稼働,x\n", 2, "" },
	{ "an open quote", "管理番号\n\"1\n", 2, "" },
	{ "undecodable bytes", "\xff\xfe\xfd\n", 0, "" },
};

static void
check_example(void)
{
	struct problems ps;
	struct devices *ds;
	const struct device *d;
	struct span rest, value;
	size_t n = 0;

	problems_init(&ps);
	ds = devices_parse(span_str(example), "devices.csv", &ps);
	ok(ds != NULL && devices_count(ds) == 4, "the example has 4 devices");
	if (ds == NULL)
		return;
	ok(ps.notices == 4 && ps.v[0].row == 2 &&
		strcmp(ps.v[0].column, "IPアドレス") == 0,
	    "its four masked addresses are named");
	d = devices_by_id(ds, SPAN("2"));
	ok(d != NULL && d->row == 3 && d->state == DEVICE_STOPPED,
	    "2 is 002, which is stopped");
	d = devices_at(ds, 0);
	ok(d->registered == utc_days(2020, 12, 1) && !d->server, "2020/12/1");
	rest = devices_at(ds, 3)->users;
	while (sheet_next_value(&rest, &value))
		n++;
	ok(n == 3, "004 is used by three people");
	ok(devices_by_name(ds, SPAN("Ｒｏｏｍ２のpc1")) == devices_at(ds, 2),
	    "found by name, any width and case");
	devices_free(ds);
	problems_fini(&ps);
}

static void
check_site(void)
{
	struct problems ps;
	struct devices *ds;
	const struct device *sv, *fw;
	struct address a;

	problems_init(&ps);
	ds = devices_parse(span_str(site), "devices.csv", &ps);
	ok(ds != NULL && devices_count(ds) == 4, "a title above is skipped");
	if (ds == NULL)
		return;
	sv = devices_at(ds, 0);
	fw = devices_at(ds, 1);
	(void)address_parse(SPAN("10.0.0.6"), &a);
	ok(devices_by_address(ds, &a) == sv && sv->n_ips == 2,
	    "two addresses in a cell");
	ok(devices_by_mac(ds, SPAN("0011.22aa.bbcc")) == sv, "found by MAC");
	ok(devices_by_mac(ds, SPAN("0011.22aa.bbc")) == NULL, "no MAC");
	ok(devices_by_name(ds, SPAN("nurse-sv.hospital.local")) == sv,
	    "a domain is cut off");
	ok(sv->external == DEVICE_EXTERNAL_NONE && sv->server,
	    "no external traffic, a server");
	ok(fw->external == DEVICE_EXTERNAL_ALLOWED && fw->has_zone &&
		fw->zone == 0 && fw->state == DEVICE_RUNNING && !fw->server,
	    "a device on UTC");
	ok(devices_at(ds, 2)->state == DEVICE_ODD && ps.notices == 1 &&
		ps.v[0].row == 5,
	    "an unknown state is a notice");
	ok(devices_at(ds, 3)->state == DEVICE_STOPPED, "removed by its remark");
	devices_free(ds);
	problems_fini(&ps);
}

int
main(void)
{
	struct problems ps;
	struct devices *ds;
	struct buf b;
	size_t i;

	check_example();
	check_site();
	buf_init(&b);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		problems_init(&ps);
		ds = devices_parse(span_str(bad[i].csv), "devices.csv", &ps);
		ok(ds == NULL && ps.errors > 0 && ps.v[0].row == bad[i].row &&
			strcmp(ps.v[0].column, bad[i].column) == 0 &&
			ps.v[0].what[0] != '\0',
		    "refused: %s", bad[i].name);
		b.len = 0;
		if (ps.n > 0)
			problem_print(&ps.v[0], &b);
		ok(strncmp(buf_cstr(&b), "devices.csv: ", 13) == 0, "%s",
		    buf_cstr(&b));
		problems_fini(&ps);
	}
	buf_fini(&b);
	return done();
}
