/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/report/figure.h"
#include "analyzer/report/paper.h"
#include "analyzer/report/picture.h"
#include "analyzer/report/review_priv.h"
#include "analyzer/report/word.h"
#include "common/utc.h"

/*
 * The page of the weekly review.  Every list has a limit and every text a
 * number of columns, so that the page holds whatever the week brought.
 */
#define LABEL_COLUMNS 44

static const char *
clip(const struct review *v, const char *s, size_t columns)
{
	return figure_clip(v->r->arena, span_str(s), columns);
}

static const char *
count(const struct review *v, uint64_t n)
{
	return figure_count(v->r->arena, n);
}

static void
put_silence(const struct review *v, struct buf *out, const struct source *s)
{
	if (s->silent == 0) {
		html_put(out, "<td class=\"n\">0</td><td>—</td>");
		return;
	}
	html_put(out, "<td class=\"n\">%u / %u</td><td>%s</td>", s->silent,
	    s->hours,
	    figure_range(v->r->arena, s->gap_from, s->gap_until, v->r->zone));
}

static void
put_source(const struct review *v, struct buf *out, const struct source *s)
{
	html_put(out, "<tr class=\"%s\"><td>%s%s%s</td><td class=\"n\">%s</td>",
	    s->records == 0 ? "bad" : "", clip(v, s->label, LABEL_COLUMNS),
	    s->replay && v->real ? word_of(WORD_WITH_SAMPLES) : "",
	    s->imported ? word_of(WORD_IMPORTED) : "", count(v, s->records));
	if (s->records == 0)
		html_put(out, "<td colspan=\"2\">%s</td>",
		    word_of(WORD_NOTHING_RECEIVED));
	else
		html_put(out, "<td>%s</td><td>%s</td>",
		    figure_short(v->r->arena, s->first, v->r->zone),
		    figure_short(v->r->arena, s->last, v->r->zone));
	put_silence(v, out, s);
	html_put(out, "<td class=\"n\">%s</td><td>", count(v, s->unknown));
	report_put_range(out, &s->cited);
	if (!v->dense) {
		buf_str(out, "</td><td class=\"hc\">");
		picture_heard(out, s, v->from, v->until);
	}
	buf_str(out, "</td></tr>\n");
}

static void
put_other_sources(const struct review *v, struct buf *out,
    const struct sources_total *t)
{
	struct report_range cited = { 0 };
	uint64_t records = 0, unknown = 0;
	size_t i, silent = 0;

	for (i = REVIEW_SOURCES; i < t->n; i++) {
		records += t->rows[i].records;
		unknown += t->rows[i].unknown;
		silent += t->rows[i].records == 0;
		report_range_join(&cited, &t->rows[i].cited);
	}
	html_put(out,
	    "<tr><td>%s %zu</td><td class=\"n\">%s</td>"
	    "<td colspan=\"4\">%s %zu</td><td class=\"n\">%s</td><td>",
	    word_of(WORD_OTHER_SOURCES), t->n - REVIEW_SOURCES,
	    count(v, records), word_of(WORD_NOTHING_RECEIVED), silent,
	    count(v, unknown));
	report_put_range(out, &cited);
	buf_str(out, v->dense ? "</td></tr>\n" : "</td><td></td></tr>\n");
}

static void
put_losses(const struct review *v, struct buf *out, const struct losses *l,
    const struct sources_total *t)
{
	const struct loss *last = NULL;
	size_t i, n = 0;

	for (i = 0; i < l->n; i++) {
		if (!review_loss_is_of(v, &l->rows[i], t))
			continue;
		last = &l->rows[i];
		n++;
	}
	if (n == 0) {
		html_put(out, "<p class=\"src\">%s</p>\n",
		    word_of(WORD_NO_LOSS));
		return;
	}
	html_put(out, "<p class=\"warn\">%s %zu; %s %s, %s",
	    word_of(WORD_LOSSES), n, word_of(WORD_LAST),
	    figure_short(v->r->arena, last->from, v->r->zone), last->text);
	if (last->count > 0)
		html_put(out, ", %s", figure_records(v->r->arena, last->count));
	buf_str(out, " ");
	report_put_cite(out, &last->cite);
	buf_str(out, "</p>\n");
}

