/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/review_past.h"

#include "analyzer/report/figure.h"
#include "analyzer/report/review_priv.h"
#include "analyzer/report/word.h"
#include "common/log.h"
#include "common/utc.h"

/*
 * Who reviewed which week: on the next sheet in a line, for an inspector on a
 * page of its own.  A signature is a record of the casebook; the paper with the
 * seal on it is beside it, and not instead of it.
 */
#define COMMENT_COLUMNS 60

static const char *
clip(const struct report *r, const char *s, size_t columns)
{
	return figure_clip(r->arena, span_str(s), columns);
}

const char *
review_number(const struct review *v)
{
	char number[WEEKS_NUMBER];

	return arena_printf(v->r->arena, "%s",
	    weeks_number(v->from, v->r->zone, number));
}

/* "高橋 実（企画管理者） 11/24(火) 10:20". */
static const char *
signature(const struct report *r, const struct casebook_step *s)
{
	return arena_printf(r->arena, "%s %s", report_who(r, s),
	    figure_short(r->arena, s->at, r->zone));
}

static void
put_cited(const struct report *r, struct buf *out,
    const struct casebook_step *s)
{
	const struct report_cite cite = report_cite_step(s);

	html_put(out, "%s ", signature(r, s));
	report_put_cite(out, &cite);
}

/* ---- on the next sheet ---- */

void
review_put_before(const struct review *v, struct buf *out)
{
	const struct report *r = v->r;
	const struct weeks_week *w =
	    weeks_of(&v->weeks, v->from - 7 * UTC_DAY);
	char number[WEEKS_NUMBER];

	if (w != NULL && w->reviewed != NULL) {
		html_put(out, "<p class=\"src\">%s %s%s",
		    tr("The week before,", "前週の確認"),
		    weeks_number(w->from, r->zone, number),
		    tr(": signed by ", "："));
		put_cited(r, out, w->reviewed);
		if (*w->reviewed->text != '\0')
			html_put(out, tr(" “%s”", "「%s」"),
			    clip(r, w->reviewed->text, COMMENT_COLUMNS));
		buf_str(out, "</p>\n");
	} else if (w != NULL) {
		html_put(out, "<p class=\"warn\">%s %s%s</p>\n",
		    tr("The week before,", "前週"),
		    weeks_number(w->from, r->zone, number),
		    tr(": nobody has signed it.",
			"：署名の記録がありません。"));
	}
	if (v->weeks.missing > 0)
		html_put(out,
		    tr("<p class=\"warn\">Weeks without a signature: %zu of "
		       "%zu, the oldest %s.</p>\n",
			"<p class=\"warn\">署名のない週：%zu週（全%zu週、最古 "
			"%s）</p>\n"),
		    v->weeks.missing, v->weeks.owed,
		    weeks_number(v->weeks.oldest_missing->from, r->zone,
			number));
}

void
review_put_before_text(const struct review *v, struct buf *out)
{
	const struct report *r = v->r;
	const struct weeks_week *w =
	    weeks_of(&v->weeks, v->from - 7 * UTC_DAY);
	char number[WEEKS_NUMBER];

	if (w != NULL && w->reviewed != NULL)
		buf_printf(out, "  %s %s: %s %s\n",
		    tr("The week before,", "前週の確認"),
		    weeks_number(w->from, r->zone, number),
		    signature(r, w->reviewed),
		    clip(r, w->reviewed->text, COMMENT_COLUMNS));
	if (v->weeks.missing > 0)
		buf_printf(out,
		    tr("  Weeks without a signature: %zu of %zu\n",
			"  署名のない週: %zu週（全%zu週）\n"),
		    v->weeks.missing, v->weeks.owed);
}

static void
put_field(const struct review *v, struct buf *out,
    const struct casebook_step *s)
{
	buf_str(out, "<td>");
	if (s != NULL)
		put_cited(v->r, out, s);
	buf_str(out, "</td>");
}

