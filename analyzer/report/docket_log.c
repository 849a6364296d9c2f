/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/csvout.h"
#include "analyzer/report/figure.h"
#include "analyzer/report/docket_priv.h"
#include "analyzer/report/paper.h"
#include "analyzer/report/picture.h"
#include "analyzer/report/review_past.h"
#include "analyzer/report/word.h"
#include "common/log.h"

/*
 * Checklist 2-⑪: who reviewed the access logs, what they look like, how long
 * they are kept, and that they are as they were received.
 */
#define LOSSES_SHOWN 20u

static struct span
category(const struct docket_record *s)
{
	return s->category.len > 0 ? s->category : s->action;
}

static const char *
head(const struct docket *p)
{
	return arena_printf(p->r->arena, "%s　%s", docket_period(p),
	    tr("Checklist 2-⑪", "チェックリスト2-⑪"));
}

void
docket_put_reviews(const struct docket *p, struct buf *out)
{
	docket_begin(p, out,
	    &(struct docket_head){ .title = tr("Access logs: who reviewed them",
				     "アクセスログの確認の履歴"),
		.subtitle = head(p),
		.style = review_past_style(),
		.number = 4 });
	review_put_weeks(p->r, &p->weeks, REVIEW_WEEKS, out);
	html_end(out);
}

/* ---- the sample ---- */

static const char *
sample_counts(const struct docket *p)
{
	const struct docket_sample *s = p->sample;

	return arena_printf(p->r->arena,
	    tr("%s: %s records with a user, %s others. Here %zu and %zu, "
	       "chosen by the smallest SHA-256 of day and leaf hash.",
		"%s：利用者のある記録 %s件、その他 %s件。うち %zu件と %zu件"
		"を、日付とリーフのハッシュのSHA-256が小さい順に機械的に選びま"
		"した。"),
	    figure_day(p->r->arena, p->in.day, p->r->zone),
	    figure_count(p->r->arena, s->users),
	    figure_count(p->r->arena, s->others), s->n_users, s->n_others);
}

static void
put_record(const struct docket *p, struct buf *out,
    const struct docket_record *s)
{
	struct arena *a = p->r->arena;

	html_put(out,
	    "<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td>"
	    "<td>%s</td><td>%s</td></tr>\n<tr><td colspan=\"7\"><code>%s</code>"
	    " ",
	    figure_clip(a, s->user, 30), figure_clip(a, s->name, 24),
	    figure_time(a, s->at, p->r->zone),
	    figure_clip(a, category(s), 24), figure_clip(a, s->action, 30),
	    figure_clip(a, s->outcome, 12), figure_clip(a,
		span_str(s->device), 40),
	    figure_clip(a, span_str(s->text), 220));
	report_put_cite(out, &s->cite);
	buf_str(out, "</td></tr>\n");
}

void
docket_put_sample(const struct docket *p, struct buf *out)
{
	const struct docket_sample *s = p->sample;
	size_t i;

	docket_begin(p, out,
	    &(struct docket_head){
		.title = tr("Access logs: one day",
		    "アクセスログの見本（1日分）"),
		.subtitle = head(p),
		.number = 5 });
	html_put(out, "<p>%s</p><p class=\"src\">%s ", sample_counts(p),
	    tr("Records of that day:", "その日の記録："));
	report_put_range(out, &s->cited);
	html_put(out, "　%s</p>\n",
	    tr("05-sample.txt has the lines as received, 05-sample.csv opens "
	       "in Excel. Records that name a patient are left out here.",
		"受信したままの行は 05-sample.txt、Excel用は 05-sample.csv。患"
		"者に関する記録の本文は省略しています。"));
	html_put(out,
	    "<table class=\"fit\"><thead><tr><th>%s</th><th>%s</th><th>%s</th>"
	    "<th>%s</th><th>%s</th><th>%s</th><th>%s</th></tr></thead>"
	    "<tbody>\n",
	    tr("User ID", "ユーザーID"), tr("Name", "氏名"),
	    tr("Time", "時刻"), tr("Category", "カテゴリ"),
	    tr("Operation", "操作情報"), tr("Result", "結果"),
	    tr("Device", "機器"));
	for (i = 0; i < s->n; i++)
		put_record(p, out, &s->v[i]);
	buf_str(out, "</tbody></table>\n");
	if (s->n == 0)
		html_put(out, "<p>%s</p>\n", word_of(WORD_NO_ROWS));
	html_end(out);
}

