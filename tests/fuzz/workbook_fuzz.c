/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <assert.h>

#include "analyzer/workbook/workbook.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Rows and cells come in order, within the limits, and not twice. */
static void
check(const struct workbook_table *t)
{
	size_t i, k;

	assert(t->n <= WORKBOOK_ROWS && t->n_merges <= WORKBOOK_MERGES);
	for (i = 0; i < t->n; i++) {
		const struct workbook_row *row = &t->rows[i];

		assert(row->n > 0 && row->n <= WORKBOOK_COLUMNS);
		assert(row->number > (i == 0 ? 0 : t->rows[i - 1].number));
		for (k = 0; k < row->n; k++) {
			assert(k == 0 ||
			    row->cells[k].column > row->cells[k - 1].column);
			assert(row->cells[k].text.len <= WORKBOOK_TEXT);
			assert(row->cells[k].text.len > 0 ||
			    row->cells[k].marks != 0);
		}
	}
}

/* The same of each sheet, twice: a refusal names its reason. */
int
LLVMFuzzerTestOneInput(const uint8_t *buf, size_t len)
{
	struct arena *arena = arena_new();
	struct workbook_table t, again;
	struct workbook_why why;
	struct workbook *w =
	    workbook_open(span_make(buf, len), arena, &why);
	size_t i;

	assert((w == NULL) == (why.err != WORKBOOK_OK));
	for (i = 0; w != NULL && i < workbook_sheets(w); i++) {
		if (workbook_read(w, i, &t, &why) == -1) {
			assert(why.err != WORKBOOK_OK);
			break;
		}
		check(&t);
		if (workbook_read(w, i, &again, &why) == 0)
			assert(again.n == t.n);
		else
			assert(why.err == WORKBOOK_BIG_TOTAL);
	}
	workbook_close(w);
	arena_free(arena);
	return 0;
}
