/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/cells.h"

#include "analyzer/ledger/date.h"
#include "common/log.h"

#define NUMBER 24 /* characters of one; longer ones are none */

struct span
cells_text(const struct cells *c, size_t column)
{
	return c->row->cells[column];
}

struct span
cells_key(const struct cells *c, size_t column)
{
	return sheet_key(c->row->cells[column], c->arena);
}

struct problem_at
cells_at(const struct cells *c, size_t column)
{
	return sheet_at(c->sheet, c->row, column);
}

int64_t
cells_date(const struct cells *c, size_t column)
{
	struct problem_at p = cells_at(c, column);
	int64_t day = INT64_MIN;

	if (p.value.len > 0 && date_parse(p.value, &day) == -1)
		problems_error(c->ps, &p,
		    tr("not a date; write 2026/4/1",
			"日付として読めません。2026/4/"
			"1の形で記入してください"));
	return day;
}

/* "-12.345" of a folded cell; 0, or -1. */
static int
parse_number(struct span s, double *value)
{
	bool minus = span_starts(s, SPAN("-"));
	size_t i = minus, digits = 0;
	double scale = 0;

	*value = 0;
	for (; i < s.len && i < NUMBER; i++) {
		if (s.p[i] == '.' && scale == 0) {
			scale = 1;
			continue;
		}
		if (s.p[i] < '0' || s.p[i] > '9')
			return -1;
		*value = *value * 10 + (s.p[i] - '0');
		scale *= 10;
		digits++;
	}
	if (digits == 0 || i < s.len)
		return -1;
	if (scale > 0)
		*value /= scale;
	if (minus)
		*value = -*value;
	return 0;
}

bool
cells_number(const struct cells *c, size_t column, double min, double max,
    double *value)
{
	struct problem_at at = cells_at(c, column);
	struct span s = cells_key(c, column);

	if (s.len == 0)
		return false;
	if (parse_number(s, value) == 0 && *value >= min && *value <= max)
		return true;
	problems_error(c->ps, &at,
	    tr("not a number from %g to %g",
		"%gから%gまでの数として読めません"),
	    min, max);
	return false;
}

bool
cells_mention(struct span folded, const char *word)
{
	size_t i;

	for (i = 0; i < folded.len; i++)
		if (span_starts(span_sub(folded, i, folded.len),
			span_str(word)))
			return true;
	return false;
}

bool
cells_says_yes(struct span folded)
{
	return sheet_is_one_of(folded,
	    "はい|有|有り|あり|○|〇|◯|yes|y|1|true|該当");
}

bool
cells_next_name(struct span *rest, struct span *name)
{
	size_t i = 0;

	if (rest->len == 0)
		return false;
	while (i < rest->len && rest->p[i] != '|')
		i++;
	*name = span_sub(*rest, 0, i);
	*rest = i < rest->len ? span_sub(*rest, i + 1, rest->len)
			      : (struct span){ NULL, 0 };
	return true;
}

void *
cells_read(const struct cells_list *list, struct span bytes, const char *file,
    struct arena *arena, struct problems *ps, size_t *n)
{
	size_t i, before = ps->errors;
	struct sheet sheet;
	uint8_t *v;

	*n = 0;
	if (sheet_read(bytes, file, list->columns, list->n, arena, &sheet,
		ps) != 0)
		return NULL;
	v = arena_alloc(arena, (sheet.n + 1) * list->size);
	for (i = 0; i < sheet.n; i++)
		list->read(v + i * list->size,
		    &(struct cells){ &sheet, &sheet.rows[i], arena, ps });
	*n = sheet.n;
	return ps->errors == before ? v : NULL;
}
