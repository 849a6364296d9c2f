/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/report/figure.h"
#include "analyzer/report/html.h"
#include "analyzer/report/night.h"
#include "common/cursor.h"
#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"

#define CARD_ROWS 6u
#define CAUSE_ROWS 5u

/* ---- what to cut ---- */

static bool
has(struct span s, const char *words)
{
	size_t n, i;

	for (; *words != '\0'; words += n + (words[n] == '|')) {
		n = strcspn(words, "|");
		for (i = 0; i + n <= s.len; i++)
			if (memcmp(s.p + i, words, n) == 0)
				return true;
	}
	return false;
}

static bool
is_backup(const struct device *d)
{
	static const char words[] = "バックアップ|backup|Backup|NAS|テープ";

	return has(d->name, words) || has(d->software, words) ||
	    has(d->note, words);
}

static bool
is_edge(const struct device *d)
{
	return d->edge || has(d->note, "外部接続|VPN|インターネット");
}

static void
put_devices(const struct night *n, bool (*wanted)(const struct device *d),
    struct buf *out)
{
	size_t i, put = 0, all = 0;

	for (i = 0; n->devices != NULL && i < devices_count(n->devices); i++) {
		const struct device *d = devices_at(n->devices, i);

		if (!wanted(d))
			continue;
		if (++all <= CARD_ROWS) {
			night_device(d, out);
			put++;
		}
	}
	if (all > put)
		html_put(out, tr("<li>and %zu more: the ledger</li>",
				  "<li>ほか%zu台（機器台帳）</li>"),
		    all - put);
	if (all == 0)
		html_put(out, "<li>□ ________________（%s）</li>\n",
		    tr("the ledger names none: write it here",
			"台帳に記載なし。ここに記入"));
}

static void
put_time(struct buf *out)
{
	html_put(out, "<p>%s 　　:　　　%s __________</p></div>\n",
	    tr("cut at", "遮断時刻"), tr("by", "実施者"));
}

void
night_cards(const struct night *n, struct buf *out)
{
	html_put(out,
	    "<div class=\"cards\"><div class=\"card\"><h3>%s</h3><ul>\n",
	    tr("① Backup network", "① バックアップに通ずるネットワーク"));
	put_devices(n, is_backup, out);
	buf_str(out, "</ul>");
	put_time(out);
	html_put(out, "<div class=\"card\"><h3>%s</h3><ul>\n",
	    tr("② Lines to the outside", "② 外部の通信経路"));
	put_devices(n, is_edge, out);
	buf_str(out, "</ul>");
	put_time(out);
	html_put(out, "<div class=\"card\"><h3>%s</h3><ul>\n",
	    tr("③ Borders of segments, computers concerned",
		"③ セグメントの境界・関係する機器"));
	night_hosts(n, out);
	buf_str(out, "</ul>");
	put_time(out);
	html_put(out, "</div><p>%s</p>\n",
	    tr("Pull the LAN cable and leave the power on; who cannot decide "
	       "there switches nothing off.",
		"LANケーブルを抜き、電源は入れたままにします。判断が難しい"
		"場合は、不用意に電源停止等はしないでください。"));
}

/* ---- the five causes ---- */

enum cause {
	ATTACK = 1,
	MAINTENANCE = 2,
	SYSTEM = 4,
	NETWORK = 8,
	POWER = 16,
};

static unsigned
causes_of(const char *rule)
{
	static const struct {
		const char *begins;
		unsigned causes;
	} rows[] = {
#define CAUSE(begins, causes) { begins, causes },
#include "analyzer/report/cause_tbl.h"
#undef CAUSE
	};
	unsigned found = ATTACK;
	size_t i, len, best = 0;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		len = strlen(rows[i].begins);
		if (len > best && strncmp(rule, rows[i].begins, len) == 0) {
			best = len;
			found = rows[i].causes;
		}
	}
	return found;
}

