/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/drillpage.h"

#include <inttypes.h>
#include <string.h>

#include "analyzer/report/figure.h"
#include "analyzer/report/html.h"
#include "common/log.h"
#include "common/utc.h"

static bool
is_executive(const struct contacts *c, const char *id)
{
	const struct contacts_person *p = contacts_person(c, id);

	return p != NULL && (strstr(p->role, "経営") != NULL ||
				strstr(p->role, "院長") != NULL ||
				strstr(p->role, "理事長") != NULL ||
				strstr(p->role, "xecutive") != NULL);
}

/* The earlier of two instants, of which 0 is none. */
static void
earliest(int64_t *t, int64_t at)
{
	if (*t == 0 || at < *t)
		*t = at;
}

void
drill_times(const struct casebook *book, const struct contacts *contacts,
    int64_t played, struct drill_times *t)
{
	size_t i;

	*t = (struct drill_times){ .played = played };
	for (i = 0; i < book->n_findings; i++)
		if (strcmp(book->findings[i].kind, "alert") == 0)
			earliest(&t->noticed, book->findings[i].recorded);
	for (i = 0; i < book->n_steps; i++) {
		const struct casebook_step *s = &book->steps[i];

		if (s->kind == CASEBOOK_SENT && s->ok &&
		    strcmp(s->how, "cef") != 0) {
			earliest(&t->told, s->at);
			if (is_executive(contacts, s->who))
				earliest(&t->executive, s->at);
		}
		if (s->kind == CASEBOOK_ACK)
			earliest(&t->acked, s->at);
		if (s->kind == CASEBOOK_DONE ||
		    (s->kind == CASEBOOK_NOTE &&
			strcmp(s->how, "decision") == 0))
			earliest(&t->reported, s->at);
	}
}

const char *
drill_after(struct arena *arena, const struct drill_times *t, int64_t at)
{
	int64_t s = (at - t->played) / UTC_SECOND;

	if (at == 0)
		return tr("not in this drill", "この訓練では至らず");
	return arena_printf(arena,
	    tr("%" PRId64 " min %" PRId64 " s", "%" PRId64 "分%" PRId64 "秒"),
	    s / 60, s % 60);
}

static void
put_time(const struct drillpage *p, const char *what, int64_t at,
    struct buf *out)
{
	html_put(out,
	    "<tr><th>%s</th><td class=\"big\">%s</td><td>%s</td>"
	    "<td></td></tr>\n",
	    what, drill_after(p->arena, &p->times, at),
	    at == 0 ? "" : figure_time(p->arena, at, p->zone));
}

static void
put_times(const struct drillpage *p, struct buf *out)
{
	const struct drill_times *t = &p->times;

	html_put(out,
	    "<h2>%s</h2><table><thead><tr><th>%s</th><th>%s</th><th>%s</th>"
	    "<th>%s</th></tr></thead><tbody>\n",
	    tr("1. Times, from the first line on", "1. 所要時間（開始から）"),
	    tr("Until", "区分"), tr("Took", "所要"), tr("At", "時刻"),
	    tr("Goal (write it in)", "目標（記入）"));
	put_time(p, tr("it was noticed (finding)", "検知"), t->noticed, out);
	put_time(p, tr("somebody was told", "最初の連絡"), t->told, out);
	put_time(p, tr("somebody took it", "引受（到達確認）"), t->acked, out);
	put_time(p, tr("executives were told", "経営層への連絡"), t->executive,
	    out);
	put_time(p, tr("it was decided or reported", "決定・報告の記録"),
	    t->reported, out);
	buf_str(out, "</tbody></table>\n");
}

