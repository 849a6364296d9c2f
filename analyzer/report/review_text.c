/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <inttypes.h>
#include <string.h>

#include "analyzer/report/figure.h"
#include "analyzer/report/paper.h"
#include "analyzer/report/review_priv.h"
#include "analyzer/report/word.h"
#include "common/log.h"
#include "common/text.h"
#include "common/utc.h"

/*
 * The same week as plain text, for a mail: what to look at, what came, what is
 * open, and what proves it.  Whatever came from outside is escaped.
 */
#define LINE_COLUMNS 200

static const char *
clip(const struct review *v, const char *s, size_t columns)
{
	return figure_clip(v->r->arena, span_str(s), columns);
}

static void
put_title(struct buf *out, const char *title)
{
	buf_printf(out, "\n%s\n", title);
}

static void
put_head(const struct review *v, struct buf *out)
{
	if (v->replay)
		buf_printf(out, "%s\n",
		    word_of(v->real ? WORD_BANNER_MIXED : WORD_BANNER));
	buf_printf(out, "%s  %s\n%s  %s – %s\n%s %s\n", word_of(WORD_REVIEW),
	    clip(v, v->r->site, 60), review_number(v),
	    figure_day(v->r->arena, v->from, v->r->zone),
	    figure_day(v->r->arena, v->until - 1, v->r->zone),
	    word_of(WORD_MADE),
	    figure_minute(v->r->arena, report_made(v->r), v->r->zone));
	if (!review_is_over(v))
		buf_printf(out, "%s\n", word_of(WORD_NOT_OVER));
}

static void
put_finding(const struct review *v, struct buf *out,
    const struct casebook_finding *f, size_t i)
{
	buf_printf(out, "%zu. [%s] %s%s %s\n   %s\n   → %s\n", i,
	    strcmp(f->kind, "unknown") == 0
		? word_of(WORD_CANNOT_DECIDE)
		: casebook_severity_name(f->severity),
	    report_mark(f->replay), clip(v, f->rule, 24),
	    figure_short(v->r->arena, f->first, v->r->zone),
	    clip(v, tr(f->what_en, f->what_ja), LINE_COLUMNS),
	    clip(v, tr(f->todo_en, f->todo_ja), LINE_COLUMNS));
	if (f->n_cites > 0)
		buf_printf(out, "   %s #%" PRIu64 " %.16s\n",
		    f->cites[0].origin, f->cites[0].index, f->cites[0].leaf);
}

static void
put_incident(const struct review *v, struct buf *out,
    const struct casebook_group *g, size_t i)
{
	const struct casebook_finding *f = casebook_worst(v->r->book, g);

	buf_printf(out, "%zu. [%s] %s%s %s  %s %zu\n   %s\n   → %s\n",
	    i, casebook_severity_name(g->severity), report_mark(f->replay),
	    word_of(WORD_CASE), g->id,
	    word_of(WORD_FINDINGS), g->n_heard,
	    clip(v, tr(f->what_en, f->what_ja), LINE_COLUMNS),
	    clip(v, tr(f->todo_en, f->todo_ja), LINE_COLUMNS));
}

static void
put_look(const struct review *v, struct buf *out, size_t breaks)
{
	const struct casebook_group **incidents;
	const struct casebook_finding **found;
	size_t n, n_incidents, i, k = 0, room = REVIEW_ITEMS;

	incidents = review_incidents(v, &n_incidents);
	found = review_findings(v, &n);
	put_title(out, word_of(WORD_LOOK));
	if (breaks > 0) {
		buf_printf(out, "%zu. [%s] %s\n", ++k,
		    word_of(WORD_BREAK_CHECK), word_of(WORD_BREAK_WHAT));
		room--;
	}
	for (i = 0; i < n_incidents && i < REVIEW_INCIDENTS; i++) {
		put_incident(v, out, incidents[i], ++k);
		room -= room < REVIEW_PLACES ? room : REVIEW_PLACES;
	}
	if (n_incidents > i)
		buf_printf(out, "%s %zu\n", word_of(WORD_MORE_INCIDENTS),
		    n_incidents - i);
	for (i = 0; i < n && i < room; i++)
		put_finding(v, out, found[i], ++k);
	if (n > i)
		buf_printf(out, "%s %zu  %s\n", word_of(WORD_MORE_FINDINGS),
		    n - i, word_of(WORD_MORE_WHERE));
	if (k == 0)
		buf_printf(out, "%s\n",
		    tr("Nothing found, in what was received (below).",
			"該当なし（範囲：下の受信状況）"));
}

