/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdlib.h>
#include <string.h>

#include "analyzer/workbook/book.h"
#include "analyzer/workbook/merge.h"
#include "analyzer/workbook/rich.h"
#include "analyzer/workbook/xml.h"
#include "common/num.h"
#include "common/text.h"

#define LAST_ROW 1048576u
#define LAST_COLUMN 16384u

struct sheet_reading {
	struct workbook *w;
	struct workbook_table *t;
	struct workbook_why *why;
	const struct zip_entry *e;
	/* The row and the cell that are being read. */
	unsigned row, column; /* 0, and -1 + 1: before the first */
	bool hidden, formula, in_value, in_text;
	char type[12];
	unsigned style;
	struct buf value;
	struct rich rich;
	struct workbook_cell cells[WORKBOOK_COLUMNS];
	size_t n_cells, all_cells;
	size_t cap_rows, cap_merges;
};

static int
fail(struct sheet_reading *r, enum workbook_err err)
{
	return parts_fail(r->why, err, r->e->name);
}

/* "B7" to column and row; the row may be left out of neither. */
static int
parse_name(struct span s, unsigned *column, unsigned *row)
{
	unsigned c = 0;
	uint64_t n;
	size_t i;

	for (i = 0; i < s.len && i < 3; i++) {
		uint8_t letter = s.p[i] & (uint8_t)~0x20;

		if (letter < 'A' || letter > 'Z')
			break;
		c = c * 26 + letter - 'A' + 1;
	}
	if (i == 0 || c > LAST_COLUMN ||
	    num_parse(span_sub(s, i, s.len), LAST_ROW, &n) == -1 || n == 0)
		return -1;
	*column = c - 1;
	*row = (unsigned)n;
	return 0;
}

/* ---- beginnings ---- */

static int
start_row(struct sheet_reading *r, const char *const *atts)
{
	const char *number = xml_attribute(atts, "r");
	unsigned n = r->row + 1;

	if (number != NULL && book_number(number, LAST_ROW, &n) == -1)
		return fail(r, WORKBOOK_DAMAGED);
	if (n <= r->row || n > LAST_ROW)
		return fail(r, WORKBOOK_DAMAGED);
	r->row = n;
	r->column = 0;
	r->n_cells = 0;
	r->hidden = xml_says(atts, "hidden");
	return 0;
}

static int
start_cell(struct sheet_reading *r, const char *const *atts)
{
	const char *name = xml_attribute(atts, "r");
	const char *type = xml_attribute(atts, "t");
	unsigned column = r->column, row = r->row;
	size_t len = type == NULL ? 0 : strlen(type);

	if (name != NULL && parse_name(span_str(name), &column, &row) == -1)
		return fail(r, WORKBOOK_DAMAGED);
	/* In order, so that no two programs can read it in two ways. */
	if (row != r->row || row == 0 || column < r->column ||
	    len >= sizeof(r->type))
		return fail(r, WORKBOOK_DAMAGED);
	memcpy(r->type, len > 0 ? type : "", len + 1);
	r->column = column + 1;
	r->style = 0;
	(void)book_number(xml_attribute(atts, "s"), WORKBOOK_STYLES,
	    &r->style);
	r->formula = r->in_text = false;
	r->value.len = 0;
	r->rich.text.len = 0;
	return 0;
}

static int
start_merge(struct sheet_reading *r, const char *const *atts)
{
	const char *ref = xml_attribute(atts, "ref");
	const char *colon = ref == NULL ? NULL : strchr(ref, ':');
	struct workbook_range m = { .top = 0 };

	if (colon == NULL ||
	    parse_name(span_make(ref, (size_t)(colon - ref)), &m.left,
		&m.top) == -1 ||
	    parse_name(span_str(colon + 1), &m.right, &m.bottom) == -1 ||
	    m.right < m.left || m.bottom < m.top)
		return fail(r, WORKBOOK_DAMAGED);
	if (r->t->n_merges == WORKBOOK_MERGES)
		return fail(r, WORKBOOK_MANY_MERGES);
	if (r->t->merges == NULL)
		r->t->merges = arena_alloc(r->w->arena,
		    WORKBOOK_MERGES * sizeof(*r->t->merges));
	r->t->merges[r->t->n_merges++] = m;
	return 0;
}

static void
start_column(struct sheet_reading *r, const char *const *atts)
{
	unsigned first, last;

	if (!xml_says(atts, "hidden") ||
	    book_number(xml_attribute(atts, "min"), LAST_COLUMN, &first) ==
		-1 ||
	    book_number(xml_attribute(atts, "max"), LAST_COLUMN, &last) == -1)
		return;
	if (first <= last && first <= WORKBOOK_COLUMNS)
		r->t->hidden_columns += last - first + 1;
}

static int
on_start(void *cookie, const char *name, const char *const *atts)
{
	struct sheet_reading *r = cookie;

	rich_start(&r->rich, name);
	if (strcmp(name, "c") == 0)
		return start_cell(r, atts);
	if (strcmp(name, "v") == 0)
		r->in_value = true;
	else if (strcmp(name, "f") == 0)
		r->formula = true;
	else if (strcmp(name, "row") == 0)
		return start_row(r, atts);
	else if (strcmp(name, "mergeCell") == 0)
		return start_merge(r, atts);
	else if (strcmp(name, "col") == 0)
		start_column(r, atts);
	return 0;
}

static int
on_text(void *cookie, struct span s)
{
	struct sheet_reading *r = cookie;

	if (rich_text(&r->rich, s) == -1)
		return fail(r, WORKBOOK_LONG_TEXT);
	if (!r->in_value)
		return 0;
	if (r->value.len + s.len > WORKBOOK_TEXT)
		return fail(r, WORKBOOK_LONG_TEXT);
	buf_span(&r->value, s);
	return 0;
}

