/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/report/outflow.h"
#include "common/log.h"
#include "tests/tap.h"
#include "tests/unit/report_fixture.h"

/*
 * The guidance's list, word for word (障害発生時の対応フローチャート, 2-10
 * 被害状況等調査, 報告事項の例).
 */
static const char *const guidance[] = {
	"異常が発見された日",
	"異常が発生している箇所や診療への影響",
	"今後の被害拡大の可能性",
	"攻撃元(判明する場合)",
	"攻撃手法(判明する場合)",
	"被害発生の変因",
	"講じる対応策 等",
};

static char *
print(const char *lang)
{
	struct fixture f;
	struct buf out;

	log_set_lang(lang);
	fixture_init(&f, false);
	buf_init(&out);
	fixture_print(&f, "damage.html", &out);
	fixture_fini(&f);
	buf_byte(&out, 0);
	return (char *)out.p;
}

static void
test_headings(const char *lang)
{
	static const char open[] =
	    "<section class=\"chapter\"><h2 lang=\"ja\">";
	char *page = print(lang), *s = page;
	size_t i = 0, same = 0;

	for (; (s = strstr(s, open)) != NULL; i++) {
		s += sizeof(open) - 1;
		same += i < DAMAGE_HEADINGS &&
		    strncmp(s, guidance[i], strlen(guidance[i])) == 0 &&
		    s[strlen(guidance[i])] == '<';
	}
	ok(i == DAMAGE_HEADINGS && same == i,
	    "the guidance's headings, word for word and in order (%s)", lang);
	free(page);
}

static const struct {
	const char *name, *what;
} wanted[] = {
	{ "the hour before dawn: half an hour's increase",
	    "<td class=\"t\">11/22(日) 03:00</td><td class=\"n\">4.0 GB</td>"
	    "<td class=\"n\">4,000,000,000</td>" },
	{ "the next hour",
	    "<td class=\"t\">11/22(日) 04:00</td><td class=\"n\">8.0 GB" },
	{ "the close adds only what was not told",
	    "<td class=\"t\">11/22(日) 08:00</td><td class=\"n\">12.0 GB" },
	{ "no byte counts twice", "<td class=\"n\">40,000,000,000</td>" },
	{ "each hour cites its records",
	    "mihon.example/evidence<wbr>#119<wbr> <b>0077ababababab" },
	{ "so does the sum, in the summary",
	    "内容は記録からは分かりません。 <span class=\"src\">"
	    "<span class=\"cite\">mihon.example/evidence<wbr>#119<wbr> "
	    "<b>0077ababababab" },
	{ "a finding in the summary cites its records and its own",
	    "<b>緊急</b> emr01（001、サーバ室）から 198.51.100.77 へ 40.0 GB "
	    "送信されました（11/22 日 03:05–08:05）。 <span class=\"src\">"
	    "<span class=\"cite\">mihon.example/evidence<wbr>#119<wbr> "
	    "<b>0077abababababab</b></span> ほか計 10件　<span "
	    "class=\"cite\">mihon.example/casebook<wbr>#7<wbr> "
	    "<b>0007cdcdcdcdcdcd</b></span></span></li>" },
	{ "so does a device of chapter 2",
	    "<div>外部通信なしの機器から外部への送信 <span class=\"src\">"
	    "<span class=\"cite\">mihon.example/evidence<wbr>#119<wbr> " },
	{ "a step of people cites the casebook",
	    "確認します <span class=\"cite\">mihon.example/casebook<wbr>#10"
	    "<wbr> <b>000acdcdcdcdcdcd</b>" },
	{ "the destination", "198.51.100.77" },
	{ "the account that was used",
	    "<td class=\"u\">tanaka-t</td><td>VPN</td><td "
	    "class=\"a\">198.51.100.77 "
	    "Netherlands</td>" },
	{ "the server account reached through it",
	    "<td class=\"u\">emradmin</td><td>サーバ・システム</td>"
	    "<td class=\"a\">10.212.134.200</td>" },
	{ "a session without an end may be open",
	    "継続している可能性があります。" },
	{ "and is named",
	    "<td>tanaka-t</td><td>VPN</td><td class=\"a\">"
	    "198.51.100.77</td><td class=\"t\">11/22(日) 02:14</td>" },
	{ "its session stands in the annex",
	    "198.51.100.77 (VPN割当 10.212.134.200)</td><td>004 fw01"
	    "（サーバ室）</td><td class=\"t\">11/22(日) 02:14 ～</td>"
	    "<td class=\"u\">終了の記録なし（継続の可能性があります）</td>" },
	{ "after the log was switched off records may be missing",
	    "以後、この機器の記録が欠けている可能性があります" },
	{ "a device that was only connected to", "002 PACS01（サーバ室）" },
	{ "possibility, not verdict", "情報が持ち出された可能性があります" },
	{ "the scope of what is not confirmed",
	    "影響は確認されていません（調査範囲：2026年11月21日(土) "
	    "02:14～2026年11月23日(月) 08:05、情報源4件、記録23件、"
	    "記録された欠測1件、解釈できない行1件）" },
	{ "the addresses may be relays", "踏み台" },
	{ "ATT&CK names", "T1048 別の通信手段による持出し" },
	{ "the numbers it was computed from",
	    "<b>OUT-01</b> bytes = 40.0 GB（40,000,000,000バイト）, limit = 0 "
	    "bytes<br>\n<b>OUT-02</b> median_bytes = 0 bytes<br>" },
	{ "who took it", "佐々木 誠（医療情報システム安全管理責任者）" },
	{ "preservation: root and size", "WlpaWlpaWlpaWlpaWlpaWlpa" },
	{ "gaps", "受信が間に合わず失われた記録 7件" },
	{ "fields for people are open", "記入欄" },
	{ "the drill is marked", "class=\"banner\"" },
};