static void
put_sources(const struct review *v, struct buf *out,
    const struct sources_total *t, size_t losses)
{
	struct arena *a = v->r->arena;
	size_t i;

	put_title(out, word_of(WORD_RECEPTION));
	for (i = 0; i < t->n && i < REVIEW_SOURCES; i++) {
		const struct source *s = &t->rows[i];

		buf_printf(out, "  %s%s: %s", clip(v, s->label, 44),
		    s->replay ? word_of(WORD_WITH_SAMPLES) : "",
		    figure_records(a, s->records));
		if (s->records > 0)
			buf_printf(out, " (%s – %s)",
			    figure_short(a, s->first, v->r->zone),
			    figure_short(a, s->last, v->r->zone));
		buf_printf(out, "  %s %u / %u  %s %s\n",
		    word_of(WORD_SILENT_HOURS), s->silent, s->hours,
		    word_of(WORD_UNKNOWN), figure_count(a, s->unknown));
	}
	if (t->n > i)
		buf_printf(out, "  %s %zu\n", word_of(WORD_OTHER_SOURCES),
		    t->n - i);
	if (losses == 0)
		buf_printf(out, "  %s\n", word_of(WORD_NO_LOSS));
	else
		buf_printf(out, "  %s %zu\n", word_of(WORD_LOSSES), losses);
}

static void
put_logins(const struct review *v, struct buf *out)
{
	struct logins_sum sum;
	const struct login *rows;
	uint64_t beyond;
	size_t n, k;

	rows = logins_finish(v->logins, NULL, &n, &beyond);
	put_title(out, word_of(WORD_LOGINS));
	for (k = 0; k < LOGINS_KINDS; k++) {
		sum = logins_sum(rows, n, (enum logins_kind)k);
		buf_printf(out, "  %s: %s %" PRIu64 " (%s %zu)  %s %" PRIu64
				"\n",
		    logins_kind_name((enum logins_kind)k),
		    word_of(WORD_SUCCEEDED), sum.succeeded,
		    word_of(WORD_USERS), sum.users, word_of(WORD_FAILED),
		    sum.failed);
	}
}

static void
put_open(const struct review *v, struct buf *out)
{
	const struct casebook_group **open;
	size_t i, n;

	open = review_open(v, &n);
	put_title(out, word_of(WORD_OPEN_ITEMS));
	for (i = 0; i < n && i < REVIEW_OLD; i++) {
		const struct casebook_finding *f =
		    casebook_worst(v->r->book, open[i]);

		buf_printf(out, "  %s%s [%s] %s\n",
		    report_mark(f->replay), open[i]->id,
		    casebook_severity_name(open[i]->severity),
		    clip(v, tr(f->title_en, f->title_ja), 60));
	}
	if (n > i)
		buf_printf(out, "  %s %zu\n", word_of(WORD_MORE_OPEN), n - i);
	if (n == 0)
		buf_printf(out, "  %s\n", word_of(WORD_NOTHING_OPEN));
	review_put_before_text(v, out);
}

static void
put_samples(const struct review *v, struct buf *out)
{
	size_t i;

	put_title(out, word_of(WORD_SAMPLES));
	for (i = 0; i < v->n_samples; i++) {
		const struct review_sample *s = &v->samples[i];

		buf_printf(out, "  %s%s ", report_mark(s->replay),
		    figure_short(v->r->arena, s->at, v->r->zone));
		text_escape(span_str(s->text), out);
		buf_printf(out, "\n    %s\n",
		    report_cite_text(v->r, &s->cite));
	}
}

static void
put_proof(const struct review *v, struct buf *out, enum word name,
    const struct verify_result *p, const struct report_proof *proof,
    const uint8_t *r)
{
	struct checkpoint c = { .origin = span_str(p->origin),
		.size = p->size };

	memcpy(c.root, p->root, sizeof(c.root));
	buf_printf(out, "%s: %s %s\n", word_of(name), proof->verdict,
	    clip(v, proof->why, 90));
	paper_text(&c, r, out);
}

void
review_print_text(struct review *v, const struct losses *losses,
    struct buf *out)
{
	const struct sources_total *t = sources_finish(v->sources);
	const struct report *r = v->r;
	const struct report_proof evidence =
	    report_proof(r, r->evidence, &r->evidence_before);
	const struct report_proof cases =
	    report_proof(r, r->cases, &r->cases_before);
	const struct loss *broke;
	size_t i, n = 0;

	for (i = 0; i < losses->n; i++)
		n += review_loss_is_of(v, &losses->rows[i], t);
	review_note_samples(v, t);
	put_head(v, out);
	put_look(v, out, review_breaks(v, losses, t, &broke));
	put_sources(v, out, t, n);
	put_logins(v, out);
	put_open(v, out);
	put_samples(v, out);
	put_title(out, word_of(WORD_VERIFICATION));
	put_proof(v, out, WORD_EVIDENCE_LOG, r->evidence, &evidence,
	    r->evidence_r);
	put_proof(v, out, WORD_CASEBOOK, r->cases, &cases, r->cases_r);
	buf_printf(out, "%s%s\n", evidence.verdict, evidence.limits);
	if (review_is_over(v))
		buf_printf(out, "\n%s\n  konseki review --sign %s --by ID "
				"--comment \"…\"\n",
		    tr("When it is signed, enter it:", "署名したら登録："),
		    review_number(v));
	review_drop(v);
}