/* ---- values ---- */

static int
shared(struct sheet_reading *r, struct workbook_cell *c)
{
	uint64_t i;

	if (num_parse(buf_view(&r->value), WORKBOOK_STRINGS, &i) == -1 ||
	    i >= r->w->n_strings)
		return fail(r, WORKBOOK_DAMAGED);
	c->text = r->w->strings[i];
	return 0;
}

static int
number(struct sheet_reading *r, struct workbook_cell *c)
{
	static const struct number_format plain = { .kind = NUMBER_PLAIN };
	struct buf b;
	bool rounded;
	int rc;

	buf_init(&b);
	rc = number_print(r->style < r->w->n_styles ? &r->w->styles[r->style]
						    : &plain,
	    buf_view(&r->value), r->w->epoch_1904, &b, &rounded);
	if (rc == 0)
		c->text = arena_copy(r->w->arena, buf_view(&b));
	if (rounded)
		c->marks |= WORKBOOK_ROUNDED;
	buf_fini(&b);
	return rc == 0 ? 0 : fail(r, WORKBOOK_DAMAGED);
}

/* The value of the cell that ends; empty: it has none. */
static int
value(struct sheet_reading *r, struct workbook_cell *c)
{
	struct span v = text_trim(buf_view(&r->value));

	if (strcmp(r->type, "inlineStr") == 0) {
		c->text = rich_take(&r->rich, r->w->arena);
		return 0;
	}
	if (v.len == 0)
		return 0;
	if (strcmp(r->type, "s") == 0)
		return shared(r, c);
	if (strcmp(r->type, "") == 0 || strcmp(r->type, "n") == 0)
		return number(r, c);
	if (strcmp(r->type, "b") == 0)
		c->text = span_is(v, "1") ? SPAN("TRUE") : SPAN("FALSE");
	else
		c->text = arena_copy(r->w->arena, buf_view(&r->value));
	if (strcmp(r->type, "e") == 0)
		c->marks |= WORKBOOK_ERROR;
	else if (strcmp(r->type, "b") != 0 && strcmp(r->type, "str") != 0 &&
	    strcmp(r->type, "d") != 0)
		return fail(r, WORKBOOK_DAMAGED);
	return 0;
}

static int
end_cell(struct sheet_reading *r)
{
	struct workbook_cell c = { { NULL, 0 }, 0, 0 };

	if (value(r, &c) == -1)
		return -1;
	if (r->formula)
		c.marks |= r->value.len == 0 && c.text.len == 0
		    ? WORKBOOK_UNSAVED | WORKBOOK_FORMULA
		    : WORKBOOK_FORMULA;
	if (text_trim(c.text).len == 0 && c.marks == 0)
		return 0;
	if (r->column > WORKBOOK_COLUMNS)
		return fail(r, WORKBOOK_WIDE);
	if (r->all_cells++ == WORKBOOK_CELLS)
		return fail(r, WORKBOOK_MANY_CELLS);
	c.column = (uint16_t)(r->column - 1);
	r->cells[r->n_cells++] = c;
	return 0;
}

static int
end_row(struct sheet_reading *r)
{
	struct workbook_table *t = r->t;
	struct workbook_row *row, *more;

	if (r->n_cells == 0)
		return 0;
	if (t->n == WORKBOOK_ROWS)
		return fail(r, WORKBOOK_MANY_ROWS);
	if (t->n == r->cap_rows) {
		r->cap_rows = r->cap_rows == 0 ? 256 : r->cap_rows * 2;
		more = arena_alloc(r->w->arena, r->cap_rows * sizeof(*more));
		if (t->n > 0)
			memcpy(more, t->rows, t->n * sizeof(*more));
		t->rows = more;
	}
	row = &t->rows[t->n++];
	row->number = r->row;
	row->hidden = r->hidden;
	row->n = r->n_cells;
	row->cells =
	    arena_alloc(r->w->arena, r->n_cells * sizeof(*row->cells));
	memcpy(row->cells, r->cells, r->n_cells * sizeof(*row->cells));
	r->n_cells = 0;
	return 0;
}

static int
on_end(void *cookie, const char *name)
{
	struct sheet_reading *r = cookie;

	rich_end(&r->rich, name);
	if (strcmp(name, "v") == 0)
		r->in_value = false;
	else if (strcmp(name, "c") == 0)
		return end_cell(r);
	else if (strcmp(name, "row") == 0)
		return end_row(r);
	return 0;
}

int
workbook_read(struct workbook *w, size_t i, struct workbook_table *t,
    struct workbook_why *why)
{
	const struct zip_entry *e = w->sheets[i].part;
	struct sheet_reading *r;
	struct xml_reader x = { NULL, on_start, on_end, on_text };
	int rc;

	*t = (struct workbook_table){ .n = 0 };
	if (e == NULL)
		return 0; /* a chart */
	r = calloc(1, sizeof(*r));
	if (r == NULL)
		abort();
	r->w = w;
	r->t = t;
	r->why = why;
	r->e = e;
	x.cookie = r;
	buf_init(&r->value);
	buf_init(&r->rich.text);
	rc = xml_read(&w->parts, e, &x, why);
	buf_fini(&r->value);
	buf_fini(&r->rich.text);
	free(r);
	if (rc == 0 && merge_fill(t, w->arena) == -1)
		rc = parts_fail(why, WORKBOOK_DAMAGED, e->name);
	return rc;
}
