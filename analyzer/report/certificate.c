/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/certificate.h"

#include <string.h>

#include "analyzer/report/figure.h"
#include "analyzer/report/html.h"
#include "common/log.h"
#include "common/utc.h"
#include "evidence/gap.h"

#define SHOWN 20u  /* rows of a table; the record has more */
#define VALUES 40u /* of what was looked for */

static const char style[] =
    "body{font-size:8.4pt;line-height:1.27}h2{margin:.6em 0 .2em}"
    ".say{border:1.6pt solid #000;padding:1.2mm 2.5mm;margin:1.5mm 0}"
    ".say p:first-child{font-weight:bold;font-size:1.15em}"
    ".facts th{width:11em}"
    "td.v{overflow-wrap:anywhere}.vals{margin:.2em 0;overflow-wrap:anywhere}"
    ".vals span{display:inline-block;margin-right:1em}"
    ".names{margin-top:2mm;break-inside:avoid}.names td{height:8mm}"
    ".names th{width:9em}"
    ".gaps{break-inside:auto}\n"
    "@media screen and (max-width:640px){.wide{display:block;"
    "overflow-x:auto}.wide table{min-width:520px}.facts th{width:7.5em}"
    ".names,.names tbody,.names tr,.names th,.names td{display:block;"
    "width:auto}}\n";

static const char *
count(const struct certificate *c, uint64_t n)
{
	return figure_count(c->arena, n);
}

static void
row(struct buf *out, const char *head, const char *value)
{
	html_put(out, "<tr><th>%s</th><td class=\"v\">%s</td></tr>\n", head,
	    value);
}

static const char *
when(const struct certificate *c, int64_t usec)
{
	return usec == 0 ? "—" : figure_time(c->arena, usec, c->zone);
}

static void
more(const struct certificate *c, uint64_t shown, uint64_t all,
    struct buf *out)
{
	if (all > shown)
		html_put(out, "<p class=\"src\">%s</p>\n",
		    arena_printf(c->arena,
			tr("and %s more; the record in the casebook has them "
			   "as far as it holds rows",
			    "ほか%s件（事案簿の記録に収まる分は記録を参照）"),
			count(c, all - shown)));
}

/* ---- what it says ---- */

static uint64_t
silent_sources(const struct search *s)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < search_shown(s->n.sources); i++)
		n += s->sources[i].silent > 0;
	return n;
}

/* What the reader must weigh; nothing is said of what there is none of. */
static void
put_doubts(const struct certificate *c, struct buf *out)
{
	const struct search *s = c->search;
	const struct {
		uint64_t n;
		const char *what;
	} doubts[] = {
		{ silent_sources(s),
		    tr("sources with hours without a record (3)",
			"無記録の時間帯がある送信元（3）") },
		{ s->n.gaps,
		    tr("kinds of gaps (4)", "欠測の種類（4）") },
		{ s->n.missing,
		    tr("stretches of records that are not here (4)",
			"保存されていない区間（4）") },
		{ s->n.refused,
		    tr("lines of the list not searched for (1)",
			"調査できなかったリストの行（1）") },
	};
	bool any = false;
	size_t i;

	for (i = 0; i < sizeof(doubts) / sizeof(doubts[0]); i++) {
		if (doubts[i].n == 0)
			continue;
		if (!any)
			html_put(out, "<p class=\"warn\">%s",
			    tr("To be considered: ", "考慮が必要な点: "));
		html_put(out, "%s%s: %s", any ? tr("; ", "、") : "",
		    doubts[i].what, count(c, doubts[i].n));
		any = true;
	}
	if (any)
		buf_str(out, "</p>\n");
}

