/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/callsheet.h"

#include <string.h>

#include "analyzer/report/html.h"
#include "common/hex.h"
#include "common/utc.h"

static const char style[] =
    "body{line-height:1.3}h2{margin:.7em 0 .25em}"
    ".tel{font-size:1.35em;font-weight:bold;white-space:nowrap}"
    ".blank{border:1.5pt solid #000;padding:0 .4em;font-weight:bold;"
    "white-space:nowrap}"
    ".rule{border:1.8pt solid #000;padding:1mm 2.5mm;margin:1.5mm 0;"
    "font-size:1.08em}.rule b{font-size:1.15em}"
    ".order td,.order th{vertical-align:middle}.order th{white-space:nowrap}"
    ".who{white-space:nowrap}.t{width:9em;white-space:nowrap}"
    ".outside{table-layout:fixed}.outside th:nth-child(1){width:26%}"
    ".outside th:nth-child(2){width:24%}.outside th:nth-child(4){width:16%}"
    ".outside th.t{width:11%}.outside .tel{white-space:normal}"
    ".dont li{display:inline-block;margin-right:1.4em}.dont{list-style:none;"
    "padding:0;font-weight:bold}.dont li::before{content:\"× \"}"
    "@media screen and (max-width:640px){.people,.people tbody,.people tr,"
    ".people td,.outside,.outside tbody,.outside tr,.outside td{"
    "display:block;width:auto}.people thead,.outside thead{display:none}"
    ".people tr,.outside tr{border:1px solid #000;margin:0 0 8px}"
    ".people td,.outside td{border:0;padding:1px 8px}.people td:empty,"
    ".outside td:empty,.people td.t,.outside td.t{display:none}"
    ".order td,.order th,.who{white-space:normal}.order{table-layout:fixed}"
    ".order th:first-child{width:3.4em}}";

static const char *in(const struct callsheet *s, const char *en, const char *ja)
    __attribute__((format_arg(2), format_arg(3)));

static const char *
in(const struct callsheet *s, const char *en, const char *ja)
{
	return s->lang == LOG_JA ? ja : en;
}

void
callsheet_dont(enum log_lang lang, struct buf *out)
{
	static const char *const what[][2] = {
		{ "initialise", "初期化" },
		{ "reinstall", "再インストール" },
		{ "update firmware", "ファームウェア更新" },
		{ "restart", "再起動" },
		{ "full antivirus scan", "ウイルス対策ソフトの全体スキャン" },
	};
	size_t i;

	buf_str(out, "<ul class=\"dont\">");
	for (i = 0; i < sizeof(what) / sizeof(what[0]); i++)
		html_put(out, "<li>%s</li>", what[i][lang == LOG_JA]);
	buf_str(out, "</ul>\n");
}

/* A number in large, or that it is not filled in. */
static void
put_phone(const struct callsheet *s, const char *phone, struct buf *out)
{
	if (contacts_is_blank(phone))
		html_put(out, "<span class=\"blank\">%s</span> %s",
		    in(s, "not filled in", "未記入"), phone);
	else
		html_put(out, "<span class=\"tel\">%s</span>", phone);
}

static void
put_ladder(const struct callsheet *s, const struct contacts_ladder *l,
    struct buf *out)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		const struct contacts_person *p =
		    &s->contacts->people[l->order[i]];

		if (i > 0)
			buf_str(out, l->with[i] ? " ＋ " : " → ");
		html_put(out, "<span class=\"who\">%s</span>",
		    *p->name == '\0' ? p->id : p->name);
	}
	if (l->n == 0)
		html_put(out, "%s", in(s, "nobody", "連絡なし"));
}

static bool
is_same(const struct contacts_ladder *a, const struct contacts_ladder *b)
{
	return a->n == b->n &&
	    memcmp(a->order, b->order, a->n * sizeof(a->order[0])) == 0 &&
	    memcmp(a->with, b->with, a->n * sizeof(a->with[0])) == 0;
}

/* The hours that have one ladder stand in one row. */
static void
put_level(const struct callsheet *s, enum casebook_severity severity,
    struct buf *out)
{
	static const char *const hours[CONTACTS_WHEN_COUNT][2] = {
		{ "by day", "業務時間" },
		{ "at night", "夜間" },
		{ "closed days", "休診日" },
	};
	const struct contacts_level *v = &s->contacts->level[severity];
	size_t w, u;

	for (w = 0; w < CONTACTS_WHEN_COUNT; w = u) {
		html_put(out, "<tr><th>%s</th><td>",
		    casebook_severity_name(severity));
		for (u = w; u < CONTACTS_WHEN_COUNT &&
		     is_same(&v->ladder[u], &v->ladder[w]);
		     u++)
			html_put(out, "%s%s",
			    u > w ? in(s, ", ", "・") : "",
			    hours[u][s->lang == LOG_JA]);
		buf_str(out, "</td><td>");
		put_ladder(s, &v->ladder[w], out);
		html_put(out, in(s, "</td><td>%u min%s%s</td></tr>\n",
				  "</td><td>%u分%s%s</td></tr>\n"),
		    v->answer_min,
		    v->repeat ? in(s, ", repeated", "・応答まで繰返し") : "",
		    v->business ? in(s, ", in business hours",
				      "・業務時間のみ")
				: "");
	}
}

static void
put_order(const struct callsheet *s, struct buf *out)
{
	int i;

	html_put(out,
	    "<h2>%s</h2>\n<table class=\"order\"><thead><tr><th>%s</th>"
	    "<th>%s</th><th>%s</th><th>%s</th></tr></thead><tbody>\n",
	    in(s, "1. In which order", "1. 連絡の順序"),
	    in(s, "Severity", "重大度"), in(s, "Hours", "時間帯"),
	    in(s, "→ then, ＋ together", "→ 次に　＋ 同時に"),
	    in(s, "No answer", "応答がないとき次へ"));
	for (i = CASEBOOK_CRITICAL; i >= CASEBOOK_WARNING; i--)
		put_level(s, (enum casebook_severity)i, out);
	buf_str(out, "</tbody></table>\n");
}