/* Plans of work from the day before on: asked for first. */
static size_t
put_plans(const struct night *n, int64_t from, int64_t until, struct buf *out)
{
	size_t i, all = 0;

	for (i = 0; n->plans != NULL && i < plans_count(n->plans); i++) {
		const struct plan *p = plans_at(n->plans, i);

		if (p->until < from || p->from > until || ++all > CAUSE_ROWS)
			continue;
		html_put(out, "<li>%s ",
		    figure_range(n->arena, p->from, p->until, n->site.zone));
		html_text(out, p->vendor);
		buf_byte(out, ' ');
		html_text(out, p->work);
		html_put(out, "（%s）</li>\n", tr("planned", "計画あり"));
	}
	return all;
}

static size_t
put_findings(const struct night *n, unsigned cause, int64_t from, int64_t until,
    struct buf *out)
{
	bool replay = n->book->findings[n->group->findings[0]].replay;
	size_t i, all = 0;

	for (i = 0; i < n->book->n_findings; i++) {
		const struct casebook_finding *f = &n->book->findings[i];

		if (f->withdrawn || f->first < from || f->first > until ||
		    !(causes_of(f->rule) & cause) || f->replay != replay)
			continue;
		if (++all <= CAUSE_ROWS)
			html_put(out, "<li>%s [%s] %s</li>\n",
			    figure_short(n->arena, f->first, n->site.zone),
			    f->rule, tr(f->title_en, f->title_ja));
	}
	if (all > CAUSE_ROWS)
		html_put(out, tr("<li>and %zu more</li>", "<li>ほか%zu件</li>"),
		    all - CAUSE_ROWS);
	return all;
}

static const struct {
	unsigned cause;
	const char *en, *ja, *check_en, *check_ja;
} columns[] = {
	{ ATTACK, "Attack", "サイバー攻撃の兆候",
	    "files renamed? notes on screen or printer? antivirus? traffic?",
	    "ファイルの暗号化・脅迫文・ウイルス検知・外部通信の増加" },
	{ MAINTENANCE, "Maintenance", "メンテナンス・移行作業",
	    "ask the vendor: work or migration the day before?",
	    "事業者に前日からの作業・データ移行の有無を確認" },
	{ SYSTEM, "The system itself", "医療情報システム自体",
	    "does it start? error messages? disk full?",
	    "起動できるか・エラー表示・容量不足" },
	{ NETWORK, "LAN, cables", "LAN設備・ケーブル",
	    "other servers reachable? lamps? a loop?",
	    "ほかのサーバに届くか・ランプ・ループの有無" },
	{ POWER, "Power", "電源系統",
	    "breakers, UPS, several devices at once?",
	    "ブレーカー・UPS・複数機器の同時停止" },
};

void
night_causes(const struct night *n, struct buf *out)
{
	const struct casebook_group *g = n->group;
	int64_t from = g->first - g->first % UTC_SECOND - UTC_DAY;
	size_t i, all;

	buf_str(out, "<div class=\"causes\">\n");
	for (i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		html_put(out, "<div class=\"cause\"><h3>%s</h3><ul>\n",
		    tr(columns[i].en, columns[i].ja));
		all = columns[i].cause == MAINTENANCE
		    ? put_plans(n, from, g->last, out)
		    : 0;
		all += put_findings(n, columns[i].cause, from, g->last, out);
		if (all == 0)
			html_put(out, "<li>%s</li>\n",
			    tr("no finding of the rules",
				"検知なし（規則の範囲）"));
		html_put(out, "</ul><p class=\"src\">□ %s</p></div>\n",
		    tr(columns[i].check_en, columns[i].check_ja));
	}
	html_put(out, "</div><p class=\"src\">%s %s</p>\n",
	    figure_range(n->arena, from, g->last, n->site.zone),
	    tr("Findings alone are shown; that there is none in a column does "
	       "not exclude it. Also: may data have left? (konseki report)",
		"検知だけを並べています。「検知なし」はその原因を否定するもので"
		"はありません。あわせて情報漏えい・持出しの有無も確認します"
		"（konseki report）。"));
}

/* ---- the form ---- */