static void
put_statement(const struct certificate *c, struct buf *out)
{
	const struct search *s = c->search;

	buf_str(out, "<div class=\"say\">");
	html_put(out, "<p>%s</p>\n",
	    arena_printf(c->arena,
		tr("None of the %s indicators below was found in the %s "
		   "records searched (scope: sections 2 to 5).",
		    "下記の調査対象%s件に一致する記述は、調査した記録%s件の中"
		    "では確認されませんでした（調査範囲: 2〜5）。"),
		count(c,
		    s->kinds[0] + s->kinds[1] + s->kinds[2] + s->kinds[3] +
			s->kinds[4]),
		count(c, s->records)));
	html_put(out, "<p>%s</p>\n",
	    tr("This page says what was searched and that nothing there "
	       "matched. It does not show that nothing happened: what no "
	       "device logged, what was not received (sections 3 and 4), or "
	       "what stands in the logs encrypted or written in another way, "
	       "cannot be judged by it. Whether data leaked is for people to "
	       "decide.",
		"本書が示すのは、調査した範囲の記録に一致するものがなかったこと"
		"だけです。何も起きなかったことを示すものではありません。機器が"
		"記録しなかったもの、受信されなかったもの（3・4）、暗号化や別の"
		"表記で記録されたものについては判定できません。漏えいの有無の"
		"判断は、本書だけに基づかず、人が行ってください。"));
	put_doubts(c, out);
	buf_str(out, "</div>\n");
}

/* ---- 1: what was looked for ---- */

static const char *
kinds(const struct certificate *c)
{
	const uint64_t *k = c->search->kinds;

	return arena_printf(c->arena,
	    tr("%s addresses, %s networks, %s names, %s hashes, %s words",
		"アドレス%s、ネットワーク%s、名前（ホスト・ドメイン）%s、"
		"ハッシュ値%s、語句%s"),
	    count(c, k[0]), count(c, k[1]), count(c, k[2]), count(c, k[3]),
	    count(c, k[4]));
}

/* Without a row: of the command line, or a file as a whole. */
static const char *
line_of(const struct certificate *c, const struct search_refused *r)
{
	const char *file = *r->file != '\0'
	    ? r->file
	    : tr("command line", "コマンド行");

	return r->row == 0 ? file
			   : arena_printf(c->arena, "%s %llu", file,
				 (unsigned long long)r->row);
}

static void
put_refused(const struct certificate *c, struct buf *out)
{
	const struct search *s = c->search;
	const struct search_refused *r;
	size_t i, n = search_shown(s->n.refused);

	if (s->n.refused == 0)
		return;
	html_put(out,
	    "<p class=\"warn\">%s</p>\n<div class=\"wide\"><table><tr>"
	    "<th>%s</th><th>%s</th><th>%s</th></tr>\n",
	    tr("Not searched for (this page says nothing of these lines):",
		"調査していない行（本書はこれらには及びません）:"),
	    tr("Line", "行"), tr("Value", "値"), tr("Reason", "理由"));
	n = n < SHOWN ? n : SHOWN;
	for (i = 0; i < n; i++) {
		r = &s->refused[i];
		html_put(out,
		    "<tr><td>%s</td><td>%s</td><td>%s</td></tr>\n",
		    line_of(c, r), r->value, r->why);
	}
	buf_str(out, "</table></div>\n");
	more(c, n, s->n.refused, out);
}

static void
put_values(const struct certificate *c, struct buf *out)
{
	const struct search *s = c->search;
	size_t i, n = search_shown(s->n.values);

	html_put(out, "<h2>%s</h2>\n<table class=\"facts\">\n",
	    tr("1. What was looked for (indicators)",
		"1. 調査対象（インディケータ）"));
	row(out, tr("Number", "件数"), kinds(c));
	row(out, tr("SHA-256 of all", "全体のSHA-256"), s->sha256);
	for (i = 0; i < search_shown(s->n.lists) && i < SHOWN; i++)
		row(out, tr("List", "リスト"),
		    arena_printf(c->arena, "%s  SHA-256 %s",
			s->lists[i].name, s->lists[i].sha256));
	buf_str(out, "</table>\n<p class=\"vals\">");
	n = n < VALUES ? n : VALUES;
	for (i = 0; i < n; i++)
		html_put(out, "<span>%s</span> ", s->values[i].text);
	buf_str(out, "</p>\n");
	more(c, n, s->n.values, out);
	put_refused(c, out);
}

/* ---- 2: where ---- */

static const char *
interval(const struct certificate *c)
{
	const struct search *s = c->search;

	return arena_printf(c->arena,
	    tr("%s to %s (by time of receipt%s)", "%s 〜 %s（受信時刻%s）"),
	    when(c, s->from), when(c, s->until),
	    s->asked_from || s->asked_until
		? ""
		: tr("; all that is kept", "、保存されている全期間"));
}

