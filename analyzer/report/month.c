/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/month.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/case/weeks.h"
#include "analyzer/report/figure.h"
#include "analyzer/report/hourly.h"
#include "analyzer/report/logins.h"
#include "analyzer/report/picture.h"
#include "analyzer/report/sources.h"
#include "common/log.h"
#include "common/utc.h"

enum { NOW, BEFORE, MONTHS };

struct month {
	const struct report *r;
	int64_t from[MONTHS], until[MONTHS];
	struct sources *sources[MONTHS];
	struct logins *logins[MONTHS];
	struct hourly *hourly;
	bool replay, real; /* there is of a sample or drill; of what is not */
};

/* What is told of a month; each is a count from records. */
struct told {
	size_t cases, open;   /* 事案 that reach into it; not settled */
	size_t grave, others; /* findings: 重大 and above; the rest */
	size_t unknown;	      /* 判定不可 */
	size_t weeks, signed_weeks;
	size_t sources, silent; /* senders; without a record */
	uint64_t failed;	/* logins */
	uint64_t sent;		/* bytes to the outside */
	uint64_t lost;		/* losses recorded */
};

struct month *
month_new(const struct report *r, int64_t before, int64_t from, int64_t until)
{
	struct month *m = arena_alloc(r->arena, sizeof(*m));
	size_t i;

	m->r = r;
	m->from[NOW] = from;
	m->until[NOW] = until;
	m->from[BEFORE] = before;
	m->until[BEFORE] = from;
	for (i = 0; i < MONTHS; i++) {
		m->sources[i] = sources_new(r, m->from[i], m->until[i]);
		m->logins[i] = logins_new(r, m->from[i], m->until[i]);
	}
	m->hourly = hourly_new(r, from, until);
	return m;
}

void
month_event(struct month *m, const struct event *e, int64_t at)
{
	size_t i;

	for (i = 0; i < MONTHS; i++) {
		sources_event(m->sources[i], e, at);
		logins_event(m->logins[i], e, at);
	}
	hourly_event(m->hourly, e, at);
	if (at < m->from[NOW] || at >= m->until[NOW] || e->source == NULL)
		return;
	m->replay |= e->source->replay;
	m->real |= !e->source->replay;
}

/* ---- the counts ---- */

static bool
is_settled(const struct casebook_group *g)
{
	return g->judged != NULL && g->news == 0 &&
	    strcmp(g->judged->how, "check") != 0;
}

static bool
is_case(const struct month *m, const struct casebook_group *g, size_t i)
{
	return g->incident && g->n_heard > 0 && g->last > m->from[i] &&
	    g->first < m->until[i] &&
	    (g->judged == NULL || g->news != 0 ||
		strcmp(g->judged->how, "normal") != 0);
}

static void
tell_findings(const struct month *m, size_t i, struct told *t)
{
	const struct casebook *book = m->r->book;
	size_t k;

	for (k = 0; k < book->n_groups; k++) {
		if (!is_case(m, &book->groups[k], i))
			continue;
		t->cases++;
		t->open += !is_settled(&book->groups[k]);
	}
	for (k = 0; k < book->n_findings; k++) {
		const struct casebook_finding *f = &book->findings[k];

		if (f->withdrawn || f->quiet != CASEBOOK_HEARD ||
		    f->until <= m->from[i] || f->first >= m->until[i])
			continue;
		if (strcmp(f->kind, "unknown") == 0)
			t->unknown++;
		else if (f->severity >= CASEBOOK_SERIOUS)
			t->grave++;
		else
			t->others++;
	}
}

/* A week is of the month in which it ends. */
static void
tell_weeks(const struct month *m, const struct weeks *weeks, size_t i,
    struct told *t)
{
	size_t k;

	for (k = 0; k < weeks->n; k++) {
		const struct weeks_week *w = &weeks->v[k];

		if (w->until - 1 < m->from[i] || w->until - 1 >= m->until[i])
			continue;
		t->weeks++;
		t->signed_weeks += w->reviewed != NULL;
	}
}

static void
tell_records(struct month *m, size_t i, struct told *t)
{
	const struct sources_total *s = sources_finish(m->sources[i]);
	const struct login *rows;
	uint64_t beyond;
	size_t k, n;

	t->sources = s->n;
	for (k = 0; k < s->n; k++) {
		t->silent += s->rows[k].records == 0;
		m->real |= i == NOW && !s->rows[k].replay;
	}
	rows = logins_finish(m->logins[i], NULL, &n, &beyond);
	t->failed = beyond;
	for (k = 0; k < n; k++)
		t->failed += rows[k].failed;
}

/* ---- the page ---- */

static void
put_row(struct buf *out, const char *name, const char *now, const char *before,
    int trend)
{
	html_put(out,
	    "<tr><th>%s</th><td class=\"n\"><b>%s</b></td>"
	    "<td class=\"n\">%s</td><td class=\"t\">%s</td></tr>\n",
	    name, now, before,
	    trend > 0	      ? tr("↑ more", "↑ 増")
		: trend < 0 ? tr("↓ less", "↓ 減")
			      : tr("→ same", "→ 同じ"));
}