static void
put_people(const struct callsheet *s, struct buf *out)
{
	size_t i;

	html_put(out,
	    "<h2>%s</h2>\n<table class=\"people\"><thead><tr><th>%s</th>"
	    "<th>%s</th><th>%s</th><th>%s</th><th class=\"t\">%s</th></tr>"
	    "</thead><tbody>\n",
	    in(s, "2. In the hospital", "2. 院内"), in(s, "Role", "役割"),
	    in(s, "Name", "氏名"), in(s, "Telephone", "電話"),
	    in(s, "Other ways, hours", "その他の手段・時間帯"),
	    in(s, "Called at / answered", "連絡時刻／応答"));
	for (i = 0; i < s->contacts->n_people; i++) {
		const struct contacts_person *p = &s->contacts->people[i];

		html_put(out, "<tr><td>%s</td><td><b>%s</b></td><td>", p->role,
		    *p->name == '\0' ? p->id : p->name);
		put_phone(s, p->phone, out);
		html_put(out,
		    "</td><td>%s%s%s</td><td class=\"t\">　　:　　／　　:　　"
		    "</td></tr>\n",
		    p->other,
		    *p->other != '\0' && *p->hours != '\0' ? "・" : "",
		    p->hours);
	}
	buf_str(out, "</tbody></table>\n");
}

static void
put_outsider(const struct callsheet *s, const struct contacts_outside *o,
    struct buf *out)
{
	html_put(out, "<tr><td><b>%s</b></td><td>", o->name);
	put_phone(s, o->phone, out);
	html_put(out, "%s%s</td><td>%s%s%s</td><td>%s%s%s</td>",
	    *o->mail == '\0' ? "" : " ", o->mail, o->purpose,
	    *o->purpose != '\0' && *o->hours != '\0' ? "／" : "", o->hours,
	    o->tells, *o->tells != '\0' && *o->confirmed != '\0' ? "／" : "",
	    o->confirmed);
	buf_str(out, "<td class=\"t\">　月　日　:</td></tr>\n");
}

/* What the hospital wrote goes before what is generally known. */
static bool
is_listed(const struct callsheet *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->contacts->n_outside; i++)
		if (strcmp(s->contacts->outside[i].name, name) == 0)
			return true;
	return false;
}

static void
put_outside(const struct callsheet *s, struct buf *out)
{
	size_t i;

	html_put(out,
	    "<h2>%s</h2>\n<p>%s</p>\n<table class=\"outside\"><thead><tr>"
	    "<th>%s</th><th>%s</th><th>%s</th><th>%s</th>"
	    "<th class=\"t\">%s</th></tr></thead><tbody>\n",
	    in(s, "3. Outside the hospital", "3. 外部"),
	    in(s,
		"Executives decide and call; konseki sends nothing to them.",
		"連絡は経営層が判断して行います（konsekiは送信しません）。"),
	    in(s, "Office, company", "機関・事業者"),
	    in(s, "Telephone, mail", "電話・メール"),
	    in(s, "What for, hours", "目的／受付時間"),
	    in(s, "Who calls / confirmed", "連絡する人／確認日"),
	    in(s, "Called at", "連絡日時"));
	for (i = 0; i < s->contacts->n_outside; i++)
		put_outsider(s, &s->contacts->outside[i], out);
	for (i = 0; i < s->n_known; i++)
		if (!is_listed(s, s->known[i].name))
			put_outsider(s, &s->known[i], out);
	buf_str(out, "</tbody></table>\n");
}

void
callsheet_html(const struct callsheet *s, struct buf *out)
{
	const struct html_page page = { .lang = s->lang,
		.paper = HTML_PORTRAIT,
		.title = in(s, "Call sheet", "緊急連絡網"),
		.style = style,
		.banner = s->drill ? in(s, "DRILL — DRILL — DRILL",
				     "訓練　訓練　訓練")
				   : "",
		.foot = "" };
	char when[UTC_TEXT], hex[17] = "";

	hex_print(s->hash, 8, hex);
	html_begin(out, &page);
	html_put(out,
	    "<header><h1>%s</h1><p class=\"site\">%s</p><p class=\"made\">"
	    "<span>%s %s</span><span>contacts.yml %s</span></p></header>\n",
	    in(s, "Call sheet (information systems)",
		"緊急連絡網（医療情報システム）"),
	    s->site, in(s, "printed from data of", "作成"),
	    utc_print_local(s->made, s->zone, when), hex);
	html_put(out, "<div class=\"rule\"><b>%s</b><br>%s",
	    in(s, "Do not power off. Pull the LAN cable, and call.",
		"電源は切らず、LANケーブルを抜いて、連絡してください。"),
	    in(s, "Not before the evidence is kept:",
		"証拠を保全するまで、してはいけないこと："));
	callsheet_dont(s->lang, out);
	buf_str(out, "</div>\n");
	put_order(s, out);
	put_people(s, out);
	put_outside(s, out);
	html_put(out, "<p class=\"src\">%s</p>\n",
	    in(s,
		"Keep it on paper at the desk of the night duty and in the "
		"server room, and print it again after each change (konseki "
		"contacts sheet).",
		"当直室とサーバー室に紙で置き、連絡先を変えるたびに印刷し直して"
		"ください（konseki contacts sheet）。"));
	html_end(out);
}