static void
put_logs(const struct certificate *c, struct buf *out)
{
	const struct search *s = c->search;
	const struct search_log *l;
	size_t i, n = search_shown(s->n.logs);

	html_put(out, "<h2>%s</h2>\n<table class=\"facts\">\n",
	    tr("2. Where (records searched)", "2. 調査範囲（調査した記録）"));
	row(out, tr("Interval", "期間"), interval(c));
	if (*s->where != '\0')
		row(out, tr("Limited to", "限定"), s->where);
	row(out, tr("Records received", "受信記録"),
	    arena_printf(c->arena, tr("%s records, %s", "%s件、%s"),
		count(c, s->records), figure_exact(c->arena, s->bytes)));
	buf_str(out, "</table>\n");
	html_put(out,
	    "<div class=\"wide\"><table><tr><th>%s</th><th>%s</th>"
	    "<th>%s</th><th>%s</th></tr>\n",
	    tr("Log", "ログ"), tr("Checkpoint (size, root)",
				    "チェックポイント（件数・ルート）"),
	    tr("Records", "記録"), tr("First and last", "最初と最後"));
	n = n < SHOWN ? n : SHOWN;
	for (i = 0; i < n; i++) {
		l = &s->logs[i];
		html_put(out,
		    "<tr><td>%s</td><td><span class=\"cite\">%llu %s</span>"
		    "</td><td class=\"n\">%s</td><td>%s<br>%s</td></tr>\n",
		    l->origin, (unsigned long long)l->size, l->root,
		    count(c, l->records), when(c, l->first),
		    when(c, l->last));
	}
	buf_str(out, "</table></div>\n");
	more(c, n, s->n.logs, out);
}

/* ---- 3: who sent ---- */

static const char *
gap_text_of(const struct certificate *c, const struct search_source *x)
{
	if (strcmp(x->what, "imported") == 0)
		return tr("imported file", "取り込んだファイル");
	if (x->gap_from == 0)
		return "—";
	return figure_range(c->arena, x->gap_from, x->gap_until, c->zone);
}

static const char *
source_name(const struct search_source *x)
{
	return strcmp(x->what, "rest") == 0
	    ? tr("all other sources", "その他の送信元")
	    : x->name;
}

static void
put_sources(const struct certificate *c, struct buf *out)
{
	const struct search *s = c->search;
	const struct search_source *x;
	size_t i, n = search_shown(s->n.sources);

	html_put(out,
	    "<h2>%s</h2>\n<div class=\"wide\"><table><tr><th>%s</th>"
	    "<th>%s</th><th>%s</th><th>%s</th></tr>\n",
	    tr("3. Coverage: which sources sent, and when not",
		"3. 網羅性（どの送信元から、いつ受信したか）"),
	    tr("Source", "送信元"), tr("Records", "記録"),
	    tr("Hours without a record", "無記録の時間数"),
	    tr("Longest of them", "最長の無記録"));
	n = n < SHOWN ? n : SHOWN;
	for (i = 0; i < n; i++) {
		x = &s->sources[i];
		html_put(out,
		    "<tr class=\"%s\"><td>%s%s</td><td class=\"n\">%s</td>"
		    "<td class=\"n\">%s</td><td>%s</td></tr>\n",
		    x->hours > 0 && x->silent * 2 > x->hours
			? "bad"
			: "",
		    source_name(x),
		    strcmp(x->what, "replay") == 0
			? tr(" [replay]", " 【見本・訓練】")
			: "",
		    count(c, x->records),
		    x->hours == 0 ? "—"
				  : arena_printf(c->arena, "%s / %s",
					count(c, x->silent),
					count(c, x->hours)),
		    gap_text_of(c, x));
	}
	buf_str(out, "</table></div>\n");
	if (s->n.sources == 0)
		html_put(out, "<p class=\"warn\">%s</p>\n",
		    tr("Nothing was received in the interval.",
			"期間中に受信した記録はありません。"));
	more(c, n, s->n.sources, out);
	html_put(out, "<p class=\"src\">%s</p>\n",
	    tr("A device that sent nothing in the whole interval does not "
	       "stand here: compare with the device ledger. Hours without a "
	       "record may be quiet or may be lost.",
		"期間中に一度も送信しなかった機器はこの表に現れません。機器台"
		"帳と照合してください。無記録の時間帯は、通信がなかったのか欠"
		"測かを区別できません。"));
}

