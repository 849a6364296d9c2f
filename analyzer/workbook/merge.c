/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/workbook/merge.h"

#include <stdlib.h>
#include <string.h>

/* The ranges that a row is in, by their first column. */
struct active {
	struct workbook_range *v[WORKBOOK_COLUMNS];
	size_t n;
};

static int
by_top(const void *a, const void *b)
{
	const struct workbook_range *p = a, *q = b;

	if (p->top != q->top)
		return p->top < q->top ? -1 : 1;
	return p->left < q->left ? -1 : p->left > q->left;
}

/* Drop those that ended above the row. */
static void
drop(struct active *a, unsigned row)
{
	size_t i, n = 0;

	for (i = 0; i < a->n; i++)
		if (a->v[i]->bottom >= row)
			a->v[n++] = a->v[i];
	a->n = n;
}

/* Ranges share no cell, so there are no more than columns. */
static int
join(struct active *a, struct workbook_range *m)
{
	size_t i;

	for (i = 0; i < a->n; i++)
		if (a->v[i]->left <= m->right && m->left <= a->v[i]->right)
			return -1;
	for (i = a->n++; i > 0 && a->v[i - 1]->left > m->left; i--)
		a->v[i] = a->v[i - 1];
	a->v[i] = m;
	return 0;
}

/* What the first cell of a range holds, when its first row comes. */
static void
take(struct workbook_range *m, const struct workbook_row *row)
{
	size_t i;

	if (m->top != row->number)
		return;
	for (i = 0; i < row->n; i++)
		if (row->cells[i].column == m->left) {
			m->text = row->cells[i].text;
			m->marks = row->cells[i].marks;
		}
}

static bool
is_blank(struct span s)
{
	return s.len == 0;
}

/* The row with the values of the ranges that it is in. */
static void
fill(const struct active *a, struct workbook_row *row, struct arena *arena)
{
	struct workbook_cell cells[WORKBOOK_COLUMNS];
	size_t i, k, n = 0, at = 0;
	unsigned c;

	for (i = 0; i < a->n; i++) {
		struct workbook_range *m = a->v[i];

		take(m, row);
		for (c = m->left; c <= m->right && c < WORKBOOK_COLUMNS; c++) {
			while (at < row->n && row->cells[at].column < c)
				cells[n++] = row->cells[at++];
			if (at < row->n && row->cells[at].column == c) {
				cells[n] = row->cells[at++];
				cells[n++].marks |= WORKBOOK_MERGED;
			} else if (!is_blank(m->text))
				cells[n++] = (struct workbook_cell){ m->text,
					(uint16_t)c,
					(uint8_t)(m->marks | WORKBOOK_MERGED) };
		}
	}
	for (k = at; k < row->n; k++)
		cells[n++] = row->cells[k];
	if (n > row->n)
		row->cells = arena_alloc(arena, n * sizeof(*cells));
	if (n > 0)
		memcpy(row->cells, cells, n * sizeof(*cells));
	row->n = n;
}

int
merge_fill(struct workbook_table *t, struct arena *arena)
{
	struct active a = { .n = 0 };
	size_t i, m = 0;

	if (t->n_merges > 1)
		qsort(t->merges, t->n_merges, sizeof(*t->merges), by_top);
	for (i = 0; i < t->n; i++) {
		struct workbook_row *row = &t->rows[i];

		for (; m < t->n_merges && t->merges[m].top <= row->number;
		     m++) {
			drop(&a, t->merges[m].top);
			if (t->merges[m].left < WORKBOOK_COLUMNS &&
			    join(&a, &t->merges[m]) == -1)
				return -1;
		}
		drop(&a, row->number);
		if (a.n > 0)
			fill(&a, row, arena);
	}
	return 0;
}