static int
trend(uint64_t now, uint64_t before)
{
	return now > before ? 1 : now < before ? -1 : 0;
}

static void
put_count(const struct month *m, struct buf *out, const char *name,
    const uint64_t n[MONTHS])
{
	put_row(out, name, figure_count(m->r->arena, n[NOW]),
	    figure_count(m->r->arena, n[BEFORE]), trend(n[NOW], n[BEFORE]));
}

static const char *
of(const struct month *m, size_t a, size_t b)
{
	return arena_printf(m->r->arena, "%zu / %zu", a, b);
}

static void
put_figures(const struct month *m, struct buf *out, const struct told *t)
{
	const struct told *a = &t[NOW], *b = &t[BEFORE];
	struct arena *arena = m->r->arena;

	html_put(out,
	    "<table class=\"fig\"><thead><tr><th></th><th>%s</th><th>%s</th>"
	    "<th>%s</th></tr></thead><tbody>\n",
	    tr("this month", "今月"), tr("month before", "前月"),
	    tr("trend", "傾向"));
	put_count(m, out,
	    tr("Incidents suspected", "事案（疑いを含む）"),
	    (const uint64_t[]){ a->cases, b->cases });
	put_count(m, out, tr("… not settled", "…うち未対応"),
	    (const uint64_t[]){ a->open, b->open });
	put_count(m, out,
	    tr("Findings, critical and emergency", "検出（重大・緊急）"),
	    (const uint64_t[]){ a->grave, b->grave });
	put_count(m, out, tr("Findings, others", "検出（その他）"),
	    (const uint64_t[]){ a->others, b->others });
	put_count(m, out, tr("Could not be decided", "判定不可"),
	    (const uint64_t[]){ a->unknown, b->unknown });
	put_row(out, tr("Weekly reviews signed", "週次確認（署名済／対象週）"),
	    of(m, a->signed_weeks, a->weeks),
	    of(m, b->signed_weeks, b->weeks),
	    trend(a->signed_weeks, b->signed_weeks));
	put_row(out,
	    tr("Devices that send logs / silent all month",
		"ログの送信元／1か月受信なし"),
	    of(m, a->sources, a->silent), of(m, b->sources, b->silent),
	    trend(a->sources, b->sources));
	put_count(m, out, tr("Losses recorded", "欠測・損失の記録"),
	    (const uint64_t[]){ a->lost, b->lost });
	put_count(m, out, tr("Logins that failed", "認証失敗"),
	    (const uint64_t[]){ a->failed, b->failed });
	html_put(out,
	    "<tr><th>%s</th><td class=\"n\"><b>%s</b></td><td></td><td></td>"
	    "</tr></tbody></table>\n",
	    tr("Sent to the outside", "外部への通信量"),
	    figure_bytes(arena, a->sent));
}

static int
by_severity(const void *p, const void *q)
{
	const struct casebook_group *x =
	    *(const struct casebook_group *const *)p;
	const struct casebook_group *y =
	    *(const struct casebook_group *const *)q;

	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return strcmp(x->id, y->id);
}

static void
put_case(const struct month *m, struct buf *out,
    const struct casebook_group *g)
{
	const struct casebook_finding *f = casebook_worst(m->r->book, g);
	const struct report_cite cite = report_cite_recorded(f);
	struct arena *a = m->r->arena;

	html_put(out, "<li><b class=\"sev s%d\">%s</b> %s%s %s <b>%s</b> ",
	    (int)g->severity, casebook_severity_name(g->severity),
	    report_mark(f->replay), figure_short(a, g->first, m->r->zone),
	    g->id,
	    figure_clip(a, span_str(tr(f->title_en, f->title_ja)), 60));
	if (g->judged == NULL)
		html_put(out, "%s ", tr("(not judged yet)", "（判定前）"));
	report_put_cite(out, &cite);
	html_put(out, "<span class=\"boxes\">　%s</span></li>\n",
	    tr("□ go on　□ investigate　□ report outside",
		"□継続　□調査　□外部へ報告"));
}

/* What is shown of cases counts for the banner, as records do. */
static void
note_cases(struct month *m)
{
	const struct casebook *book = m->r->book;
	size_t i;
	const struct casebook_finding *f;

	for (i = 0; i < book->n_groups; i++) {
		if (!is_case(m, &book->groups[i], NOW))
			continue;
		f = casebook_worst(book, &book->groups[i]);
		m->replay |= f->replay;
		m->real |= !f->replay && f->n_evidence > 0;
	}
}

static void
put_cases(const struct month *m, struct buf *out)
{
	const struct casebook *book = m->r->book;
	const struct casebook_group **v =
	    arena_alloc(m->r->arena, (book->n_groups + 1) * sizeof(*v));
	size_t i, n = 0;

	for (i = 0; i < book->n_groups; i++)
		if (is_case(m, &book->groups[i], NOW))
			v[n++] = &book->groups[i];
	if (n > 0)
		qsort(v, n, sizeof(*v), by_severity);
	html_put(out, "<h2>%s</h2>\n",
	    tr("What to decide on", "経営層にご判断いただくこと"));
	if (n == 0) {
		html_put(out, "<p class=\"none\">%s</p>\n",
		    tr("No incident is suspected, in what was received "
		       "(below).",
			"該当なし（範囲：下の表の送信元から受信した記録）。"));
		return;
	}
	buf_str(out, "<ol>\n");
	for (i = 0; i < n && i < MONTH_CASES; i++)
		put_case(m, out, v[i]);
	buf_str(out, "</ol>\n");
	if (n > MONTH_CASES)
		html_put(out, "<p class=\"rest\">%s %zu</p>\n",
		    tr("Further ones:", "このほか："), n - MONTH_CASES);
}

