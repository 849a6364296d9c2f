/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/sheet.h"

#include <string.h>

#include "analyzer/ledger/csv.h"
#include "analyzer/ledger/sheet_priv.h"
#include "analyzer/workbook/workbook.h"
#include "common/log.h"
#include "common/text.h"

static bool
is_gap(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The same of ASCII, which most names are, in one pass.  False: it is not. */
static bool
ascii_key(struct span s, struct arena *arena, struct span *key)
{
	uint8_t *out;
	size_t i, n = 0;

	for (i = 0; i < s.len; i++)
		if (s.p[i] >= 0x80)
			return false;
	out = arena_bytes(arena, s.len + 1);
	for (i = 0; i < s.len; i++)
		if (!is_gap(s.p[i]))
			out[n++] = (uint8_t)(s.p[i] |
			    (s.p[i] - (unsigned)'A' < 26 ? 0x20 : 0));
	out[n] = '\0';
	*key = span_make(out, n);
	return true;
}

struct span
sheet_key(struct span s, struct arena *arena)
{
	struct span key;
	struct buf b;
	size_t i, len = 0;

	s = text_trim(s);
	if (ascii_key(s, arena, &key))
		return key;
	buf_init(&b);
	text_fold(s, true, &b);
	for (i = 0; i < b.len; i++)
		if (!is_gap(b.p[i]))
			b.p[len++] = b.p[i];
	key = arena_copy(arena, span_make(b.p, len));
	buf_fini(&b);
	return key;
}

bool
sheet_is_one_of(struct span folded, const char *names)
{
	size_t len;

	for (; *names != '\0'; names += len + (names[len] == '|')) {
		len = strcspn(names, "|");
		if (span_eq(folded, span_make(names, len)))
			return true;
	}
	return false;
}

bool
sheet_next_value(struct span *rest, struct span *value)
{
	static const char *const marks[] = { "、", ",", ";", "／", "；", "，",
		"\n", "\r" };
	size_t i, k, len = 0;

	while (rest->len > 0) {
		for (i = 0; i < rest->len; i++) {
			for (k = 0; k < sizeof(marks) / sizeof(marks[0]); k++) {
				len = strlen(marks[k]);
				if (span_starts(span_sub(*rest, i, len),
					span_str(marks[k])))
					break;
			}
			if (k < sizeof(marks) / sizeof(marks[0]))
				break;
		}
		if (i == rest->len)
			len = 0;
		*value = text_trim(span_sub(*rest, 0, i));
		*rest = span_sub(*rest, i + len, rest->len);
		if (value->len > 0)
			return true;
	}
	return false;
}

struct span
sheet_keys(struct span cell, struct arena *arena)
{
	struct span value, keys;
	struct buf b;

	buf_init(&b);
	while (sheet_next_value(&cell, &value)) {
		if (b.len > 0)
			buf_byte(&b, ',');
		buf_span(&b, sheet_key(value, arena));
	}
	keys = arena_copy(arena, buf_view(&b));
	buf_fini(&b);
	return keys;
}

struct problem_at
sheet_at(const struct sheet *sheet, const struct sheet_row *row, size_t column)
{
	struct problem_at at = { sheet->file, row->number,
		sheet->titles[column], row->cells[column],
		sheet->letters[column] };

	return at;
}

static struct span
decode(struct span bytes, const char *file, struct arena *arena,
    struct problems *ps)
{
	struct problem_at at = { .file = file };
	struct span text;
	struct buf b;
	size_t bom, bad;
	enum text_encoding enc = text_guess(bytes, &bom);

	buf_init(&b);
	bad = text_decode(enc, span_sub(bytes, bom, bytes.len), &b);
	if (bad > 0)
		problems_error(ps, &at,
		    tr("%zu characters are neither UTF-8 nor CP932; save the "
		       "sheet as CSV UTF-8",
			"UTF-8でもCP932でもない文字が%zu個あります。「CSV "
			"UTF-8」で保存し直してください"),
		    bad);
	text = arena_copy(arena, buf_view(&b));
	buf_fini(&b);
	return text;
}

/* Which column of the table a title names, or n. */
static size_t
column_of(struct span title, const struct sheet_column *columns, size_t n,
    struct arena *arena)
{
	struct span key = sheet_key(title, arena);
	size_t i;

	for (i = 0; i < n; i++)
		if (key.len > 0 && sheet_is_one_of(key, columns[i].names))
			break;
	return i;
}

/* The row that lacks the fewest columns is what the message is about. */
static bool
is_near(struct reading *r, const struct span *titles, unsigned row)
{
	struct buf b;
	size_t c;

	if (r->known < 2 || r->known <= r->near_known)
		return false;
	buf_init(&b);
	for (c = 0; c < r->n; c++)
		if (r->columns[c].required && titles[c].len == 0)
			buf_printf(&b, "%s%.*s", b.len > 0 ? ", " : "",
			    (int)strcspn(r->columns[c].names, "|"),
			    r->columns[c].names);
	r->near_file = r->sheet->file;
	r->near_row = row;
	r->near_known = r->known;
	r->near_missing = arena_str(r->arena, buf_view(&b));
	buf_fini(&b);
	return false;
}

bool
reading_header(struct reading *r, const struct span *cells, size_t n,
    unsigned row)
{
	struct span titles[CSV_CELLS] = { { NULL, 0 } };
	unsigned letters[CSV_CELLS] = { 0 };
	size_t i, c;

	r->known = 0;
	for (i = 0; i < n; i++) {
		r->map[i] = c = column_of(cells[i], r->columns, r->n, r->arena);
		if (c < r->n && titles[c].len == 0) {
			titles[c] = text_trim(cells[i]);
			letters[c] = (unsigned)i + 1;
			r->known++;
		} else if (c < r->n)
			r->map[i] = r->n;
	}
	for (c = 0; c < r->n; c++)
		if (r->columns[c].required && titles[c].len == 0)
			return is_near(r, titles, row);
	r->width = n;
	r->sheet->titles = arena_alloc(r->arena, (r->n + 1) * sizeof(*titles));
	memcpy(r->sheet->titles, titles, r->n * sizeof(*titles));
	r->sheet->letters =
	    arena_alloc(r->arena, (r->n + 1) * sizeof(*letters));
	memcpy(r->sheet->letters, letters, r->n * sizeof(*letters));
	return true;
}

static void
not_used(struct reading *r, const struct problem_at *at)
{
	r->sheet->unused++;
	problems_notice(r->ps, at,
	    tr("this column is not used", "この列は使われません"));
}

void
reading_columns(struct reading *r, const struct span *cells, size_t n,
    unsigned row)
{
	struct problem_at at = { .file = r->sheet->file, .row = row };
	size_t i, c;

	for (i = 0; i < n; i++) {
		at.column = text_trim(cells[i]);
		at.letter = (unsigned)i + 1;
		c = column_of(cells[i], r->columns, r->n, r->arena);
		if (c < r->n && r->map[i] == r->n)
			problems_error(r->ps, &at,
			    tr("this column is there twice; delete one",
				"同じ列が二つあります。一方を削除してくださ"
				"い"));
		else if (c == r->n && at.column.len > 0)
			not_used(r, &at);
	}
}

bool
reading_blank(const struct span *cells, size_t n)
{
	size_t i, k;

	for (i = 0; i < n; i++)
		for (k = 0; k < cells[i].len; k++)
			if (strchr(" .\t\r\n", cells[i].p[k]) == NULL)
				return false;
	return true;
}

/*
 * Without the apostrophe that we, and careful others, put in front of what a
 * spreadsheet would take for a formula (report/csvout.h).
 */
static struct span
bare(struct span cell)
{
	static const char *const marks[] = { "=", "+", "-", "@", "＝", "＋",
		"－", "＠" };
	struct span rest;
	size_t i;

	cell = text_trim(cell);
	if (!span_starts(cell, SPAN("'")))
		return cell;
	rest = span_sub(cell, 1, cell.len);
	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (span_starts(rest, span_str(marks[i])))
			return rest;
	return cell;
}

void
reading_row(struct reading *r, const struct span *cells, size_t n,
    unsigned number)
{
	struct sheet_row *row = &r->sheet->rows[r->sheet->n++];
	struct problem_at at = { .file = r->sheet->file, .row = number };
	size_t i;

	row->number = number;
	row->cells = arena_alloc(r->arena, (r->n + 1) * sizeof(*row->cells));
	for (i = 0; i < n; i++) {
		if (i < r->width && r->map[i] < r->n)
			row->cells[r->map[i]] = bare(cells[i]);
		if (i < r->width || text_trim(cells[i]).len == 0)
			continue;
		at.value = cells[i];
		at.letter = (unsigned)i + 1;
		problems_error(r->ps, &at,
		    tr("a cell beyond the header's columns; a comma in the "
		       "text needs quotes",
			"見出しの列より右に値があります。文中のカンマは引用符で"
			"囲んでください"));
	}
}

int
reading_no_header(struct reading *r)
{
	struct problem_at at = { .file = r->sheet->file, .row = r->near_row };
	struct buf b;
	size_t c;

	if (r->near_row > 0) {
		at.file = r->sheet->file = r->near_file;
		problems_error(r->ps, &at,
		    tr("this row looks like the header but has no column %s; "
		       "add it, or correct its title",
			"見出し行のようですが、%s の列がありません。列を追加す"
			"るか、見出しを直してください"),
		    r->near_missing);
		return -1;
	}
	buf_init(&b);
	for (c = 0; c < r->n; c++)
		if (r->columns[c].required)
			buf_printf(&b, "%s%.*s", b.len > 0 ? ", " : "",
			    (int)strcspn(r->columns[c].names, "|"),
			    r->columns[c].names);
	problems_error(r->ps, &at,
	    tr("no header found; one of the first ten rows must have the "
	       "columns %s",
		"見出し行がありません。先頭10行のどれかに%s の列が必要です"),
	    buf_cstr(&b));
	buf_fini(&b);
	return -1;
}

static int
read_rows(struct reading *r, struct csv *csv)
{
	struct span cells[CSV_CELLS];
	struct problem_at at = { .file = r->sheet->file };
	bool header = false;
	size_t n;
	int rc;

	while ((rc = csv_next(csv, r->arena, cells, &n)) == 1) {
		if (!header && csv->row > HEADER_ROWS)
			break;
		if (reading_blank(cells, n))
			continue;
		if (!header) {
			header = reading_header(r, cells, n, csv->row);
			if (header)
				reading_columns(r, cells, n, csv->row);
			continue;
		}
		if (r->sheet->n == SHEET_ROWS)
			break;
		reading_row(r, cells, n, csv->row);
	}
	at.row = csv->row;
	if (rc == -1)
		problems_error(r->ps, &at, "%s", csv_strerror(csv->error));
	else if (header && rc == 1)
		problems_error(r->ps, &at,
		    tr("more than %d rows", "%d行を超えています"), SHEET_ROWS);
	else if (!header)
		return reading_no_header(r);
	return rc == -1 ? -1 : 0;
}

static void
read_csv(struct reading *r, struct span bytes)
{
	struct span text = decode(bytes, r->sheet->file, r->arena, r->ps);
	struct csv csv = csv_make(text);
	size_t i, lines = 1;

	for (i = 0; i < text.len; i++)
		lines += text.p[i] == '\n' || text.p[i] == '\r';
	r->sheet->rows = arena_alloc(r->arena,
	    (lines < SHEET_ROWS ? lines : SHEET_ROWS) *
		sizeof(*r->sheet->rows));
	(void)read_rows(r, &csv);
}

int
sheet_read(struct span bytes, const char *file,
    const struct sheet_column *columns, size_t n, struct arena *arena,
    struct sheet *sheet, struct problems *ps)
{
	struct reading r = { .sheet = sheet,
		.columns = columns,
		.n = n,
		.arena = arena,
		.ps = ps };

	*sheet = (struct sheet){ .file = file };
	if (workbook_is(bytes))
		(void)reading_book(&r, bytes);
	else
		read_csv(&r, bytes);
	return sheet->titles != NULL ? 0 : -1;
}
