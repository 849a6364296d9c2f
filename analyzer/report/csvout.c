/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/csvout.h"

#include <string.h>

#include "common/text.h"

void
csvout_begin(struct buf *out)
{
	buf_str(out, "\xEF\xBB\xBF");
}

/*
 * Excel takes = + - @ for the start of a formula, their full-width twins too
 * with a Japanese keyboard, and TAB or CR in front of them away.
 */
bool
csvout_is_formula(struct span s)
{
	static const char *const wide[] = { "＝", "＋", "－", "＠" };
	size_t i;

	if (s.len == 0)
		return false;
	if (memchr("=+-@\t\r\n", s.p[0], 7) != NULL)
		return true;
	for (i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (span_starts(s, span_str(wide[i])))
			return true;
	return false;
}

void
csvout_cell(struct buf *out, struct span cell)
{
	struct buf safe;
	size_t i;

	if (out->len > 0 && out->p[out->len - 1] == '"')
		buf_byte(out, ',');
	buf_init(&safe);
	text_escape(cell, &safe);
	buf_byte(out, '"');
	if (csvout_is_formula(cell))
		buf_byte(out, '\'');
	for (i = 0; i < safe.len; i++) {
		if (safe.p[i] == '"')
			buf_byte(out, '"');
		buf_byte(out, safe.p[i]);
	}
	buf_byte(out, '"');
	buf_fini(&safe);
}

void
csvout_str(struct buf *out, const char *cell)
{
	csvout_cell(out, span_str(cell));
}

void
csvout_row(struct buf *out)
{
	buf_str(out, "\r\n");
}
