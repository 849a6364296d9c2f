/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/figure.h"
#include "analyzer/report/timeline.h"
#include "analyzer/report/word.h"

/* The timeline on paper: A4 landscape; on a phone each row is a card. */

static const struct {
	const char *en, *ja;
} columns[] = {
#define COL(id, en, ja) { en, ja },
#include "analyzer/report/timeline_col_tbl.h"
#undef COL
};
/* As printed, with the phase on the left: its first few are what a reader
 * follows down the page. */
static const unsigned char printed[] = { 4, 0, 1, 2, 3, 5, 6, 7, 8, 9 };
#define PRINTED sizeof(printed)

/* What a narrow screen shows in front of a cell. */
static const char *
style(const struct report *r)
{
	struct buf css;
	const char *s;
	size_t i;

	buf_init(&css);
	buf_str(&css, "@media screen and (max-width:640px){\n");
	for (i = 3; i < PRINTED; i++)
		if (i != 4) /* what happened says it itself */
			buf_printf(&css,
			    ".tl td:nth-child(%zu)::before{content:\"%s: \"}\n",
			    i + 1,
			    tr(columns[printed[i]].en, columns[printed[i]].ja));
	buf_str(&css, "}\n");
	s = arena_str(r->arena, buf_view(&css));
	buf_fini(&css);
	return s;
}

static void
put_row(const struct report *r, struct buf *out, const struct timeline_row *row,
    size_t no)
{
	html_put(out,
	    "<tr class=\"%s\"><td class=\"p\">%s</td><td class=\"n\">%zu</td>"
	    "<td class=\"w\">%s <b>%s</b></td><td>%s</td>"
	    "<td class=\"e\">%s%s%s%s</td><td>%s</td><td>%s</td>"
	    "<td>%s</td><td>",
	    *row->rule != '\0' ? "hit" : "", phase_name(row->phase), no,
	    figure_day(r->arena, row->time, r->zone),
	    figure_clock(r->arena, row->time, r->zone),
	    timeline_basis_name(row->basis), row->text,
	    *row->rule != '\0' ? tr(" [", "［") : "", row->rule,
	    *row->rule != '\0' ? tr("]", "］") : "", row->device, row->user,
	    row->peer);
	report_put_cite(out, &row->cite);
	html_put(out, "</td><td class=\"c%d\"><span>%s</span></td></tr>\n",
	    (int)row->certainty, report_certainty_name(row->certainty));
}

static void
put_table(const struct report *r, const struct timeline *t, struct buf *out)
{
	size_t i;

	buf_str(out, "<table class=\"tl\"><thead><tr>");
	for (i = 0; i < PRINTED; i++)
		html_put(out, "<th>%s</th>",
		    tr(columns[printed[i]].en, columns[printed[i]].ja));
	buf_str(out, "</tr></thead>\n<tbody>\n");
	for (i = 0; i < t->n; i++)
		put_row(r, out, &t->rows[i], i + 1);
	buf_str(out, "</tbody></table>\n");
	if (t->skipped > 0)
		html_put(out, "<p class=\"warn\">%s %s</p>\n",
		    word_of(WORD_SKIPPED), figure_count(r->arena, t->skipped));
}

static const char *
subtitle(const struct report *r, const struct timeline *t)
{
	const char *group = t->group == NULL
	    ? word_of(WORD_ALL_CASES)
	    : arena_printf(r->arena, "%s %s", word_of(WORD_CASE), t->group->id);

	if (t->from >= t->until)
		return group;
	return arena_printf(r->arena, tr("%s, %s to %s", "%s　%s ～ %s"), group,
	    figure_minute(r->arena, t->from, r->zone),
	    figure_minute(r->arena, t->until, r->zone));
}

void
timeline_print_html(const struct report *r, const struct timeline *t,
    struct buf *out)
{
	const struct report_proof p =
	    report_proof(r, r->evidence, &r->evidence_before);

	report_begin(r, out,
	    &(struct report_page){
		.title = word_of(WORD_TIMELINE),
		.subtitle = subtitle(r, t),
		.number = arena_printf(r->arena, "TL-%s", timeline_name(r, t)),
		.style = style(r),
		.paper = HTML_LANDSCAPE,
		.replay = t->replay,
	    });
	if (t->n == 0)
		html_put(out, "<p class=\"none\">%s</p>\n",
		    word_of(WORD_NO_ROWS));
	else {
		timeline_print_strip(r, t, out);
		put_table(r, t, out);
	}
	html_put(out, "<section class=\"key\"><p>%s</p><p>%s</p>",
	    word_of(WORD_KEY_CERTAINTY), word_of(WORD_KEY_PHASE));
	html_put(out, "<p>%s %s%s %s</p></section>\n", word_of(WORD_PROOF),
	    p.verdict, p.limits, p.why);
	html_end(out);
}