/* DOMAIN 5.4: what a report never says. */
static const char *const forbidden[] = { "漏えいはありません",
	"不正アクセスです", "異常なし", "犯人" };

/* A long session: time, duration in seconds, total, delta, goes on. */
static const struct {
	const char *at, *duration, *total, *delta, *more;
} parts[] = {
	{ "2026-11-22T03:10:00+09:00", "600", "1000", "1000", "true" },
	{ "2026-11-22T03:20:00+09:00", "1200", "3000", "2000", "true" },
	{ "2026-11-22T04:10:00+09:00", "4200", "9000", "6000", "true" },
	{ "2026-11-22T04:12:00+09:00", "4320", "9500", "500", NULL },
};
#define PARTS (sizeof(parts) / sizeof(parts[0]))

static void
take_part(struct outflow *v, size_t i)
{
	struct event e = { .origin = "o", .index = i };
	char nsec[32];
	const int64_t at = fixture_time(parts[i].at);

	snprintf(nsec, sizeof(nsec), "%s000000000", parts[i].duration);
	event_add(&e, ECS_KIND, SPAN("traffic"));
	event_add(&e, ECS_OBSERVER_NAME, SPAN("fw01"));
	event_add(&e, ECS_SOURCE_IP, SPAN("192.168.20.10"));
	event_add(&e, ECS_DESTINATION_IP, SPAN("198.51.100.77"));
	event_add(&e, ECS_NETWORK_SESSION, SPAN("77"));
	event_add(&e, ECS_SOURCE_BYTES, span_str(parts[i].total));
	event_add(&e, ECS_DELTA_SENT, span_str(parts[i].delta));
	event_add(&e, ECS_EVENT_DURATION, span_str(nsec));
	if (parts[i].more != NULL)
		event_add(&e, ECS_INTERIM, span_str(parts[i].more));
	outflow_event(v, &e, at);
}

/* What remains of these parts, in that order: total, and by hour. */
static bool
comes_to(const size_t *order, size_t n, uint64_t first, uint64_t second)
{
	struct fixture f;
	struct subject *subject;
	struct outflow_total t;
	struct outflow *v;
	bool same;
	size_t i;

	fixture_init(&f, false);
	subject = subject_new(&f.r);
	subject_add_finding(subject, &f.book.findings[2]);
	v = outflow_new(&f.r, subject,
	    fixture_time("2026-11-22T00:00:00+09:00"),
	    fixture_time("2026-11-23T00:00:00+09:00"));
	for (i = 0; i < n; i++)
		take_part(v, order[i]);
	t = outflow_finish(v);
	same = t.n == 2 && t.rows[0].sent == first &&
	    t.rows[1].sent == second && t.sent == first + second;
	fixture_fini(&f);
	return same;
}

static void
test_once(void)
{
	static const size_t plain[] = { 0, 1, 2, 3 }, back[] = { 3, 2, 1, 0 },
			    twice[] = { 0, 0, 1, 2, 1, 3, 2, 3 },
			    lost[] = { 0, 2, 3 }, more[] = { 3, 1, 0, 3, 2 };

	ok(comes_to(plain, 4, 3000, 6500), "a long session counts once");
	ok(comes_to(back, 4, 3000, 6500), "whatever the order");
	ok(comes_to(twice, 8, 3000, 6500), "records that came twice too");
	ok(comes_to(more, 5, 3000, 6500), "both together");
	ok(comes_to(lost, 3, 1000, 8500), "what is missing is made up later");
}

int
main(void)
{
	char *s, *again;
	size_t i;

	test_headings("ja");
	test_headings("en");
	s = print("ja");
	again = print("ja");
	ok(strcmp(s, again) == 0, "the same inputs give the same bytes");
	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		ok(strstr(s, wanted[i].what) != NULL, "%s", wanted[i].name);
	for (i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++)
		ok(strstr(s, forbidden[i]) == NULL, "never %s", forbidden[i]);
	ok(strstr(s, "<script") == NULL && strstr(s, "<b>delivered") == NULL,
	    "no foreign markup");
	ok(strstr(s, "vendor01") == NULL, "nobody else's logins");
	test_once();
	free(s);
	free(again);
	return done();
}
