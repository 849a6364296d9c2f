/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/twin.h"

#include "analyzer/ledger/problem.h"
#include "analyzer/report/csvout.h"
#include "common/text.h"

void
twin_init(struct twin *t)
{
	*t = (struct twin){ .row = 1 };
	buf_init(&t->utf8);
	buf_init(&t->cp932);
	buf_init(&t->lost);
	csvout_begin(&t->utf8);
}

void
twin_fini(struct twin *t)
{
	buf_fini(&t->utf8);
	buf_fini(&t->cp932);
	buf_fini(&t->lost);
}

void
twin_cell(struct twin *t, struct span cell)
{
	char name[PROBLEM_CELL];
	struct buf text;

	csvout_cell(&t->utf8, cell);
	buf_init(&text);
	csvout_cell(&text, cell);
	if (t->column++ > 0)
		buf_byte(&t->cp932, ',');
	if (text_to_cp932(buf_view(&text), &t->cp932) > 0) {
		t->n_lost++;
		buf_printf(&t->lost, "%s: ",
		    problem_cell(t->column, t->row, name));
		text_escape(cell, &t->lost);
		buf_byte(&t->lost, '\n');
	}
	buf_fini(&text);
}

void
twin_str(struct twin *t, const char *cell)
{
	twin_cell(t, span_str(cell));
}

void
twin_row(struct twin *t)
{
	csvout_row(&t->utf8);
	buf_str(&t->cp932, "\r\n");
	t->row++;
	t->column = 0;
}