static void
row(const char *head, const char *hint, const char *height, struct buf *out)
{
	html_put(out, "<tr><th>%s<br><small>%s</small></th><td style=\"height:",
	    head, hint);
	buf_str(out, height);
	buf_str(out, "\"></td></tr>\n");
}

/* The signs of data/signs.csv: symbol, Japanese, English, source. */
static void
put_signs(struct span csv, struct buf *out)
{
	struct cursor lines = cursor_make(csv);

	(void)cursor_until(&lines, '\n'); /* names of the columns */
	while (cursor_left(&lines) > 0) {
		struct cursor c = cursor_make(cursor_until(&lines, '\n'));
		struct span ja, en;

		(void)cursor_until(&c, ',');
		ja = cursor_until(&c, ',');
		en = cursor_until(&c, ',');
		if (en.len == 0)
			continue;
		buf_str(out, "<li>□ ");
		html_text(out, log_lang() == LOG_JA ? ja : en);
		buf_str(out, "</li>\n");
	}
}

void
night_form(const struct escalation_site *site, struct span signs,
    struct buf *out)
{
	html_begin(out,
	    &(struct html_page){ .lang = log_lang(),
		.paper = HTML_PORTRAIT,
		.title = tr("Report form", "異常の報告様式"),
		.style = "th{width:27%}td{vertical-align:top}ul.s{list-style:"
			 "none;padding:0}.big{font-size:1.25em;"
			 "font-weight:bold;border:1.8pt solid #000;"
			 "padding:1.5mm 3mm}"
			 "small{font-weight:normal}",
		.banner = site->drill ? tr("DRILL", "訓練　訓練　訓練") : "",
		.foot = "" });
	html_put(out,
	    "<header><h1>%s</h1><p class=\"site\">%s</p></header>\n"
	    "<p class=\"big\">%s</p>\n",
	    tr("Report of something odd (information systems)",
		"異常の報告様式（医療情報システム）"),
	    site->name,
	    tr("Call first, then fill this in. Do not power off. If it looks "
	       "like a virus, pull the LAN cable.",
		"先に電話で連絡し、その後に記入してください。電源は切らないで"
		"ください。ウイルス感染の兆候があるときは、LANケーブルを抜いて"
		"ください。"));
	buf_str(out, "<table>\n");
	row(tr("Where (department, room)", "発生場所"),
	    tr("ward, room", "部署・部屋"), "11mm", out);
	row(tr("What (computer, system)", "発生箇所"),
	    tr("name or number on the label", "機器名・管理番号（ラベル）"),
	    "11mm", out);
	row(tr("When", "発生日時"), tr("date and time", "気付いた日時"),
	    "11mm", out);
	row(tr("Who tells of it", "連絡者"),
	    tr("name, extension", "氏名・内線"), "11mm", out);
	row(tr("What is odd, how far it reaches", "異常の内容・範囲"),
	    tr("what you saw, on how many computers",
		"見たこと、何台で起きているか"),
	    "45mm", out);
	html_put(out, "<tr><th>%s</th><td><ul class=\"s\">",
	    tr("Signs seen", "見られた徴候"));
	put_signs(signs, out);
	buf_str(out, "</ul></td></tr>\n");
	row(tr("What was done", "行ったこと"),
	    tr("cable pulled at, told whom", "ケーブルを抜いた時刻、連絡した人"
		),
	    "20mm", out);
	html_put(out,
	    "</table>\n<p class=\"src\">%s</p>\n<table><tr><th>%s</th>"
	    "<td style=\"height:9mm\"></td><th>%s</th><td></td></tr>"
	    "</table>\n",
	    tr("For the IT room: konseki case report --sign SIGN --place "
	       "... --about ... --at ... --name ... --comment ... --scope ...",
		"システム担当者が入力: konseki case report --sign 徴候 --place "
		"発生場所 --about 発生箇所 --at 発生日時 --name 連絡者 "
		"--comment 内容 --scope 範囲"),
	    tr("Received by, at", "受付者・時刻"),
	    tr("Entered by, at", "入力者・時刻"));
	html_end(out);
}
