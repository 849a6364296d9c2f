/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <string.h>

#include "analyzer/ledger/sheet_priv.h"
#include "analyzer/workbook/workbook.h"
#include "common/log.h"

_Static_assert(WORKBOOK_COLUMNS <= CSV_CELLS, "a row of it fits");
_Static_assert(WORKBOOK_ROWS <= SHEET_ROWS, "a sheet of it fits");

/* A workbook of which one sheet is the ledger. */
struct book {
	struct reading *r;
	struct workbook *w;
	const char *file; /* without the name of a sheet */
	struct workbook_table table;
	size_t sheet;  /* the one that fits best so far */
	size_t known;  /* columns of it; 0: none fits */
	size_t header; /* row of table */
	size_t twin;   /* another one that fits as well; sheet: none */
	size_t others; /* visible ones with values */
};

/* Its cells as a record: *n of them, empty ones too. */
static void
record(const struct workbook_row *row, struct span *cells, size_t *n)
{
	size_t i;

	*n = row->n == 0 ? 0 : row->cells[row->n - 1].column + (size_t)1;
	for (i = 0; i < *n; i++)
		cells[i] = (struct span){ NULL, 0 };
	for (i = 0; i < row->n; i++)
		cells[row->cells[i].column] = row->cells[i].text;
}

static struct span
name_of(const struct book *b, size_t i)
{
	return workbook_sheet_name(b->w, i);
}

static int
refuse(struct book *b, const struct workbook_why *why)
{
	struct problem_at at = { .file = b->file };

	problems_error(b->r->ps, &at, "%s%s%s",
	    workbook_strerror(why->err), why->part[0] != '\0' ? ": " : "",
	    why->part);
	return -1;
}

static const char *
file_name(const struct book *b, size_t sheet)
{
	struct span name = name_of(b, sheet);

	return arena_printf(b->r->arena, "%s [%.*s]", b->file, (int)name.len,
	    name.len > 0 ? (const char *)name.p : "");
}

/* Hold a sheet against the columns; keep it if it fits better. */
static int
try_sheet(struct book *b, size_t i)
{
	struct span cells[CSV_CELLS];
	struct workbook_table t;
	struct workbook_why why;
	size_t k, n;

	if (workbook_read(b->w, i, &t, &why) == -1)
		return refuse(b, &why);
	b->others += t.n > 0;
	b->r->sheet->file = file_name(b, i);
	for (k = 0; k < t.n && t.rows[k].number <= HEADER_ROWS; k++) {
		record(&t.rows[k], cells, &n);
		if (reading_blank(cells, n) ||
		    !reading_header(b->r, cells, n, t.rows[k].number))
			continue;
		if (b->r->known == b->known)
			b->twin = i;
		if (b->r->known <= b->known)
			break;
		b->known = b->r->known;
		b->sheet = b->twin = i;
		b->header = k;
		b->table = t;
		break;
	}
	return 0;
}

/* Which sheets were passed over. */
static void
say_sheets(struct book *b)
{
	struct problem_at at = { .file = b->file };
	size_t i;

	for (i = 0; i < workbook_sheets(b->w); i++) {
		at.value = name_of(b, i);
		if (workbook_sheet_hidden(b->w, i))
			problems_notice(b->r->ps, &at,
			    tr("this sheet is hidden and is not read",
				"非表示のシートです。読み取りません"));
	}
	if (b->known == 0 || b->others < 2)
		return;
	at.value = name_of(b, b->sheet);
	problems_notice(b->r->ps, &at,
	    tr("this sheet is read, %zu others are not",
		"このシートを読み取ります（ほか%zu枚は読み取りません）"),
	    b->others - 1);
}

static int
choose(struct book *b)
{
	struct problem_at at = { .file = b->file };
	struct span other;
	size_t i;

	for (i = 0; i < workbook_sheets(b->w); i++)
		if (!workbook_sheet_hidden(b->w, i) && try_sheet(b, i) == -1)
			return -1;
	b->r->sheet->file = b->file;
	say_sheets(b);
	if (b->known == 0)
		return reading_no_header(b->r);
	if (b->twin == b->sheet)
		return 0;
	at.value = name_of(b, b->sheet);
	other = name_of(b, b->twin);
	problems_error(b->r->ps, &at,
	    tr("this sheet and '%.*s' both have the header of the ledger; "
	       "hide or delete the one that does not count",
		"このシートと「%.*s」の両方に台帳の見出しがあります。使わない"
		"方を非表示にするか削除してください"),
	    (int)other.len, other.len > 0 ? (const char *)other.p : "");
	return -1;
}

/* ---- what is to be said of cells ---- */

/* How many there are of something, and the first. */
struct tally {
	size_t n;
	struct problem_at first;
};

struct tallies {
	struct tally formulas, hidden;
};

static void
count(struct tally *t, const struct problem_at *at)
{
	if (t->n++ == 0)
		t->first = *at;
}

static void
judge_cell(struct reading *r, const struct workbook_cell *c, unsigned row,
    struct tallies *t)
{
	struct problem_at at = { .file = r->sheet->file,
		.row = row,
		.value = c->text,
		.letter = c->column + 1u };
	size_t column = c->column < r->width ? r->map[c->column] : r->n;