/* ---- 4: gaps ---- */

static const char *
kind_text(const char *name)
{
	enum gap_kind kind;

	if (*name == '\0')
		return tr("more than are told apart, of any kind and time",
		    "内訳を集計できる数を超えた分（種類・時刻を問わず）");
	return gap_parse(span_str(name), &kind) == 0 ? gap_text(kind) : name;
}

/* The record that tells of it first, or only the log. */
static const char *
first_of(const struct certificate *c, const struct search_gap *g)
{
	return *g->kind == '\0' ? g->origin
				: arena_printf(c->arena, "%s#%llu", g->origin,
				      (unsigned long long)g->index);
}

static void
put_missing(const struct certificate *c, struct buf *out)
{
	const struct search_missing *m = c->search->missing;
	size_t i, n = search_shown(c->search->n.missing);

	n = n < SHOWN ? n : SHOWN;
	for (i = 0; i < n; i++)
		html_put(out, "<p class=\"warn\">%s</p>\n",
		    arena_printf(c->arena,
			tr("%s: records %llu to %llu (%s to %s) are not here "
			   "any more: deleted at the end of their retention. "
			   "They were not searched.",
			    "%s: 記録%llu〜%llu（%s〜%s）は保存期間満了により削"
			    "除済みで、調査していません。"),
			m[i].origin, (unsigned long long)m[i].first,
			(unsigned long long)m[i].last, when(c, m[i].from),
			when(c, m[i].until)));
	more(c, n, c->search->n.missing, out);
}

static void
put_gaps(const struct certificate *c, struct buf *out)
{
	const struct search *s = c->search;
	const struct search_gap *g;
	size_t i, n = search_shown(s->n.gaps);

	html_put(out, "<h2>%s</h2>\n",
	    tr("4. Gaps that the collector recorded",
		"4. 欠測（収集装置が記録したもの）"));
	put_missing(c, out);
	if (s->n.gaps == 0) {
		html_put(out, "<p>%s</p>\n",
		    tr("It recorded none in the interval.",
			"期間中の欠測の記録はありません。"));
		return;
	}
	html_put(out,
	    "<div class=\"wide\"><table><tr><th>%s</th><th>%s</th><th>%s</th>"
	    "<th>%s</th></tr>\n",
	    tr("What", "内容"), tr("Times", "回数"), tr("Count", "件数"),
	    tr("First and last", "最初と最後"));
	n = n < SHOWN ? n : SHOWN;
	for (i = 0; i < n; i++) {
		g = &s->gaps[i];
		html_put(out,
		    "<tr><td>%s <span class=\"cite\">%s</span></td>"
		    "<td class=\"n\">%s</td><td class=\"n\">%s</td>"
		    "<td>%s</td></tr>\n",
		    kind_text(g->kind), first_of(c, g), count(c, g->n),
		    g->count == 0 ? "—" : count(c, g->count),
		    g->from == 0 ? "—"
				 : figure_range(c->arena, g->from, g->until,
				       c->zone));
	}
	buf_str(out, "</table></div>\n");
	more(c, n, s->n.gaps, out);
}

/* ---- 5: how ---- */

