/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/report/damage_priv.h"
#include "analyzer/report/facts.h"
#include "analyzer/report/figure.h"
#include "analyzer/report/form_page.h"
#include "analyzer/report/word.h"
#include "analyzer/report/xlsx.h"

/* The same items as a workbook: one row a statement, one open row where people
 * fill in; then, but not for the public, the timeline of what findings cite. */
#define TIMES 2000u /* rows of the timeline */

static void
put_item(struct damage *d, struct xlsx *x, const struct form_item *item,
    enum field field)
{
	struct facts *facts = arena_alloc(d->r->arena, sizeof(*facts));
	const char *name = tr(item->name_en, item->name_ja);
	size_t i;

	facts_of(d, field, facts);
	for (i = 0; i < facts->n; i++) {
		const struct fact *f = &facts->v[i];
		const char *cells[] = { item->number, name, f->text,
			report_certainty_name(f->certainty),
			report_cite_text(d->r, &f->cite), "" };

		xlsx_row(x, cells, 6, false);
	}
	if (facts->more > 0) {
		const char *cells[] = { item->number, name,
			arena_printf(d->r->arena, "%s %llu",
			    word_of(WORD_FORM_MORE),
			    (unsigned long long)facts->more),
			"", "", "" };

		xlsx_row(x, cells, 6, false);
	}
	if (field_lines(field) > 0) {
		const char *cells[] = { item->number, name, "", "", "",
			arena_printf(d->r->arena, tr("%s: %s", "%s：%s"),
			    word_of(WORD_FILL), field_fill(field)) };

		xlsx_row(x, cells, 6, false);
	}
}

static void
put_items(struct damage *d, const struct form *form, struct xlsx *x)
{
	static const unsigned widths[] = { 8, 30, 80, 10, 44, 40 };
	const char *head[] = { word_of(WORD_FORM_NUMBER),
		word_of(WORD_FORM_ITEM), word_of(WORD_FORM_CONTENT),
		word_of(WORD_CERTAINTY), word_of(WORD_CITATION),
		word_of(WORD_FORM_HUMAN) };
	size_t i, j;

	xlsx_sheet(x, tr("Items", "項目"), widths, 6);
	xlsx_row(x, head, 6, true);
	for (i = 0; i < form->n_items; i++)
		for (j = 0; j < form->items[i]->n_fields; j++)
			put_item(d, x, form->items[i],
			    form->items[i]->fields[j]);
}

static void
put_times(const struct damage *d, struct xlsx *x)
{
	static const unsigned widths[] = { 28, 12, 80, 30, 20, 24, 44 };
	const char *head[] = { word_of(WORD_WHEN), word_of(WORD_PATH_PHASE),
		word_of(WORD_WHAT_THERE), word_of(WORD_DEVICE),
		word_of(WORD_ACCOUNT), word_of(WORD_FROM),
		word_of(WORD_CITATION) };
	size_t i, n = 0;

	xlsx_sheet(x, word_of(WORD_TIMELINE), widths, 7);
	xlsx_row(x, head, 7, true);
	for (i = 0; i < d->timeline->n && n < TIMES; i++) {
		const struct timeline_row *row = &d->timeline->rows[i];
		const char *cells[] = { figure_time(d->r->arena, row->time,
					    d->r->zone),
			phase_name(row->phase), facts_masked(d, row->text),
			facts_masked(d, row->device),
			facts_masked(d, row->user), facts_masked(d, row->peer),
			report_cite_text(d->r, &row->cite) };

		if (*row->rule == '\0' && row->basis != TIMELINE_PERSON)
			continue;
		n++;
		xlsx_row(x, cells, 7, false);
	}
}

static void
put_about(const struct damage *d, const struct form_page *page,
    struct xlsx *x)
{
	static const unsigned widths[] = { 26, 110 };
	const struct form *f = page->form;
	struct arena *a = d->r->arena;
	const struct casebook_step *b = d->version.before;
	size_t i;

	xlsx_sheet(x, tr("About", "この表について"), widths, 2);
	xlsx_row(x,
	    (const char *[]){ tr(f->title_en, f->title_ja), d->r->site }, 2,
	    true);
	xlsx_row(x,
	    (const char *[]){ word_of(WORD_NUMBER), form_number(d, f) }, 2,
	    false);
	xlsx_row(x,
	    (const char *[]){ word_of(WORD_MADE),
		figure_time(a, report_made(d->r), d->r->zone) },
	    2, false);
	xlsx_row(x,
	    (const char *[]){ word_of(WORD_VERSION_BEFORE),
		b == NULL ? word_of(WORD_VERSION_FIRST) : b->sheet },
	    2, false);
	xlsx_row(x,
	    (const char *[]){ word_of(WORD_FORM_TO), tr(f->to_en, f->to_ja) },
	    2, false);
	for (i = 0; i < page->n_due; i++)
		xlsx_row(x,
		    (const char *[]){ page->due[i].name,
			page->aware ? page->due[i].when
				    : word_of(WORD_FORM_DEADLINE_NONE) },
		    2, false);
	xlsx_row(x, (const char *[]){ word_of(WORD_FORM_BASIS), f->basis }, 2,
	    false);
	xlsx_row(x,
	    (const char *[]){ word_of(WORD_FORM_DRAFT),
		tr(f->note_en, f->note_ja) },
	    2, false);
	if (d->replay)
		xlsx_row(x, (const char *[]){ word_of(WORD_BANNER), "" }, 2,
		    true);
}

int
form_print_xlsx(struct damage *d, const struct form_page *page,
    struct buf *out)
{
	struct xlsx *x = xlsx_new();

	put_items(d, page->form, x);
	if (!form_is_public(page->form))
		put_times(d, x);
	put_about(d, page, x);
	return xlsx_finish(x, out);
}
