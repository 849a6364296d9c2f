/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/csv.h"

#include "common/log.h"

struct csv
csv_make(struct span text)
{
	struct csv c = { text, 0, ',', 0, CSV_OK };
	size_t i;

	for (i = 0; i < text.len && text.p[i] != '\n'; i++) {
		if (text.p[i] == ',') {
			c.separator = ',';
			break;
		}
		if (text.p[i] == '\t')
			c.separator = '\t';
	}
	return c;
}

/* A cell in quotes; c->pos is behind the opening one. */
static int
quoted(struct csv *c, struct arena *arena, struct span *cell)
{
	size_t start = c->pos, len = 0, i;
	const uint8_t *p = c->in.p;
	uint8_t *out;

	for (i = start; i < c->in.len; i++, len++) {
		if (p[i] != '"')
			continue;
		if (i + 1 == c->in.len || p[i + 1] != '"')
			break;
		i++;
	}
	if (i == c->in.len) {
		c->error = CSV_OPEN_QUOTE;
		return -1;
	}
	c->pos = i + 1;
	*cell = span_sub(c->in, start, i - start);
	if (len == cell->len)
		return 0;
	out = arena_alloc(arena, len + 1);
	for (i = 0; i < len; i++, start++) {
		out[i] = p[start];
		start += p[start] == '"';
	}
	*cell = span_make(out, len);
	return 0;
}

static bool
at_end(const struct csv *c)
{
	return c->pos == c->in.len || c->in.p[c->pos] == '\n' ||
	    c->in.p[c->pos] == '\r';
}

static int
cell(struct csv *c, struct arena *arena, struct span *out)
{
	size_t start = c->pos;

	if (!at_end(c) && c->in.p[c->pos] == '"') {
		c->pos++;
		if (quoted(c, arena, out) == -1)
			return -1;
		if (!at_end(c) && c->in.p[c->pos] != c->separator) {
			c->error = CSV_AFTER_QUOTE;
			return -1;
		}
		return 0;
	}
	while (!at_end(c) && c->in.p[c->pos] != c->separator)
		c->pos++;
	*out = span_sub(c->in, start, c->pos - start);
	return 0;
}

int
csv_next(struct csv *c, struct arena *arena, struct span *cells, size_t *n)
{
	*n = 0;
	if (c->error != CSV_OK)
		return -1;
	if (c->pos == c->in.len)
		return 0;
	c->row++;
	for (;;) {
		if (*n == CSV_CELLS) {
			c->error = CSV_TOO_WIDE;
			return -1;
		}
		if (cell(c, arena, &cells[*n]) == -1)
			return -1;
		(*n)++;
		if (at_end(c))
			break;
		c->pos++;
	}
	if (c->pos < c->in.len && c->in.p[c->pos++] == '\r' &&
	    c->pos < c->in.len && c->in.p[c->pos] == '\n')
		c->pos++;
	return 1;
}

const char *
csv_strerror(enum csv_error e)
{
	switch (e) {
	case CSV_OK:
		return "ok";
	case CSV_OPEN_QUOTE:
		return tr("a quoted cell is never closed; add the missing \"",
		    "引用符「\"」が閉じていません。閉じる「\"」を補ってくださ"
		    "い");
	case CSV_AFTER_QUOTE:
		return tr("text follows a closing quote; save the sheet again "
			  "as CSV",
		    "閉じた引用符の後に文字があります。CSVで保存し直してくださ"
		    "い");
	case CSV_TOO_WIDE:
		return tr("more than 256 columns; delete the empty ones",
		    "列が256を超えています。空の列を削除してください");
	}
	return "";
}
