/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/find/indicators.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/ledger/csv.h"
#include "analyzer/ledger/sheet.h"
#include "common/log.h"
#include "common/text.h"

#define VALUE_SHOWN 96 /* bytes of a refused value */

static const char value_names[] =
    "value|indicator|ioc|iocs|indicatorvalue|値|指標|インディケータ|"
    "インジケータ|侵害指標";
static const char type_names[] =
    "type|kind|indicatortype|ioctype|種別|種類|タイプ";

void
indicators_init(struct indicators *is, struct arena *arena)
{
	memset(is, 0, sizeof(*is));
	is->arena = arena;
}

void
indicators_fini(struct indicators *is)
{
	free(is->v);
}

static void
refuse(struct indicators *is, struct indicators_refusal r, struct span value)
{
	struct buf shown;

	buf_init(&shown);
	text_escape(span_sub(value, 0, VALUE_SHOWN), &shown);
	r.value = arena_str(is->arena, buf_view(&shown));
	buf_fini(&shown);
	if (is->refused < INDICATORS_KEPT)
		is->refusals[is->refused] = r;
	is->refused++;
	if (is->refuse != NULL)
		is->refuse(is->cookie, &r);
}

static void
take(struct indicators *is, struct span value, struct span type,
    const struct indicators_refusal *at)
{
	struct indicator one;
	enum indicator_err e = indicator_parse(value, type, is->arena, &one);
	struct indicators_refusal r = *at;

	if (e == INDICATOR_ERR_OK && is->n < INDICATORS_MAX) {
		if (is->n == is->cap) {
			is->cap = is->cap == 0 ? 64 : 2 * is->cap;
			is->v = realloc(is->v, is->cap * sizeof(*is->v));
			if (is->v == NULL)
				abort();
		}
		one.file = at->file;
		one.row = at->row;
		is->v[is->n++] = one;
		return;
	}
	r.why = e != INDICATOR_ERR_OK
	    ? indicator_strerror(e)
	    : tr("more than 100,000 at once: search for the rest apart",
		  "一度に10万件までです。残りは分けて検索してください");
	if (e == INDICATOR_ERR_TYPE) {
		r.column = tr("type", "種別");
		value = type;
	}
	refuse(is, r, value);
}

void
indicators_add(struct indicators *is, const char *value)
{
	struct indicators_refusal at = { .column = tr("value", "値") };

	take(is, span_str(value), span_make(NULL, 0), &at);
}

void
indicators_refuse_file(struct indicators *is, const char *file,
    const char *why)
{
	struct indicators_refusal r = { .file = file,
		.column = "",
		.why = why };

	refuse(is, r, span_make(NULL, 0));
}

/* ---- lists ---- */

struct reading {
	struct indicators *is;
	struct indicators_list *list;
	struct arena *row;
	size_t value, type; /* columns; type CSV_CELLS: none */
	bool begun;	    /* a row with something in it was seen */
};

static bool
is_empty(const struct span *cells, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (text_trim(cells[i]).len > 0)
			return false;
	return true;
}

/* Whether the row names the columns. */
static bool
take_header(struct reading *r, const struct span *cells, size_t n)
{
	bool found = false;
	size_t i;

	for (i = 0; i < n; i++) {
		struct span key = sheet_key(cells[i], r->row);

		if (key.len == 0)
			continue;
		if (!found && sheet_is_one_of(key, value_names)) {
			r->value = i;
			found = true;
		} else if (sheet_is_one_of(key, type_names))
			r->type = i;
	}
	if (!found)
		r->type = CSV_CELLS;
	return found;
}

static void
take_row(struct reading *r, unsigned row, const struct span *cells, size_t n)
{
	struct span none = { NULL, 0 };
	struct indicators_refusal at = { .file = r->list->name,
		.row = row,
		.column = tr("value", "値") };
	bool first = !r->begun;

	if (is_empty(cells, n) || span_starts(text_trim(cells[0]), SPAN("#")))
		return;
	r->begun = true;
	if (first && take_header(r, cells, n))
		return;
	r->list->rows++;
	take(r->is, r->value < n ? cells[r->value] : none,
	    r->type < n ? cells[r->type] : none, &at);
}

static void
read_rows(struct reading *r, struct span text)
{
	struct csv csv = csv_make(text);
	struct span cells[CSV_CELLS];
	struct indicators_refusal at = { .file = r->list->name,
		.column = "" };
	size_t n;
	int rc;

	while ((rc = csv_next(&csv, r->row, cells, &n)) == 1) {
		take_row(r, csv.row, cells, n);
		arena_reset(r->row);
	}
	if (rc == 0)
		return;
	at.row = csv.row;
	at.why = arena_printf(r->is->arena,
	    tr("%s; nothing is read from this row on",
		"%s。この行から後は読んでいません"),
	    csv_strerror(csv.error));
	refuse(r->is, at, span_make(NULL, 0));
}

void
indicators_add_list(struct indicators *is, struct span bytes, const char *file)
{
	struct reading r = { .is = is, .type = CSV_CELLS };
	struct buf text;
	size_t bom = 0;
	enum text_encoding e;

	if (is->n_lists == INDICATORS_KEPT) {
		indicators_refuse_file(is, file,
		    tr("more than 200 lists: put them together",
			"リストは200個までです。まとめてください"));
		return;
	}
	r.list = &is->lists[is->n_lists++];
	r.list->name = file;
	r.list->rows = 0;
	sha256(bytes, r.list->sha256);
	e = text_guess(bytes, &bom);
	buf_init(&text);
	(void)text_decode(e, span_sub(bytes, bom, bytes.len), &text);
	r.row = arena_new();
	read_rows(&r, buf_view(&text));
	arena_free(r.row);
	buf_fini(&text);
	if (r.list->rows == 0)
		indicators_refuse_file(is, file,
		    tr("there is no value in it", "値が1つもありません"));
}

/* ---- all together ---- */

static int
compare(const void *a, const void *b)
{
	const struct indicator *x = a, *y = b;
	size_t len = x->text.len < y->text.len ? x->text.len : y->text.len;
	int c;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if ((c = memcmp(x->text.p, y->text.p, len)) != 0)
		return c;
	if (x->text.len != y->text.len)
		return x->text.len < y->text.len ? -1 : 1;
	/* The first place where it was written, whatever qsort() does. */
	if (x->file != y->file) {
		if (x->file == NULL || y->file == NULL)
			return x->file == NULL ? -1 : 1;
		if ((c = strcmp(x->file, y->file)) != 0)
			return c;
	}
	return (x->row > y->row) - (x->row < y->row);
}

void
indicators_finish(struct indicators *is)
{
	struct sha256 h;
	size_t i, n = 0;

	if (is->n > 0)
		qsort(is->v, is->n, sizeof(*is->v), compare);
	sha256_init(&h);
	for (i = 0; i < is->n; i++) {
		const struct indicator *x = &is->v[i];
		const char *word = indicator_kind_word(x->kind);

		if (n > 0 && is->v[n - 1].kind == x->kind &&
		    span_eq(is->v[n - 1].text, x->text))
			continue;
		sha256_update(&h, word, strlen(word));
		sha256_update(&h, " ", 1);
		sha256_update(&h, x->text.p, x->text.len);
		sha256_update(&h, "\n", 1);
		is->v[n++] = *x;
	}
	is->doubles = is->n - n;
	is->n = n;
	sha256_final(&h, is->sha256);
}