static void
put_way(const struct certificate *c, struct buf *out)
{
	const struct search *s = c->search;
	const struct search_log *l;
	uint64_t read = 0, passed = 0, checked = 0, files = 0;
	bool package = false;
	size_t i;

	for (i = 0; i < search_shown(s->n.logs); i++) {
		l = &s->logs[i];
		read += l->read;
		passed += l->passed;
		checked += l->checked;
		files += l->file_bytes;
		package |= strcmp(l->proof, "package") == 0;
	}
	html_put(out, "<h2>%s</h2>\n<table class=\"facts\">\n",
	    tr("5. How it was searched and proved", "5. 調査方法と真正性"));
	row(out, tr("Program", "プログラム"), s->program);
	row(out, tr("Blocks", "ブロック"),
	    arena_printf(c->arena,
		passed == 0
		    ? tr("all %s were read", "全%sブロックを読取り")
		    : tr("%s read; %s passed over by an index of addresses, "
			 "names and hashes, which was made of them and of %s "
			 "was made again and was the same",
			  "%sブロックを読取り、%sブロックは索引（アドレス・名"
			  "前・ハッシュ値）により該当なしとして省略（うち%sブ"
			  "ロックで索引を作り直し、一致を確認）"),
		count(c, read), count(c, passed), count(c, checked)));
	row(out, tr("Integrity", "真正性"),
	    arena_printf(c->arena,
		package
		    ? tr("the package was verified (konseki verify: %s hashed)",
			  "パッケージを検証済み（konseki verify、%s）")
		    : tr("the files searched (%s) are, by SHA-256, those that "
			 "lead to the signed checkpoints of section 2; epoch "
			 "keys, seals and anchors are checked by 'konseki "
			 "verify', not here",
			  "調査したファイル（%s）はSHA-256により、2の署名付きチ"
			  "ェックポイントにつながるものと一致。エポック鍵・封"
			  "印・外部の控えとの照合はkonseki verifyで行う（本書の"
			  "対象外）"),
		figure_bytes(c->arena, files)));
	buf_str(out, "</table>\n");
}

/* ---- 6: the seal ---- */

static void
put_seal(const struct certificate *c, struct buf *out)
{
	const struct search *s = c->search;
	const char *name = tr("Name, seal", "氏名・印");

	html_put(out, "<h2>%s</h2>\n<table class=\"facts\">\n",
	    tr("6. Record of this search", "6. この調査の記録（事案簿）"));
	row(out, tr("Searched", "調査日時"), when(c, s->at));
	row(out, tr("Sealed as", "記録"),
	    arena_printf(c->arena, "%s#%llu  %s", s->origin,
		(unsigned long long)s->index, s->leaf));
	row(out, tr("By", "実行者"),
	    arena_printf(c->arena, "uid %lu  %s", (unsigned long)s->uid,
		when(c, s->recorded)));
	html_put(out,
	    "</table>\n<p class=\"src\">%s <code>konseki find --certificate "
	    "%llu</code>%s <code>konseki prove --log casebook --index %llu"
	    "</code></p>\n",
	    tr("Printed from that record; once more:",
		"本書は上の記録から作成しています。再印刷:"),
	    (unsigned long long)s->index,
	    tr("; proof that it stands there:", "　記録の存在の証明:"),
	    (unsigned long long)s->index);
	html_put(out,
	    "<table class=\"names\"><tr><th>%s</th><td></td><th>%s</th>"
	    "<td></td></tr><tr><th>%s</th><td></td><th>%s</th><td></td>"
	    "</tr></table>\n",
	    tr("Made by", "作成者（所属）"), name,
	    tr("Confirmed by", "確認者（所属）"), name);
}

void
certificate_html(const struct certificate *c, struct buf *out)
{
	const char *title =
	    tr("Negative-finding certificate", "不検出証明書");

	html_begin(out,
	    &(struct html_page){ .lang = log_lang(),
		.paper = HTML_PORTRAIT,
		.title = arena_printf(c->arena, "%s %s %s", title, c->number,
		    c->site),
		.style = style,
		.banner = "",
		.foot = arena_printf(c->arena, "%s  %s#%llu  %.16s", c->number,
		    c->search->origin, (unsigned long long)c->search->index,
		    c->search->leaf) });
	html_put(out,
	    "<header><p class=\"site\">%s</p>\n<h1>%s</h1>\n"
	    "<p class=\"subtitle\">%s</p>\n<p class=\"made\">%s %s"
	    "<span>%s (%s)</span></p></header>\n",
	    c->site, title,
	    tr("Not found within the scope stated",
		"調査範囲において該当なし"),
	    tr("No.", "文書番号"), c->number, when(c, c->search->at),
	    figure_zone(c->arena, c->zone));
	put_statement(c, out);
	put_values(c, out);
	put_logs(c, out);
	put_sources(c, out);
	put_gaps(c, out);
	put_way(c, out);
	put_seal(c, out);
	html_end(out);
}