void
docket_put_sample_text(const struct docket *p, struct buf *out)
{
	size_t i;

	for (i = 0; i < p->sample->n; i++) {
		if (p->sample->v[i].patient)
			continue;
		buf_span(out, p->sample->v[i].raw);
		buf_byte(out, '\n');
	}
}

void
docket_put_sample_csv(const struct docket *p, struct buf *out)
{
	static const char *const names[][2] = { { "user id", "ユーザーID" },
		{ "name", "氏名" }, { "time", "時刻" },
		{ "category", "カテゴリ" }, { "operation", "操作情報" },
		{ "result", "結果" }, { "device", "機器" },
		{ "from", "接続元" }, { "evidence", "証跡番号" },
		{ "text", "原文" } };
	size_t i;

	csvout_begin(out);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		csvout_str(out, tr(names[i][0], names[i][1]));
	csvout_row(out);
	for (i = 0; i < p->sample->n; i++) {
		const struct docket_record *s = &p->sample->v[i];

		csvout_cell(out, s->user);
		csvout_cell(out, s->name);
		csvout_str(out, figure_time(p->r->arena, s->at, p->r->zone));
		csvout_cell(out, category(s));
		csvout_cell(out, s->action);
		csvout_cell(out, s->outcome);
		csvout_str(out, s->device);
		csvout_cell(out, s->source);
		csvout_str(out, report_cite_text(p->r, &s->cite));
		csvout_str(out, s->text);
		csvout_row(out);
	}
}

/* ---- what is kept ---- */

static void
put_kept(const struct docket *p, struct buf *out)
{
	const struct docket_log *l = &p->in.log;
	const struct verify_result *v = p->r->evidence;
	struct arena *a = p->r->arena;

	html_put(out,
	    "<h2>%s</h2><table><tr><th>%s</th><td>%s</td></tr><tr><th>%s</th>"
	    "<td>%s</td></tr><tr><th>%s</th><td>%s – %s</td></tr><tr><th>%s"
	    "</th><td>%s</td></tr>",
	    tr("What is kept", "保存状況"), tr("Log", "ログ"), v->origin,
	    tr("Records sealed", "封印された記録"), figure_count(a, v->size),
	    tr("Received from – to (held)", "保存している期間（受信）"),
	    l->low == 0 ? "—" : figure_minute(a, (int64_t)l->low, p->r->zone),
	    l->high == 0 ? "—"
			 : figure_minute(a, (int64_t)l->high, p->r->zone),
	    tr("Period of keeping (setting)", "保存期間（設定）"),
	    l->retention);
	html_put(out,
	    tr("<tr><th>Closed files</th><td>%zu kept, %zu on hold, %zu past "
	       "their period and not deleted, %zu deleted (recorded), %zu "
	       "missing</td></tr></table>\n",
		"<tr><th>確定したファイル</th><td>保存中 %zu・保全指定 %zu・期"
		"間経過（未消去）%zu・消去済（記録あり）%zu・所在不明 %zu</td>"
		"</tr></table>\n"),
	    l->kept, l->held, l->past, l->deleted, l->missing);
}

static void
put_proof(const struct docket *p, struct buf *out, const char *name,
    const struct verify_result *v, const struct report_generations *before,
    const uint8_t *r)
{
	const struct report_proof proof = report_proof(p->r, v, before);
	struct checkpoint c = { .origin = span_str(v->origin),
		.size = v->size };

	memcpy(c.root, v->root, sizeof(c.root));
	html_put(out, "<div><p><b>%s</b>　<b>%s</b> %s</p>"
	    "<p class=\"src\">%s%s</p><div class=\"anchor\">",
	    name, proof.verdict, proof.why, proof.verdict, proof.limits);
	(void)paper_put(&c, r, out); /* the lines are there in any case */
	buf_str(out, "</div></div>\n");
}

