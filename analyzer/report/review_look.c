/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/report/figure.h"
#include "analyzer/report/review_priv.h"
#include "analyzer/report/word.h"

/*
 * What the week asks to be looked at: incidents first, each with its phases in
 * the left column, then the other findings, and how many told nobody and why.
 */
#define MARK_COLUMNS 10 /* of what is a sample */
#define WHAT_COLUMNS 200
#define WHY_COLUMNS 100
#define TODO_COLUMNS 140
#define TITLE_COLUMNS 44
#define REASON_COLUMNS 60

static const char *
clip(const struct review *v, const char *s, size_t columns)
{
	return figure_clip(v->r->arena, span_str(s), columns);
}

static const char *
brief(const struct review *v, const char *s, size_t columns)
{
	return figure_brief(v->r->arena, span_str(s), columns);
}

/* Boxes for the pen; what somebody judged already is ticked. */
static void
put_judge(struct buf *out, const struct casebook_step *judged)
{
	static const struct {
		const char *how;
		enum word word;
	} boxes[] = { { "normal", WORD_NORMAL }, { "check", WORD_CHECK },
		{ "incident", WORD_INCIDENT } };
	size_t i;

	buf_str(out, "<div class=\"judge\">");
	for (i = 0; i < sizeof(boxes) / sizeof(boxes[0]); i++)
		html_put(out, "%s%s%s", i > 0 ? " " : "",
		    judged != NULL && strcmp(judged->how, boxes[i].how) == 0
			? "☑"
			: "□",
		    word_of(boxes[i].word));
	buf_str(out, "</div>");
}

bool
review_loss_is_of(const struct review *v, const struct loss *row,
    const struct sources_total *t)
{
	return losses_is_between(row, v->from, v->until) ||
	    losses_is_between(row, t->received_from, t->received_until);
}

size_t
review_breaks(const struct review *v, const struct losses *l,
    const struct sources_total *t, const struct loss **last)
{
	size_t i, n = 0;

	for (i = 0; i < l->n; i++)
		if (l->rows[i].broke != NULL &&
		    review_loss_is_of(v, &l->rows[i], t)) {
			*last = &l->rows[i];
			n++;
		}
	return n;
}

static void
put_finding(const struct review *v, struct buf *out,
    const struct casebook_finding *f)
{
	struct report_cite cite = { 0 };

	html_put(out,
	    "<li><p class=\"what\"><b class=\"sev s%d\">%s</b> %s%s</p>"
	    "<p>%s <b>→ %s</b></p>",
	    (int)f->severity,
	    strcmp(f->kind, "unknown") == 0
		? word_of(WORD_CANNOT_DECIDE)
		: casebook_severity_name(f->severity),
	    review_mark(v, f->replay),
	    brief(v, tr(f->what_en, f->what_ja),
		WHAT_COLUMNS - (f->replay && v->real ? MARK_COLUMNS : 0)),
	    brief(v, tr(f->why_en, f->why_ja), WHY_COLUMNS),
	    brief(v, tr(f->todo_en, f->todo_ja), TODO_COLUMNS));
	put_judge(out, f->judged);
	if (f->n_cites > 0)
		cite = report_cite_finding(&f->cites[0]);
	html_put(out, "<p class=\"src\">%s　%s %s　",
	    figure_short(v->r->arena, f->first, v->r->zone), word_of(WORD_RULE),
	    clip(v, f->rule, 24));
	if (*f->group != '\0')
		html_put(out, "%s %s　", word_of(WORD_CASE),
		    clip(v, f->group, 16));
	report_put_cite(out, &cite);
	if (f->n_evidence > 1)
		html_put(out, " %s %s", word_of(WORD_RECORDS_IN_ALL),
		    figure_records(v->r->arena, f->n_evidence));
	buf_str(out, "</p></li>\n");
}

/* ---- incidents ---- */

/* The gravest finding of a phase, the first of equals, or NULL. */
static const struct casebook_finding *
gravest(const struct review *v, const struct casebook_group *g, enum phase p)
{
	const struct casebook_finding *f, *worst = NULL;
	size_t i;

	for (i = 0; i < g->n_findings; i++) {
		f = &v->r->book->findings[g->findings[i]];
		if (f->quiet == CASEBOOK_HEARD && !f->normal &&
		    casebook_phase(f) == p &&
		    (worst == NULL || f->severity > worst->severity))
			worst = f;
	}
	return worst;
}