void
review_put_signatures(const struct review *v, struct buf *out)
{
	const struct weeks_week *w = weeks_of(&v->weeks, v->from);
	const struct casebook_step *by = w == NULL ? NULL : w->reviewed;

	html_put(out,
	    "<section class=\"sign\"><table><tr><th>%s</th><td>%s</td></tr>"
	    "</table><table><tr><th>%s</th><th>%s</th><th>%s</th></tr><tr>",
	    word_of(WORD_COMMENT),
	    by == NULL ? "" : clip(v->r, by->text, 2 * COMMENT_COLUMNS),
	    word_of(WORD_REVIEWER), word_of(WORD_APPROVER),
	    word_of(WORD_DATE_CONFIRMED));
	put_field(v, out, by);
	put_field(v, out, w == NULL ? NULL : w->approved);
	html_put(out,
	    "<td>%s</td></tr></table></section>\n",
	    by == NULL ? ""
		       : figure_day(v->r->arena, by->at, v->r->zone));
	if (!review_is_over(v))
		return;
	html_put(out,
	    "<p class=\"src enter\">%s <kbd>konseki review --sign %s --by ID "
	    "--comment \"…\"</kbd></p>\n",
	    tr("When it is signed, enter it:", "署名したら登録："),
	    review_number(v));
}

/* ---- for the inspector ---- */

static const char style[] =
    ".hist{table-layout:fixed}.hist td{font-size:.92em}"
    ".hist th:nth-child(1){width:7.8em}.hist th:nth-child(2){width:8.4em}"
    ".hist th:nth-child(3){width:5.6em}.hist th:nth-child(4){width:9.6em}"
    ".hist th:nth-child(5){width:6.8em}.hist th:nth-child(6){width:7.4em}"
    ".hist th:nth-child(7){width:3em}"
    "@media screen and (max-width:640px){.hist{min-width:760px}}\n"
    ".sum td,.sum th{text-align:center}.sum td{font-size:1.3em}\n";

const char *
review_past_style(void)
{
	return style;
}

static void
put_sum(const struct weeks *w, struct buf *out)
{
	html_put(out,
	    "<table class=\"sum\"><tr><th>%s</th><th>%s</th><th>%s</th>"
	    "<th>%s</th></tr><tr><td>%zu</td><td>%zu</td><td>%zu</td>"
	    "<td>%zu</td></tr></table>\n",
	    tr("weeks since konseki runs", "対象の週（稼働後）"),
	    weeks_state_name(WEEKS_SIGNED), weeks_state_name(WEEKS_LATE),
	    weeks_state_name(WEEKS_MISSING), w->owed, w->in_time, w->late,
	    w->missing);
}

/* How long after the end of the week, or how soon after the sheet was made. */
static void
put_when(const struct report *r, struct buf *out, const struct weeks_week *w)
{
	if (w->reviewed == NULL) {
		buf_str(out, "<td>—</td>");
		return;
	}
	html_put(out, "<td>%s",
	    figure_short(r->arena, w->reviewed->at, r->zone));
	if (w->made == NULL)
		html_put(out, "<br>%s",
		    tr("no record that the sheet was made",
			"票の作成記録なし"));
	else
		html_put(out, "<br>%s %s%s",
		    tr("made", "作成から"),
		    figure_length(r->arena, w->reviewed->at - w->made->at),
		    w->quick ? tr(" before: very soon", "（短時間）")
			     : tr(" before", ""));
	buf_str(out, "</td>");
}

