/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/workbook/workbook.h"
#include "common/log.h"
#include "common/text.h"

void
problems_init(struct problems *ps)
{
	*ps = (struct problems){ .max = PROBLEMS_MAX };
}

void
problems_fini(struct problems *ps)
{
	free(ps->v);
	problems_init(ps);
}

/* Escape s into out[size], cut between characters. */
static void
put(char *out, size_t size, struct span s)
{
	struct buf b;
	size_t len;

	buf_init(&b);
	text_escape(span_sub(s, 0, size), &b);
	len = b.len < size ? b.len : size - 1;
	while (len > 0 && len < b.len && (b.p[len] & 0xC0) == 0x80)
		len--;
	if (len > 0)
		memcpy(out, b.p, len);
	out[len] = '\0';
	buf_fini(&b);
}

_Static_assert(PROBLEM_CELL >= WORKBOOK_NAME, "every name fits");

char *
problem_cell(unsigned letter, unsigned row, char *out)
{
	return workbook_cell_name(letter - 1, row, out);
}

static void add(struct problems *ps, bool error, const struct problem_at *at,
    const char *fmt, va_list ap) __attribute__((format(printf, 4, 0)));

static void
add(struct problems *ps, bool error, const struct problem_at *at,
    const char *fmt, va_list ap)
{
	struct problem *p;

	ps->errors += error;
	ps->notices += !error;
	if (ps->n == ps->max)
		return;
	if (ps->v == NULL &&
	    (ps->v = calloc(ps->max, sizeof(*ps->v))) == NULL)
		abort();
	p = &ps->v[ps->n++];
	p->error = error;
	p->row = at->row;
	snprintf(p->file, sizeof(p->file), "%s", at->file);
	put(p->column, sizeof(p->column), at->column);
	put(p->value, sizeof(p->value), at->value);
	if (at->letter > 0 && at->row > 0)
		(void)problem_cell(at->letter, at->row, p->cell);
	vsnprintf(p->what, sizeof(p->what), fmt, ap);
}

void
problems_error(struct problems *ps, const struct problem_at *at,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(ps, true, at, fmt, ap);
	va_end(ap);
}

void
problems_notice(struct problems *ps, const struct problem_at *at,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(ps, false, at, fmt, ap);
	va_end(ap);
}

void
problem_print(const struct problem *p, struct buf *out)
{
	buf_str(out, p->file);
	if (p->row > 0)
		buf_printf(out, tr(": row %u", ": %u行目"), p->row);
	if (p->column[0] != '\0')
		buf_printf(out, tr(", column %s", "、%s列"), p->column);
	if (p->cell[0] != '\0')
		buf_printf(out, tr(" (%s)", "（%s）"), p->cell);
	if (p->value[0] != '\0')
		buf_printf(out, tr(", '%s'", "「%s」"), p->value);
	buf_printf(out, ": %s", p->what);
}