static void
put_phase(const struct review *v, struct buf *out,
    const struct casebook_group *g, enum phase p)
{
	const struct casebook_finding *f = gravest(v, g, p);
	struct report_cite cite = { 0 };

	if (f == NULL)
		return;
	if (f->n_cites > 0)
		cite = report_cite_finding(&f->cites[0]);
	html_put(out,
	    "<tr><th>%s</th><td class=\"d\">%s</td><td>%s [%s] %s",
	    phase_name(p),
	    figure_short(v->r->arena, g->phases[p].first, v->r->zone),
	    casebook_severity_name(f->severity), clip(v, f->rule, 24),
	    clip(v, tr(f->title_en, f->title_ja), TITLE_COLUMNS));
	if (g->phases[p].n > 1)
		html_put(out, tr(" and %zu more", " ほか%zu件"),
		    g->phases[p].n - 1);
	buf_str(out, "　");
	report_put_cite(out, &cite);
	buf_str(out, "</td></tr>\n");
}

static void
put_incident(const struct review *v, struct buf *out,
    const struct casebook_group *g)
{
	const struct casebook_finding *f = casebook_worst(v->r->book, g);
	size_t i;

	html_put(out,
	    "<li class=\"inc\"><p class=\"what\"><b class=\"sev s%d\">%s</b> "
	    "<b>%s%s %s</b>　%s %llu.%llu　%s %zu</p>",
	    (int)g->severity, casebook_severity_name(g->severity),
	    review_mark(v, f->replay),
	    word_of(WORD_CASE), g->id, word_of(WORD_SCORE),
	    (unsigned long long)g->score / 10,
	    (unsigned long long)g->score % 10, word_of(WORD_FINDINGS),
	    g->n_heard);
	buf_str(out, "<table class=\"phases\"><tbody>\n");
	for (i = 0; i < PHASE_COUNT; i++)
		put_phase(v, out, g, (enum phase)i);
	html_put(out, "</tbody></table><p>%s <b>→ %s</b></p>",
	    brief(v, tr(f->what_en, f->what_ja), WHAT_COLUMNS),
	    brief(v, tr(f->todo_en, f->todo_ja), TODO_COLUMNS));
	put_judge(out, g->judged);
	html_put(out, "<p class=\"src\">%s%s</p></li>\n",
	    word_of(g->in_order ? WORD_IN_ORDER : WORD_NOT_IN_ORDER),
	    word_of(WORD_INCIDENT_MORE));
}

/* ---- what told nobody ---- */

struct hushed { /* by one silence, one row, or other findings */
	enum casebook_quiet quiet;
	const char *by;
	size_t n;
};

static struct hushed *
hushed(const struct review *v, size_t *n, size_t *all)
{
	const struct casebook *book = v->r->book;
	struct hushed *h =
	    arena_alloc(v->r->arena, (book->n_findings + 1) * sizeof(*h));
	const char *by;
	size_t i, k;

	for (i = *n = *all = 0; i < book->n_findings; i++) {
		const struct casebook_finding *f = &book->findings[i];

		if (f->quiet == CASEBOOK_HEARD || f->withdrawn ||
		    !review_is_of(v, f))
			continue;
		by = f->quiet == CASEBOOK_INHIBITED ? "" : f->quiet_by;
		for (k = 0; k < *n; k++)
			if (h[k].quiet == f->quiet &&
			    strcmp(h[k].by, by) == 0)
				break;
		if (k == *n)
			h[(*n)++] = (struct hushed){ f->quiet, by, 0 };
		h[k].n++;
		(*all)++;
	}
	return h;
}

/* Whose silence it is and why: its id alone says nothing on paper. */
static const char *
reason(const struct review *v, const struct hushed *h)
{
	const struct casebook *book = v->r->book;
	size_t i;

	for (i = 0; h->quiet == CASEBOOK_SILENCED && i < book->n_silences; i++)
		if (strcmp(book->silences[i].id, h->by) == 0)
			return arena_printf(v->r->arena, "%s %s: %s", h->by,
			    report_who(v->r, book->silences[i].made),
			    book->silences[i].made->text);
	return h->by;
}

static void
put_hushed(const struct review *v, struct buf *out)
{
	static const enum word names[] = { WORD_REST, WORD_EXCEPTED,
		WORD_SILENCED, WORD_INHIBITED };
	size_t i, n, all;
	const struct hushed *h = hushed(v, &n, &all);

	if (all == 0)
		return;
	html_put(out, "<p class=\"src hush\">%s %zu", word_of(WORD_HUSHED),
	    all);
	for (i = 0; i < n && i < REVIEW_HUSHED; i++) {
		html_put(out, "　%s %zu", word_of(names[h[i].quiet]), h[i].n);
		if (*h[i].by != '\0')
			html_put(out, tr(" (%s)", "（%s）"),
			    clip(v, reason(v, &h[i]), REASON_COLUMNS));
	}
	if (n > REVIEW_HUSHED)
		html_put(out, "　%s %zu", word_of(WORD_REST),
		    n - REVIEW_HUSHED);
	html_put(out, "　%s</p>\n", word_of(WORD_HUSHED_WHERE));
}