static void
put_week(const struct report *r, struct buf *out, const struct weeks_week *w)
{
	const struct casebook_step *s = w->reviewed;
	char number[WEEKS_NUMBER];

	html_put(out,
	    "<tr class=\"%s\"><td>%s</td><td>%s – %s</td><td>%s</td><td>",
	    w->state == WEEKS_MISSING ? "bad" : "",
	    weeks_number(w->from, r->zone, number),
	    figure_day(r->arena, w->from, r->zone),
	    figure_day(r->arena, w->until - 1, r->zone),
	    w->owed ? weeks_state_name(w->state)
		    : tr("signed (a week from before konseki ran)",
			  "確認済（稼働前の週）"));
	if (s != NULL) {
		const struct report_cite cite = report_cite_step(s);

		html_put(out, "%s<br>", report_who(r, s));
		report_put_cite(out, &cite);
		if (w->signatures > 1)
			html_put(out, tr(" and %zu more", " ほか%zu名"),
			    w->signatures - 1);
	}
	buf_str(out, "</td>");
	put_when(r, out, w);
	html_put(out, "<td>%s</td><td class=\"n\">%s</td><td>%s</td></tr>\n",
	    w->approved == NULL ? "—" : signature(r, w->approved),
	    s == NULL ? "—" : figure_count(r->arena, s->items),
	    s == NULL ? "" : clip(r, s->text, COMMENT_COLUMNS));
}

static void
put_reminders(const struct weeks *weeks, struct buf *out)
{
	size_t i, n = 0;

	for (i = 0; i < weeks->n; i++)
		n += weeks->v[i].reminders;
	html_put(out, "<p class=\"src\">%s %zu%s%s</p>\n",
	    tr("Reminders sent:", "催促の送信："), n, tr(". ", "件。"),
	    tr("Each line rests on a record of the casebook (#number and first "
	       "digits of its leaf hash). Printed sheets with a seal are kept "
	       "beside it; the casebook also names each sheet by its SHA-256.",
		"各行は事案簿の記録（#番号とリーフのハッシュの先頭）にもとづき"
		"ます。押印した紙の票と突き合わせてください。署名した票は"
		"SHA-256でも特定できます。"));
}

void
review_put_weeks(const struct report *r, const struct weeks *weeks, size_t most,
    struct buf *out)
{
	size_t i, shown = 0;

	put_sum(weeks, out);
	html_put(out,
	    "<table class=\"hist\"><thead><tr><th>%s</th><th>%s</th><th>%s</th>"
	    "<th>%s</th><th>%s</th><th>%s</th><th>%s</th><th>%s</th></tr>"
	    "</thead><tbody>\n",
	    word_of(WORD_NUMBER), word_of(WORD_PERIOD),
	    tr("State", "状態"), word_of(WORD_REVIEWER),
	    tr("When", "確認日時"), word_of(WORD_APPROVER),
	    word_of(WORD_FINDINGS), word_of(WORD_COMMENT));
	for (i = weeks->n; i > 0 && shown < most; i--, shown++)
		put_week(r, out, &weeks->v[i - 1]);
	buf_str(out, "</tbody></table>\n");
	if (weeks->n == 0)
		html_put(out, "<p>%s</p>\n",
		    tr("No week is over yet.",
			"終わった週がまだありません。"));
	if (weeks->n > shown)
		html_put(out, "<p class=\"rest\">%s %zu</p>\n",
		    tr("Older weeks not shown:", "これより前の週（省略）："),
		    weeks->n - shown);
	put_reminders(weeks, out);
}

void
review_history_html(const struct report *r, struct buf *out)
{
	const struct report_proof proof =
	    report_proof(r, r->cases, &r->cases_before);
	struct weeks weeks;

	weeks_build(r->book, r->zone, report_made(r), r->grace, r->arena,
	    &weeks);
	report_begin(r, out,
	    &(struct report_page){
		.title = tr("Weekly access-log reviews: record",
		    "週次アクセスログ確認の履歴"),
		.subtitle = tr("Checklist item 2-⑪",
		    "チェックリスト2-⑪「アクセスログを管理している」"),
		.number = "WR-HISTORY",
		.style = style,
		.paper = HTML_PORTRAIT,
	    });
	review_put_weeks(r, &weeks, REVIEW_WEEKS, out);
	html_put(out, "<p class=\"src\">%s %s <b>%s</b>%s</p>\n",
	    word_of(WORD_CASEBOOK), word_of(WORD_PROOF), proof.verdict,
	    proof.limits);
	html_end(out);
}
