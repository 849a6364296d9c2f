/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/figure.h"
#include "analyzer/report/path.h"
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
#define PART 40u /* lines of a table */

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

/* Judged time, and beside it what the device and the collector said. */
static void
put_times(const struct report *r, struct buf *out,
    const struct timeline_row *row)
{
	struct arena *a = r->arena;

	html_put(out,
	    "<td class=\"w\">%s <b>%s</b></td><td class=\"k\">%s%s%s",
	    figure_day(a, row->time, r->zone),
	    figure_clock(a, row->time, r->zone),
	    timeline_basis_name(row->basis),
	    row->basis == TIMELINE_PERSON ? "" : tr(", ", "、"),
	    timeline_error(r, row));
	if (*row->time_text != '\0')
		html_put(out, "<br>%s %s", word_of(WORD_CLOCK_DEVICE),
		    row->time_text);
	if (row->live)
		html_put(out, "<br>%s %s", word_of(WORD_CLOCK_RECEIVED),
		    figure_clock(a, row->received, r->zone));
	buf_str(out, "</td>");
}

/* Of a line that stands for several rows: how many, and until when. */
static void
put_more(const struct report *r, struct buf *out,
    const struct timeline_line *line)
{
	if (line->n == 1)
		return;
	html_put(out, "<p class=\"more\">%s %s　～ %s</p>",
	    word_of(WORD_LINE_OF), figure_records(r->arena, line->n),
	    figure_short(r->arena, line->last->time, r->zone));
}

static void
put_line(const struct report *r, const struct timeline_pivot *p,
    struct buf *out, const struct timeline_line *line)
{
	const struct timeline_row *row = line->row;
	bool hit = *row->rule != '\0';

	html_put(out,
	    "<tr id=\"r%zu\" class=\"%s\"><td class=\"p\">%s</td>"
	    "<td class=\"n\">%zu</td>",
	    line->no, hit ? "hit" : "", phase_name(row->phase), line->no);
	put_times(r, out, row);
	html_put(out, "<td class=\"e\">%s%s%s%s", row->text,
	    hit ? tr(" [", "［") : "", row->rule, hit ? tr("]", "］") : "");
	put_more(r, out, line);
	buf_str(out, "</td><td>");
	timeline_pivot_cell(p, out, row->device_key, row->device);
	html_put(out, "%s</td><td>",
	    line->many_devices ? word_of(WORD_LINE_MANY) : "");
	timeline_pivot_cell(p, out, row->user_key, row->user);
	buf_str(out, "</td><td>");
	timeline_pivot_cell(p, out, row->peer_key, row->peer);
	html_put(out, "%s</td><td>",
	    line->many_peers ? word_of(WORD_LINE_MANY) : "");
	report_put_cite(out, &row->cite);
	if (line->n > 1) {
		buf_str(out, " ～ ");
		report_put_cite(out, &line->last->cite);
	}
	html_put(out, "</td><td class=\"c%d\"><span>%s</span></td></tr>\n",
	    (int)row->certainty, report_certainty_name(row->certainty));
}

/* Tables of a few lines each: a browser lays out those in sight. */
static void
put_part(const struct report *r, const struct timeline_lines *lines,
    size_t from, const struct timeline_pivot *p, struct buf *out)
{
	size_t i;

	html_put(out, "<div class=\"rows%s\"><table class=\"tl\"><thead><tr>",
	    lines->n > PART ? " part" : "");
	for (i = 0; i < PRINTED; i++)
		html_put(out, "<th>%s</th>",
		    tr(columns[printed[i]].en, columns[printed[i]].ja));
	buf_str(out, "</tr></thead>\n<tbody>\n");
	for (i = from; i < lines->n && i < from + PART; i++)
		put_line(r, p, out, &lines->v[i]);
	buf_str(out, "</tbody></table></div>\n");
}

static void
put_table(const struct report *r, const struct timeline *t,
    const struct timeline_lines *lines, const struct timeline_pivot *p,
    struct buf *out)
{
	size_t i;

	if (lines->within > 0)
		html_put(out, "<p class=\"warn\">%s %s%s</p>\n",
		    word_of(WORD_FOLDED), figure_count(r->arena, t->n),
		    word_of(WORD_FOLDED_2));
	for (i = 0; i < lines->n; i += PART)
		put_part(r, lines, i, p, out);
	if (t->skipped + lines->beyond > 0)
		html_put(out, "<p class=\"warn\">%s %s</p>\n",
		    word_of(WORD_SKIPPED),
		    figure_count(r->arena, t->skipped + lines->beyond));
}

static const char *
subtitle(const struct report *r, const struct timeline *t)
{
	const char *group = t->group == NULL
	    ? word_of(WORD_ALL_CASES)
	    : arena_printf(r->arena, "%s %s", word_of(WORD_CASE), t->group->id);

	if (t->entity != NULL)
		group = arena_printf(r->arena, "%s　%s %s=%s",
		    t->group == NULL ? "" : group, word_of(WORD_ENTITY),
		    t->entity_kind,
		    figure_clip(r->arena, span_str(t->entity), 80));
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
	const struct timeline_lines *lines;
	struct timeline_pivot *pivot;

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
		lines = timeline_fold(r, t);
		pivot = timeline_pivot_new(r, t, lines);
		timeline_print_strip(r, t, lines, out);
		path_print(r, t, out);
		timeline_pivot_print(pivot, out);
		put_table(r, t, lines, pivot, out);
	}
	html_put(out, "<section class=\"key\"><p>%s</p><p>%s</p><p>%s</p>",
	    word_of(WORD_KEY_CERTAINTY), word_of(WORD_KEY_PHASE),
	    word_of(WORD_KEY_ERROR));
	html_put(out, "<p>%s %s%s %s</p></section>\n", word_of(WORD_PROOF),
	    p.verdict, p.limits, p.why);
	html_end(out);
}
