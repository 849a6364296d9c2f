/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/cells.h"

#include "analyzer/ledger/date.h"
#include "common/log.h"

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