	if (column >= r->n)
		return;
	at.column = r->sheet->titles[column];
	if ((c->marks & WORKBOOK_FORMULA) != 0)
		count(&t->formulas, &at);
	if ((c->marks & WORKBOOK_ERROR) != 0)
		problems_error(r->ps, &at,
		    tr("Excel shows an error in this cell; correct its formula "
		       "or write the value",
			"エラー値のセルです。数式を直すか、値を記入してくださ"
			"い"));
	if ((c->marks & WORKBOOK_UNSAVED) != 0)
		problems_error(r->ps, &at,
		    tr("a formula that was saved without its value; open the "
		       "workbook in Excel and save it",
			"値が保存されていない数式です。Excelで開いて保存し直し"
			"てください"));
	if ((c->marks & WORKBOOK_ROUNDED) != 0)
		problems_notice(r->ps, &at,
		    tr("Excel keeps 15 digits of a number; format the cell as "
		       "text and write it again",
			"Excelの数値は15桁までです。セルの書式を「文字列」にし"
			"て記入し直してください"));
}

static void
say_merges(struct book *b)
{
	struct reading *r = b->r;
	unsigned header = b->table.rows[b->header].number;
	char from[WORKBOOK_NAME], to[WORKBOOK_NAME];
	size_t i;

	for (i = 0; i < b->table.n_merges; i++) {
		const struct workbook_range *m = &b->table.merges[i];
		struct problem_at at = { .file = r->sheet->file,
			.row = m->top,
			.value = m->text,
			.letter = m->left + 1 };

		if (m->top <= header || m->left >= r->width ||
		    r->map[m->left] >= r->n || m->text.len == 0)
			continue;
		at.column = r->sheet->titles[r->map[m->left]];
		problems_notice(r->ps, &at,
		    tr("merged cells %s:%s: each counts as holding this value",
			"結合セル%s:%s: すべてのセルがこの値を持つものとして読"
			"み取ります"),
		    workbook_cell_name(m->left, m->top, from),
		    workbook_cell_name(m->right, m->bottom, to));
	}
}

static void
say_tallies(struct book *b, const struct tallies *t)
{
	struct problem_at at = { .file = b->r->sheet->file };

	if (t->formulas.n > 0)
		problems_notice(b->r->ps, &t->formulas.first,
		    tr("%zu cells are formulas, this is the first: the values "
		       "saved last count",
			"数式のセルが%zu個あります（最初の1個を表示）。最後に"
			"保存された値を使います"),
		    t->formulas.n);
	if (t->hidden.n > 0)
		problems_notice(b->r->ps, &t->hidden.first,
		    tr("%zu rows are hidden, this is the first: they count as "
		       "the others do",
			"非表示の行が%zu行あります（最初の1行を表示）。ほかの"
			"行と同じように読み取ります"),
		    t->hidden.n);
	if (b->table.hidden_columns > 0)
		problems_notice(b->r->ps, &at,
		    tr("%u columns are hidden: they count as the others do",
			"非表示の列が%u列あります。ほかの列と同じように読み取"
			"ります"),
		    b->table.hidden_columns);
}

/* Notes beside the table are no cells of it.  What is left. */
static size_t
beside(struct reading *r, const struct span *cells, size_t n, unsigned row)
{
	size_t i;

	for (i = r->width; i < n; i++) {
		struct problem_at at = { .file = r->sheet->file,
			.row = row,
			.value = cells[i],
			.letter = (unsigned)i + 1 };

		if (cells[i].len > 0)
			problems_notice(r->ps, &at,
			    tr("right of the header's columns: not read",
				"見出しの列より右のセルです。読み取りません"));
	}
	return n < r->width ? n : r->width;
}

static void
read_rows(struct book *b)
{
	const struct workbook_table *t = &b->table;
	struct tallies tallies = { .formulas = { .n = 0 } };
	struct span cells[CSV_CELLS];
	size_t i, k, n;

	b->r->sheet->rows =
	    arena_alloc(b->r->arena, (t->n + 1) * sizeof(*b->r->sheet->rows));
	record(&t->rows[b->header], cells, &n);
	(void)reading_header(b->r, cells, n, t->rows[b->header].number);
	reading_columns(b->r, cells, n, t->rows[b->header].number);
	for (i = b->header + 1; i < t->n; i++) {
		struct problem_at at = { .file = b->r->sheet->file,
			.row = t->rows[i].number };

		for (k = 0; k < t->rows[i].n; k++)
			judge_cell(b->r, &t->rows[i].cells[k],
			    t->rows[i].number, &tallies);
		record(&t->rows[i], cells, &n);
		if (reading_blank(cells, n))
			continue;
		if (t->rows[i].hidden)
			count(&tallies.hidden, &at);
		n = beside(b->r, cells, n, t->rows[i].number);
		if (!reading_blank(cells, n))
			reading_row(b->r, cells, n, t->rows[i].number);
	}
	say_tallies(b, &tallies);
	say_merges(b);
}

int
reading_book(struct reading *r, struct span bytes)
{
	struct book b = { .r = r, .file = r->sheet->file };
	struct workbook_why why;
	int rc;

	b.w = workbook_open(bytes, r->arena, &why);
	if (b.w == NULL)
		return refuse(&b, &why);
	rc = choose(&b);
	r->sheet->titles = NULL; /* those of the sheet that was tried last */
	if (rc == 0) {
		r->sheet->file = file_name(&b, b.sheet);
		read_rows(&b);
	}
	workbook_close(b.w);
	return rc;
}