static void
put_sources(const struct review *v, struct buf *out, const struct losses *l,
    const struct sources_total *t)
{
	size_t i;

	html_put(out,
	    "<section><h2>%s <span class=\"cite\">%s</span></h2>\n"
	    "<table class=\"fit\"><thead><tr><th>%s</th>"
	    "<th>%s</th><th>%s</th><th>%s</th><th>%s</th><th>%s</th>"
	    "<th>%s</th><th>%s</th>",
	    word_of(WORD_RECEPTION), v->r->evidence->origin,
	    word_of(WORD_SOURCE), word_of(WORD_RECORDS), word_of(WORD_FIRST),
	    word_of(WORD_LAST), word_of(WORD_SILENT_HOURS),
	    word_of(WORD_LONGEST_SILENCE), word_of(WORD_UNKNOWN),
	    word_of(WORD_CITATION));
	if (!v->dense)
		html_put(out, "<th class=\"hc\">%s</th>",
		    tr("Mon – Sun, by the hour", "月〜日（1時間ごと）"));
	buf_str(out, "</tr></thead><tbody>\n");
	for (i = 0; i < t->n && i < REVIEW_SOURCES; i++)
		put_source(v, out, &t->rows[i]);
	if (t->n > REVIEW_SOURCES)
		put_other_sources(v, out, t);
	buf_str(out, "</tbody></table>\n");
	put_losses(v, out, l, t);
	buf_str(out, "</section>\n");
}

static void
put_session(const struct review *v, struct buf *out, const struct visit *s)
{
	struct arena *a = v->r->arena;

	html_put(out,
	    "<tr><td>%s%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td>"
	    "<td class=\"n\">%s</td><td><span class=\"cite\">#%llu</span>"
	    "</td></tr>\n",
	    review_mark(v, s->replay), connections_kind(s),
	    figure_clip(a, s->user, 24),
	    figure_clip(a, s->source, 40), connections_when(v->r, s),
	    connections_length(v->r, s), connections_bytes(v->r, s),
	    (unsigned long long)s->first.index);
}

struct shown { /* sessions */
	const struct visit **rows;
	size_t n, without_end;
};

/* How many, and of how many records there was no room to make use. */
static const char *
sessions_title(const struct review *v, const struct shown *s)
{
	const uint64_t missed = connections_count(v->connections).missed;
	const char *more = "";

	if (missed > 0)
		more = arena_printf(v->r->arena,
		    tr(", records not used: %s", "、未使用の記録 %s件"),
		    count(v, missed));
	return arena_printf(v->r->arena,
	    tr("sessions: %zu (no end: %zu%s)",
		"接続 %zu件（終了の記録なし %zu件%s）"),
	    s->n, s->without_end, more);
}

static void
put_sessions(const struct review *v, struct buf *out, const struct shown *s,
    bool dense)
{
	const size_t most = dense ? REVIEW_SESSIONS - 1 : REVIEW_SESSIONS;
	size_t i;

	if (s->n == 0)
		return;
	html_put(out,
	    "<section><table class=\"fit one\"><thead><tr>"
	    "<th>%s</th><th>%s</th><th>%s</th><th>%s</th><th>%s</th>"
	    "<th>%s</th><th>%s</th></tr></thead><tbody>\n",
	    sessions_title(v, s), word_of(WORD_ACCOUNT), word_of(WORD_FROM),
	    word_of(WORD_FROM_TO), word_of(WORD_LENGTH),
	    word_of(WORD_SENT_RECEIVED), word_of(WORD_CITATION));
	for (i = 0; i < s->n && i < most; i++)
		put_session(v, out, s->rows[i]);
	buf_str(out, "</tbody></table></section>\n");
}

static void
put_open(const struct review *v, struct buf *out)
{
	const struct casebook_group **open;
	size_t n, i;

	open = review_open(v, &n);
	html_put(out, "<section><h2>%s</h2>\n", word_of(WORD_OPEN_ITEMS));
	if (n == 0)
		html_put(out, "<p>%s</p>\n", word_of(WORD_NOTHING_OPEN));
	else
		buf_str(out, "<ul>\n");
	for (i = 0; i < n && i < REVIEW_OLD; i++) {
		const struct casebook_finding *f =
		    &v->r->book->findings[open[i]->findings[0]];

		html_put(out, "<li>□ %s%s %s %s %s</li>\n",
		    review_mark(v, f->replay), clip(v, open[i]->id, 16),
		    figure_short(v->r->arena, open[i]->first, v->r->zone),
		    casebook_severity_name(open[i]->severity),
		    clip(v, tr(f->title_en, f->title_ja), 24));
	}
	if (n > 0)
		buf_str(out, "</ul>\n");
	if (n > REVIEW_OLD)
		html_put(out, "<p>%s %zu</p>\n", word_of(WORD_MORE_OPEN),
		    n - REVIEW_OLD);
	review_put_before(v, out);
	if (!v->full && n <= 1)
		review_put_hours(v, out);
	buf_str(out, "</section>\n");
}

static void
put_samples(const struct review *v, struct buf *out)
{
	size_t i;

	html_put(out, "<section><h2>%s</h2>\n", word_of(WORD_SAMPLES));
	for (i = 0; i < v->n_samples; i++) {
		const struct review_sample *s = &v->samples[i];

		html_put(out, "<p class=\"raw\">□ %s<b>%s</b> <code>%s</code> ",
		    review_mark(v, s->replay),
		    figure_short(v->r->arena, s->at, v->r->zone), s->text);
		report_put_cite(out, &s->cite);
		buf_str(out, "</p>\n");
	}
	if (v->n_samples == 0)
		html_put(out, "<p>%s</p>\n", word_of(WORD_NO_ROWS));
	buf_str(out, "</section>\n");
}