static void
put_calls(const struct drillpage *p, struct buf *out)
{
	size_t i;

	html_put(out,
	    "<h2>%s</h2><table><thead><tr><th>%s</th><th>%s</th><th>%s</th>"
	    "<th>%s</th></tr></thead><tbody>\n",
	    tr("2. Who was reached, what people did", "2. 連絡と対応の記録"),
	    tr("Time", "時刻"), tr("What", "区分"), tr("Who", "担当者"),
	    tr("Result, text", "結果・内容"));
	for (i = 0; i < p->book->n_steps; i++) {
		const struct casebook_step *s = &p->book->steps[i];
		const struct contacts_person *who =
		    contacts_person(p->contacts, s->who);
		const char *what = s->kind == CASEBOOK_SENT
		    ? tr("told", "連絡")
		    : s->kind == CASEBOOK_ACK ? tr("took it", "引受")
		    : s->kind == CASEBOOK_NOTE ? tr("noted", "記入")
					       : tr("recorded", "記録");

		html_put(out,
		    "<tr><td>%s</td><td>%s</td><td>%s</td><td>%s%s%s</td>"
		    "</tr>\n",
		    figure_clock(p->arena, s->at, p->zone), what,
		    who == NULL || *who->name == '\0' ? s->who : who->name,
		    s->how, s->kind == CASEBOOK_SENT && !s->ok
			? tr(" (failed) ", "（失敗）")
			: " ",
		    s->text);
	}
	if (p->book->n_steps == 0)
		html_put(out, "<tr><td colspan=\"4\">%s</td></tr>\n",
		    tr("nobody was told", "連絡はありませんでした"));
	buf_str(out, "</tbody></table>\n");
}

static void
put_findings(const struct drillpage *p, struct buf *out)
{
	size_t i;

	html_put(out, "<h2>%s</h2><ul>\n",
	    tr("3. What the rules found", "3. 検知した内容"));
	for (i = 0; i < p->book->n_findings; i++) {
		const struct casebook_finding *f = &p->book->findings[i];

		if (strcmp(f->kind, "alert") == 0)
			html_put(out, "<li>%s [%s] %s</li>\n",
			    casebook_severity_name(f->severity), f->rule,
			    tr(f->title_en, f->title_ja));
	}
	buf_str(out, "</ul>\n");
}

static void
put_people(struct buf *out)
{
	int i;

	html_put(out,
	    "<h2>%s</h2><table class=\"w\"><thead><tr><th>%s</th><th>%s</th>"
	    "<th>%s</th></tr></thead><tbody>",
	    tr("4. Who took part", "4. 参加者"), tr("Role", "役割"),
	    tr("Name", "氏名"), tr("Remarks", "所見"));
	for (i = 0; i < 4; i++)
		buf_str(out, "<tr><td></td><td></td><td></td></tr>");
	html_put(out,
	    "</tbody></table>\n<h2>%s</h2><table class=\"w\"><thead><tr>"
	    "<th>%s</th><th>%s</th><th>%s</th></tr></thead><tbody>",
	    tr("5. What is to be better", "5. 改善すること"),
	    tr("What", "内容"), tr("Who", "担当"), tr("Until", "期限"));
	for (i = 0; i < 3; i++)
		buf_str(out, "<tr><td></td><td></td><td></td></tr>");
	html_put(out,
	    "</tbody></table>\n<table class=\"w\"><tr><th>%s</th><td></td>"
	    "<th>%s</th><td></td></tr></table>\n",
	    tr("Held by", "実施者"),
	    tr("Confirmed by (safety manager)", "確認（安全管理責任者）"));
}

void
drillpage_html(const struct drillpage *p, struct buf *out)
{
	html_begin(out,
	    &(struct html_page){ .lang = log_lang(),
		.paper = HTML_PORTRAIT,
		.title = tr("Record of a drill", "訓練記録"),
		.style = ".big{font-size:1.2em;font-weight:bold}"
			 ".w td{height:8mm}.w th{width:20%}"
			 "tbody th{width:32%}",
		.banner = tr("DRILL — DRILL — DRILL: no real event",
		    "訓練　訓練　訓練（実際の事象ではありません）"),
		.foot = tr("DRILL", "訓練") });
	html_put(out,
	    "<header><h1>%s</h1><p class=\"site\">%s</p><p class=\"made\">"
	    "<span>%s %s</span></p></header>\n",
	    tr("Record of a drill", "訓練記録（情報セキュリティ）"), p->site,
	    tr("begun", "開始"),
	    figure_time(p->arena, p->times.played, p->zone));
	html_put(out, "<p><b>%s</b><br>%s</p>\n", p->title, p->about);
	html_put(out,
	    tr("<p class=\"src\">%zu lines were played into a log of the "
	       "drill's own (%s) and marked as played. No record of it is in "
	       "the hospital's evidence.</p>\n",
		"<p class=\"src\">%zu行を訓練専用のログ（%s）に「再生」の印を"
		"付けて流しました。施設の証跡ログには1件も入っていません。"
		"</p>\n"),
	    p->lines, p->origin);
	put_times(p, out);
	put_calls(p, out);
	put_findings(p, out);
	put_people(out);
	html_end(out);
}