/* ---- all of it ---- */

static void
put_rest(struct buf *out, const struct casebook_finding *const *found, size_t n,
    size_t shown)
{
	size_t by[CASEBOOK_CRITICAL + 1] = { 0 }, i;

	for (i = shown; i < n; i++)
		by[found[i]->severity]++;
	html_put(out, "<p class=\"rest\">%s %zu", word_of(WORD_MORE_FINDINGS),
	    n - shown);
	for (i = CASEBOOK_CRITICAL + 1; i > 0; i--)
		if (by[i - 1] > 0)
			html_put(out, "　%s %zu",
			    casebook_severity_name(
				(enum casebook_severity)(i - 1)),
			    by[i - 1]);
	html_put(out, "　%s</p>\n", word_of(WORD_MORE_WHERE));
}

/* The gravest thing that a week can hold, and for people to judge. */
static void
put_break(const struct review *v, struct buf *out, const struct loss *row,
    size_t n)
{
	html_put(out,
	    "<li><p class=\"what\"><b class=\"sev s4\">%s</b> %s (%s)</p>"
	    "<p>%s <b>→ %s</b></p>",
	    word_of(WORD_BREAK_CHECK), word_of(WORD_BREAK_WHAT), row->broke,
	    word_of(WORD_BREAK_WHY), word_of(WORD_BREAK_TODO));
	put_judge(out, NULL);
	html_put(out, "<p class=\"src\">%s　",
	    figure_short(v->r->arena, row->from, v->r->zone));
	report_put_cite(out, &row->cite);
	if (n > 1)
		html_put(out, " %s %zu", word_of(WORD_BREAK_MORE), n);
	buf_str(out, "</p></li>\n");
}

static void
put_nothing(const struct review *v, struct buf *out,
    const struct sources_total *sources)
{
	html_put(out, "<p class=\"none\">%s %zu, %s %s, %s %s)</p>\n",
	    word_of(WORD_NOTHING_FOUND), sources->n, word_of(WORD_RECORDS),
	    figure_count(v->r->arena, sources->records), word_of(WORD_UNKNOWN),
	    figure_count(v->r->arena, sources->unknown));
}

/* What is to be looked at, and how many places it may take. */
struct look {
	const struct casebook_group **incidents;
	const struct casebook_finding **found;
	const struct loss *broke; /* the last break of the log, or NULL */
	size_t n_incidents, n, breaks;
};

static void
put_list(const struct review *v, struct buf *out, const struct look *l)
{
	size_t room = REVIEW_ITEMS - (l->breaks > 0), i;
	size_t shown = l->n_incidents < REVIEW_INCIDENTS ? l->n_incidents
							 : REVIEW_INCIDENTS;

	buf_str(out, "<ol>\n");
	if (l->breaks > 0)
		put_break(v, out, l->broke, l->breaks);
	for (i = 0; i < shown; i++)
		put_incident(v, out, l->incidents[i]);
	room -= shown * REVIEW_PLACES < room ? shown * REVIEW_PLACES : room;
	for (i = 0; i < l->n && i < room; i++)
		put_finding(v, out, l->found[i]);
	buf_str(out, "</ol>\n");
	if (l->n_incidents > shown)
		html_put(out, "<p class=\"rest\">%s %zu　%s</p>\n",
		    word_of(WORD_MORE_INCIDENTS), l->n_incidents - shown,
		    word_of(WORD_MORE_WHERE));
	if (l->n > room)
		put_rest(out, l->found, l->n, room);
}

void
review_put_look(struct review *v, struct buf *out, const struct losses *losses,
    const struct sources_total *sources)
{
	struct look l = { 0 };

	l.incidents = review_incidents(v, &l.n_incidents);
	l.found = review_findings(v, &l.n);
	l.breaks = review_breaks(v, losses, sources, &l.broke);
	html_put(out, "<section class=\"look\"><h2>%s</h2>\n",
	    word_of(WORD_LOOK));
	if (!review_is_over(v))
		html_put(out, "<p class=\"warn\">%s</p>\n",
		    word_of(WORD_NOT_OVER));
	if (l.n == 0 && l.n_incidents == 0 && l.breaks == 0)
		put_nothing(v, out, sources);
	else
		put_list(v, out, &l);
	put_hushed(v, out);
	buf_str(out, "</section>\n");
}