static void
put_source(const struct docket *p, struct buf *out, const struct source *s)
{
	struct arena *a = p->r->arena;

	html_put(out,
	    "<tr class=\"%s\"><td>%s%s</td><td class=\"n\">%s</td><td>%s</td>"
	    "<td>%s</td><td class=\"n\">%u / %u</td><td>%s</td>"
	    "<td class=\"n\">%s</td><td class=\"hc\">",
	    s->records == 0 ? "bad" : "",
	    figure_clip(a, span_str(s->label), 44),
	    s->imported ? word_of(WORD_IMPORTED) : "",
	    figure_count(a, s->records),
	    s->records == 0 ? "—" : figure_short(a, s->first, p->r->zone),
	    s->records == 0 ? "—" : figure_short(a, s->last, p->r->zone),
	    s->silent, s->hours,
	    s->silent == 0 ? "—"
			   : figure_range(a, s->gap_from, s->gap_until,
				 p->r->zone),
	    figure_count(a, s->unknown));
	picture_heard(out, s, p->in.from, p->in.until);
	buf_str(out, "</td></tr>\n");
}

static void
put_sources(const struct docket *p, struct buf *out)
{
	size_t i;

	html_put(out,
	    "<h2>%s</h2><table class=\"fit\"><thead><tr><th>%s</th><th>%s</th>"
	    "<th>%s</th><th>%s</th><th>%s</th><th>%s</th><th>%s</th>"
	    "<th class=\"hc\">%s</th></tr></thead><tbody>\n",
	    tr("What was received", "受信状況（欠測の有無）"),
	    word_of(WORD_SOURCE),
	    word_of(WORD_RECORDS), word_of(WORD_FIRST), word_of(WORD_LAST),
	    word_of(WORD_SILENT_HOURS), word_of(WORD_LONGEST_SILENCE),
	    word_of(WORD_UNKNOWN),
	    tr("Day by day (height: hours heard)",
		"日ごとの受信（高さ＝受信した時間の割合）"));
	for (i = 0; i < p->total->n && i < DOCKET_ROWS; i++)
		put_source(p, out, &p->total->rows[i]);
	buf_str(out, "</tbody></table>\n");
	if (p->total->n > DOCKET_ROWS)
		html_put(out, "<p class=\"rest\">%s %zu</p>\n",
		    word_of(WORD_OTHER_SOURCES), p->total->n - DOCKET_ROWS);
}

static void
put_losses(const struct docket *p, struct buf *out)
{
	const struct losses *l = p->losses;
	size_t i, n = losses_between(l, p->in.from, p->in.until), shown = 0;

	html_put(out, "<h2>%s %zu</h2>\n",
	    tr("Losses that the collector recorded:",
		"収集装置が記録した欠測・損失："),
	    n);
	if (n == 0) {
		html_put(out, "<p>%s</p>\n", word_of(WORD_NO_LOSS));
		return;
	}
	buf_str(out, "<ul class=\"facts\">\n");
	for (i = l->n; i > 0 && shown < LOSSES_SHOWN; i--) {
		const struct loss *row = &l->rows[i - 1];

		if (!losses_is_between(row, p->in.from, p->in.until))
			continue;
		shown++;
		html_put(out, "<li>%s %s ",
		    figure_short(p->r->arena, row->from, p->r->zone),
		    row->text);
		report_put_cite(out, &row->cite);
		buf_str(out, "</li>\n");
	}
	html_put(out, "</ul>\n");
	if (n > shown)
		html_put(out, "<p class=\"rest\">%s %zu</p>\n",
		    tr("Older ones not shown:", "これより前（省略）："),
		    n - shown);
}

void
docket_put_store(const struct docket *p, struct buf *out)
{
	const struct report *r = p->r;

	docket_begin(p, out,
	    &(struct docket_head){
		.title = tr("Access logs: kept and verified",
		    "アクセスログの保存状況と検証結果"),
		.subtitle = head(p),
		.number = 6 });
	html_put(out, "<section class=\"proof\"><h2>%s</h2>"
	    "<div class=\"two\">",
	    tr("Verification", "証跡の検証結果"));
	put_proof(p, out, word_of(WORD_EVIDENCE_LOG), r->evidence,
	    &r->evidence_before, r->evidence_r);
	put_proof(p, out, word_of(WORD_CASEBOOK), r->cases, &r->cases_before,
	    r->cases_r);
	html_put(out, "</div><p class=\"src\">%s</p></section>\n",
	    tr("To be checked by anybody: konseki-verify --pin FILE evidence",
		"第三者も確認できます：konseki-verify --pin 鍵ファイル "
		"evidence"));
	put_kept(p, out);
	put_sources(p, out);
	put_losses(p, out);
	html_end(out);
}
