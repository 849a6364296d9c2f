/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/report/damage_priv.h"
#include "analyzer/report/facts.h"
#include "analyzer/report/figure.h"
#include "analyzer/report/form_page.h"
#include "analyzer/report/word.h"
#include "common/utc.h"

/* A report to somebody as a page: one row for each item of its table. */

static const char style[] =
    ".form{table-layout:fixed}.form>thead th:nth-child(1){width:4.2em}"
    ".form>thead th:nth-child(2){width:11em}"
    ".form ul{list-style:none;margin:0;padding:0}"
    ".form li{display:grid;grid-template-columns:1fr 15.5em;column-gap:2mm;"
    "border-bottom:.5pt dotted #888;padding:.4mm 0;break-inside:avoid}"
    ".form li>span{overflow-wrap:anywhere}.form .fill{margin:.3em 0}"
    ".form>tbody>tr{break-inside:auto}"
    ".head th{width:9em}\n"
    "@media screen and (max-width:640px){.form>thead{display:none}"
    ".form,.form>tbody,.form>tbody>tr,.form>tbody>tr>td{display:block;"
    "width:auto}.form>tbody>tr>td{border-width:0 .5pt}"
    ".form>tbody>tr{border:1px solid #000;margin:0 0 8px}"
    ".form>tbody>tr>td.i{font-weight:bold;background:#e6e6e6}"
    ".form li{display:block}.form li>.src{display:block}}\n";

const char *
form_number(const struct damage *d, const struct form *form)
{
	return arena_printf(d->r->arena, "DR-%s-%s-%u", d->group->id, form->id,
	    d->version.number);
}

/* Which it is of its kind, and what was before it. */
void
damage_put_version(const struct damage *d, struct buf *out)
{
	const struct casebook_step *b = d->version.before;

	html_put(out, "<p class=\"version\"><b>%s%u%s</b>　",
	    word_of(WORD_VERSION), d->version.number, word_of(WORD_VERSION_2));
	if (b == NULL)
		html_put(out, "%s", word_of(WORD_VERSION_FIRST));
	else {
		html_put(out, "%s <span class=\"cite\">%s</span>　",
		    word_of(WORD_VERSION_BEFORE), b->sheet);
		damage_put_step(out, b);
	}
	if (!d->version.recorded)
		html_put(out, "　<b>%s</b>", word_of(WORD_VERSION_OPEN));
	buf_str(out, "</p>\n");
}

static void
put_row(struct buf *out, const char *name, const char *value)
{
	html_put(out, "<tr><th>%s</th><td>%s</td></tr>\n", name, value);
}

static void
put_head(const struct damage *d, const struct form_page *page,
    struct buf *out)
{
	const struct form *f = page->form;
	struct arena *a = d->r->arena;
	size_t i;

	html_put(out, "<p class=\"warn\">%s</p>\n", word_of(WORD_FORM_DRAFT));
	damage_put_version(d, out);
	buf_str(out, "<table class=\"head\">");
	put_row(out, word_of(WORD_FORM_TO), tr(f->to_en, f->to_ja));
	for (i = 0; i < page->n_due; i++)
		put_row(out, word_of(WORD_FORM_DEADLINE),
		    arena_printf(a, tr("%s: %s (%s)", "%s　%s（%s）"),
			page->due[i].name,
			page->aware ? page->due[i].when
				    : word_of(WORD_FORM_DEADLINE_NONE),
			page->due[i].basis));
	put_row(out, word_of(WORD_FORM_BASIS),
	    arena_printf(a, tr("%s (%s %s)", "%s（%s %s）"), f->basis,
		word_of(WORD_FORM_CHECKED),
		f->checked == INT64_MIN
		    ? "—"
		    : figure_day(a, f->checked * UTC_DAY, 0)));
	buf_str(out, "</table>\n");
	html_put(out, "<p>%s</p>\n", tr(f->note_en, f->note_ja));
}

static void
put_ground(const struct damage *d, struct buf *out, const struct fact *f)
{
	buf_str(out, "<span class=\"src\">");
	damage_put_tag(out, f->certainty);
	report_put_cite(out, &f->cite);
	if (f->records > 1)
		html_put(out, " %s %s", word_of(WORD_RECORDS_IN_ALL),
		    figure_records(d->r->arena, f->records));
	buf_str(out, "</span>");
}

static void
put_field(struct damage *d, struct buf *out, enum field field)
{
	struct facts *facts = arena_alloc(d->r->arena, sizeof(*facts));
	size_t i;

	facts_of(d, field, facts);
	if (facts->n > 0)
		buf_str(out, "<ul>");
	for (i = 0; i < facts->n; i++) {
		html_put(out, "<li><span>%s</span>", facts->v[i].text);
		put_ground(d, out, &facts->v[i]);
		buf_str(out, "</li>\n");
	}
	if (facts->n > 0)
		buf_str(out, "</ul>");
	if (facts->more > 0)
		html_put(out, "<p class=\"warn\">%s %llu</p>",
		    word_of(WORD_FORM_MORE), (unsigned long long)facts->more);
	if (field_lines(field) > 0)
		damage_put_fill(out, field_fill(field), field_lines(field));
}

void
form_print_html(struct damage *d, const struct form_page *page,
    struct buf *out)
{
	const struct form *f = page->form;
	struct arena *a = d->r->arena;
	size_t i, j;

	report_begin(d->r, out,
	    &(struct report_page){
		.title = tr(f->title_en, f->title_ja),
		.subtitle = arena_printf(a, "%s %s　%s %s ～ %s",
		    word_of(WORD_CASE), d->group->id, word_of(WORD_PERIOD),
		    figure_minute(a, d->from, d->r->zone),
		    figure_minute(a, d->until, d->r->zone)),
		.number = form_number(d, f),
		.style = style,
		.paper = HTML_PORTRAIT,
		.replay = d->replay,
	    });
	put_head(d, page, out);
	html_put(out,
	    "<table class=\"form\"><thead><tr><th>%s</th><th>%s</th>"
	    "<th>%s　／　%s</th></tr></thead><tbody>\n",
	    word_of(WORD_FORM_NUMBER), word_of(WORD_FORM_ITEM),
	    word_of(WORD_FORM_CONTENT), word_of(WORD_FORM_GROUND));
	for (i = 0; i < f->n_items; i++) {
		const struct form_item *item = f->items[i];

		html_put(out,
		    "<tr><td class=\"i\">%s</td><td class=\"i\"><b "
		    "lang=\"ja\" class=\"item\">%s</b>",
		    item->number, item->name_ja);
		if (log_lang() != LOG_JA)
			html_put(out, "<br><span class=\"gloss\">%s</span>",
			    item->name_en);
		buf_str(out, "</td><td>");
		for (j = 0; j < item->n_fields; j++)
			put_field(d, out, item->fields[j]);
		buf_str(out, "</td></tr>\n");
	}
	html_put(out, "</tbody></table>\n<p class=\"key\">%s</p>\n",
	    word_of(WORD_KEY_CERTAINTY));
	html_end(out);
}
