/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/figure.h"
#include "analyzer/report/docket_priv.h"
#include "analyzer/report/word.h"
#include "common/log.h"

/*
 * The first page of the pack: in the order in which the guidance says what is
 * looked at (2-①, 3-①, 3-③, 4), then the access logs, then what belongs to
 * them.  What only the institution has is asked for and not made up.
 */
static const char style[] =
    ".idx td:nth-child(1){font-weight:bold;white-space:nowrap}"
    ".idx td:nth-child(4){text-align:center;width:4em}.idx{font-size:1.05em}"
    ".idx td{padding:1.2mm 1.5mm}\n";

struct line {
	const char *item, *what, *file, *more;
};

static void
put_line(struct buf *out, const struct line *l)
{
	html_put(out, "<tr><td>%s</td><td>", l->item);
	if (*l->file != '\0')
		html_put(out, "<a href=\"%s\">%s</a>", l->file, l->what);
	else
		html_put(out, "%s", l->what);
	html_put(out, "</td><td>%s</td><td>□</td></tr>\n", l->more);
}

static const char *
counts(const struct docket *p, const char *format, size_t a, size_t b)
{
	struct buf out;
	const char *s;

	buf_init(&out);
	buf_printf(&out, "%s %zu / %zu", format, a, b);
	s = arena_str(p->r->arena, buf_view(&out));
	buf_fini(&out);
	return s;
}

static void
put_looked_at(const struct docket *p, struct buf *out)
{
	const struct ledgers *l = p->in.ledgers;
	const struct contacts *c = p->r->contacts;

	put_line(out,
	    &(struct line){ "2-①", tr("Ledgers", "台帳（機器・利用者ID）"),
		"01-ledgers.html",
		counts(p, tr("devices / accounts:", "機器台数／ID数："),
		    p->r->devices == NULL ? 0 : devices_count(p->r->devices),
		    l == NULL ? 0 : accounts_count(l->accounts)) });
	put_line(out,
	    &(struct line){ "3-①", tr("Contact tree", "連絡体制図"),
		"02-contacts.html",
		arena_printf(p->r->arena, tr("%zu person(s)", "%zu名"),
		    c == NULL ? 0 : c->n_people) });
	put_line(out,
	    &(struct line){ "3-③",
		tr("Business continuity plan (BCP)",
		    "事業継続計画（BCP）"),
		"",
		tr("The institution's own document: please lay it beside. "
		   "What may go with it: 02 (contacts, 2.2.1), 06 "
		   "(preservation, 3.4.2), konseki report (3.2).",
		    "施設で策定した現物を添えてください（konsekiは作成しませ"
		    "ん）。添付できる資料：02（2.2.1 連絡先）、06（3.4.2 証拠"
		    "保全）、被害状況報告書（konseki report）。") });
	put_line(out,
	    &(struct line){ "4",
		tr("Operating rules (clauses, a draft)",
		    "規程類（運用管理規程の条文案）"),
		"03-rules.html",
		tr("with the settings in force; lay the rules themselves "
		   "beside",
		    "現在の設定値入り。制定した規程の現物を添えてく"
		    "ださい。") });
}

static void
put_logs(const struct docket *p, struct buf *out)
{
	put_line(out,
	    &(struct line){ tr("Access logs", "アクセスログ"),
		tr("2-⑪ Record of reviews", "2-⑪ 確認の履歴"),
		"04-reviews.html",
		counts(p, tr("weeks signed / owed:", "署名済／対象の週："),
		    p->weeks.reviewed, p->weeks.n) });
	put_line(out,
	    &(struct line){ "", tr("A day of them", "見本（1日分）"),
		"05-sample.html",
		figure_day(p->r->arena, p->in.day, p->r->zone) });
	put_line(out,
	    &(struct line){ "",
		tr("Kept and verified", "保存状況・検証結果"),
		"06-store.html",
		report_proof(p->r, p->r->evidence, &p->r->evidence_before)
		    .verdict });
	put_line(out,
	    &(struct line){ "2-②",
		tr("Remote maintenance: plans and sessions",
		    "リモート保守照合票"),
		"07-maintenance.html",
		counts(p, tr("sessions / unplanned:", "接続／計画外："),
		    p->n_sessions, p->unplanned) });
	put_line(out,
	    &(struct line){ tr("all", "全項目"),
		tr("Yearly checklist sheet", "年次点検票"),
		"08-checklist.html",
		tr("to be filled in by people", "人が記入します") });
	put_line(out,
	    &(struct line){ "", tr("Letter to the vendor", "事業者への依頼状"),
		"09-vendor.html", "" });
}

void
docket_put_index(const struct docket *p, struct buf *out)
{
	docket_begin(p, out,
	    &(struct docket_head){ .title = tr("On-site inspection: contents",
				     "立入検査資料　目次"),
		.subtitle = docket_period(p),
		.style = style,
		.number = 0 });
	html_put(out,
	    "<table class=\"idx\"><thead><tr><th>%s</th><th>%s</th><th>%s</th>"
	    "<th>%s</th></tr></thead><tbody>\n",
	    tr("Item", "項目"), tr("Paper", "資料"),
	    tr("What is in it", "内容"),
	    tr("Shown", "提示"));
	put_looked_at(p, out);
	put_logs(p, out);
	buf_str(out, "</tbody></table>\n");
	html_put(out, "<p>%s</p><p class=\"src\">%s</p>\n",
	    tr("Made from the records and ledgers of this site by konseki "
	       "inspect; nothing was entered for it. Counts and statements "
	       "name their records (#number).",
		"このサイトの記録と台帳から konseki inspect が作成しました（こ"
		"の"
		"資料のために記入したものはありません）。件数と記述には証跡番号"
		"（#）を添えています。"),
	    tr("Print: open each page and print it from the browser (A4). "
	       "Telephone numbers stand in 02; patients' data in none.",
		"印刷：各ページをブラウザーで開き、A4で印刷してください。電話番"
		"号は02だけに、患者情報はどのページにも載せていません。"));
	html_end(out);
}