static void
put_pictures(struct month *m, struct buf *out, const struct hourly_hour *v,
    size_t n)
{
	html_put(out, "<h2>%s</h2>\n",
	    tr("Sent to the outside, by the hour",
		"外部への通信量（1時間ごと）"));
	picture_traffic(m->r, out, v, n, m->from[NOW]);
	html_put(out, "<p class=\"src\">%s</p>\n",
	    tr("Line: this month. Grey: the lowest to the highest of the same "
	       "hours of the eight weeks before (at least three known); "
	       "where it is white, what is usual is not known yet.",
		"線：今月。灰色：通常時の目安（過去8週の同じ曜日・時刻の最小〜"
		"最"
		"大。3週分以上ある時間帯のみ）。白：目安なし（学習中）。"));
	html_put(out, "<div class=\"two\"><div><h2>%s</h2>\n",
	    tr("VPN and administrators' logins, by the hour of the week",
		"VPN・管理者ログイン（曜日・時刻別）"));
	picture_hours(out, logins_hours(m->logins[NOW]));
	html_put(out, "<p class=\"src\">%s</p></div>\n",
	    tr("The larger the square, the more logins that succeeded.",
		"■が大きいほど、成功したログインが多い時間帯です。"));
}

static void
put_end(const struct month *m, struct buf *out)
{
	const struct report_proof proof =
	    report_proof(m->r, m->r->evidence, &m->r->evidence_before);

	html_put(out,
	    "<div><h2>%s</h2><p><b>%s</b><span class=\"src\">%s</span></p>",
	    tr("Are the records as they were received?", "証跡の検証結果"),
	    proof.verdict, proof.limits);
	html_put(out, "<h2>%s</h2><p class=\"src\">%s</p></div></div>\n",
	    tr("Words", "用語"),
	    tr("Finding: what a rule noticed in the logs; not yet confirmed. "
	       "Could not be decided: the logs do not allow to say. Losses: "
	       "times in which logs could not be received.",
		"検出：ルールに該当した記録。事実かどうかは確認前です。判定不可"
		"："
		"記録が足りず判断できないもの。欠測：ログを受信できなかった時"
		"間。"));
	html_put(out,
	    "<section class=\"sign\"><table><tr><th>%s</th><td></td></tr>"
	    "</table><table><tr><th>%s</th><th>%s</th><th>%s</th></tr><tr>"
	    "<td></td><td></td><td></td></tr></table></section>\n",
	    tr("Instructions", "指示"), tr("Executive", "経営層"),
	    tr("Safety manager", "安全管理責任者"), tr("Date", "確認日"));
}

static const char style[] =
    ".portrait{font-size:8.8pt}.fig{table-layout:fixed}"
    ".fig th:first-child{width:46%}.fig td{vertical-align:middle}"
    "ol{padding-left:1.6em}"
    "li{margin:.4em 0}.boxes{white-space:nowrap}\n";

void
month_print_html(struct month *m, const struct losses *losses, struct buf *out)
{
	struct told t[MONTHS] = { 0 };
	const struct hourly_hour *v;
	struct weeks weeks;
	struct utc_civil c;
	size_t i, n;

	weeks_build(m->r->book, m->r->zone, report_made(m->r), m->r->grace,
	    m->r->arena, &weeks);
	for (i = 0; i < MONTHS; i++) {
		tell_findings(m, i, &t[i]);
		tell_weeks(m, &weeks, i, &t[i]);
		tell_records(m, i, &t[i]);
		t[i].lost = losses_between(losses, m->from[i], m->until[i]);
	}
	v = hourly_finish(m->hourly, &n);
	for (i = 0; i < n; i++)
		t[NOW].sent += v[i].sent;
	utc_to_civil(m->from[NOW], m->r->zone, &c);
	note_cases(m);
	report_begin(m->r, out,
	    &(struct report_page){
		.title = tr("Monthly report to the executives",
		    "月次報告（経営層向け）"),
		.subtitle = arena_printf(m->r->arena,
		    tr("%04d-%02d", "%d年%d月"), c.year, c.month),
		.number = arena_printf(m->r->arena, "MR-%04d-%02d", c.year,
		    c.month),
		.style = style,
		.paper = HTML_PORTRAIT,
		.replay = m->replay,
		.real = m->real });
	put_cases(m, out);
	html_put(out, "<h2>%s</h2>\n", tr("Figures", "状況"));
	put_figures(m, out, t);
	put_pictures(m, out, v, n);
	put_end(m, out);
	html_end(out);
}