/* What makes the sheet an anchor, to be read by eye or by phone. */
static void
put_anchor(struct buf *out, const struct verify_result *p, const uint8_t *r)
{
	struct checkpoint c = { .origin = span_str(p->origin),
		.size = p->size };

	memcpy(c.root, p->root, sizeof(c.root));
	buf_str(out, "<div class=\"anchor\">");
	(void)paper_put(&c, r, out); /* the lines are there in any case */
	buf_str(out, "</div>");
}

static void
put_proof_of(const struct review *v, struct buf *out, enum word name,
    const struct verify_result *p, const struct report_proof *proof,
    const uint8_t *r)
{
	html_put(out, "<div><p><b>%s</b>　%s <b>%s</b> %s</p>", word_of(name),
	    word_of(WORD_PROOF), proof->verdict, clip(v, proof->why, 90));
	put_anchor(out, p, r);
	buf_str(out, "</div>\n");
}

static void
put_proof(const struct review *v, struct buf *out)
{
	const struct report *r = v->r;
	const struct report_proof evidence =
	    report_proof(r, r->evidence, &r->evidence_before);
	const struct report_proof cases =
	    report_proof(r, r->cases, &r->cases_before);

	html_put(out,
	    "<section class=\"proof\"><h2>%s</h2>\n<div class=\"two\">",
	    word_of(WORD_VERIFICATION));
	put_proof_of(v, out, WORD_EVIDENCE_LOG, r->evidence, &evidence,
	    r->evidence_r);
	put_proof_of(v, out, WORD_CASEBOOK, r->cases, &cases, r->cases_r);
	html_put(out, "</div><p class=\"src\">%s%s %s</p></section>\n",
	    evidence.verdict, evidence.limits, word_of(WORD_PRINTED_ANCHOR));
}

/* For a week that fills the page, for one with sessions, for a quiet one. */
static const char dense_style[] =
    ".portrait{font-size:7.3pt;line-height:1.22}\n"
    ".portrait h2{margin:.35em 0 .15em}.fit td,.fit th{padding:.1mm .7mm}"
    ".one{margin:.2em 0 0}.sign{margin-top:.5mm}.sign td{height:7.5mm}"
    ".proof p{margin:.1em 0}.raw{margin:.1em 0}\n";
static const char usual_style[] =
    ".portrait{font-size:8.1pt;line-height:1.33}\n"
    ".portrait h2{margin:.7em 0 .2em}.fit td,.fit th{padding:.15mm .8mm}\n";
static const char quiet_style[] = ".portrait{font-size:8.4pt}\n";

void
review_print_html(struct review *v, const struct losses *losses,
    struct buf *out)
{
	const struct sources_total *sources = sources_finish(v->sources);
	struct shown shown = { 0 };
	struct buf body;
	const struct loss *broke;
	bool dense;
	size_t n, old, incidents;

	(void)review_findings(v, &n);
	(void)review_incidents(v, &incidents);
	(void)review_open(v, &old);
	dense = n + REVIEW_PLACES * incidents +
		    (review_breaks(v, losses, sources, &broke) > 0) >
		3 ||
	    sources->n > 5 || old > 2;
	v->full = incidents > 0 || sources->n > 4 || old > 2 ||
	    review_breaks(v, losses, sources, &broke) > 0;
	v->dense = v->full || n > 3;
	shown.rows = review_sessions(v, &shown.n, &shown.without_end);
	buf_init(&body);
	review_note_samples(v, sources);
	review_put_look(v, &body, losses, sources);
	put_sources(v, &body, losses, sources);
	buf_str(&body, "<div class=\"two\">\n");
	review_put_logins(v, &body);
	put_open(v, &body);
	buf_str(&body, "</div>\n");
	put_sessions(v, &body, &shown, dense);
	put_samples(v, &body);
	put_proof(v, &body);
	review_put_signatures(v, &body);
	report_begin(v->r, out,
	    &(struct report_page){
		.title = word_of(WORD_REVIEW),
		.subtitle = arena_printf(v->r->arena, "%s %s – %s%s",
		    word_of(WORD_PERIOD),
		    figure_day(v->r->arena, v->from, v->r->zone),
		    figure_day(v->r->arena, v->until - 1, v->r->zone),
		    word_of(WORD_CHECKLIST)),
		.number = review_number(v),
		.style = dense	  ? dense_style
		    : shown.n > 0 ? usual_style
				  : quiet_style,
		.paper = HTML_PORTRAIT,
		.replay = v->replay,
		.real = v->real,
	    });
	buf_span(out, buf_view(&body));
	buf_fini(&body);
	html_end(out);
}
