/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/report/csvout.h"
#include "tests/tap.h"

static const struct {
	const char *name, *in, *want;
} cells[] = {
	{ "plain text", "emr01", "\"emr01\"" },
	{ "an empty cell", "", "\"\"" },
	{ "a quotation mark is doubled", "a\"b", "\"a\"\"b\"" },
	{ "a comma stays in its cell", "a,b", "\"a,b\"" },
	{ "= begins a formula", "=cmd|'/C calc'!A0", "\"'=cmd|'/C calc'!A0\"" },
	{ "+ begins a formula", "+1", "\"'+1\"" },
	{ "- begins a formula", "-1", "\"'-1\"" },
	{ "@ begins a formula", "@SUM(A1)", "\"'@SUM(A1)\"" },
	{ "so does a full-width one", "＝1", "\"'＝1\"" },
	{ "TAB in front is no way around", "\t=1", "\"'\\x09=1\"" },
	{ "nor is a line end", "\n=1", "\"'\\x0a=1\"" },
	{ "a line end cannot begin a row", "a\r\n=1", "\"a\\x0d\\x0a=1\"" },
	{ "an escape sequence is shown", "\x1b[31m", "\"\\x1b[31m\"" },
	{ "= inside is harmless", "a=b", "\"a=b\"" },
};

int
main(void)
{
	struct buf out;
	size_t i;

	buf_init(&out);
	for (i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		out.len = 0;
		csvout_str(&out, cells[i].in);
		ok(span_is(buf_view(&out), cells[i].want), "%s", cells[i].name);
	}
	out.len = 0;
	csvout_begin(&out);
	csvout_str(&out, "");
	csvout_str(&out, "b");
	csvout_row(&out);
	csvout_str(&out, "c");
	csvout_row(&out);
	ok(span_is(buf_view(&out), "\xEF\xBB\xBF\"\",\"b\"\r\n\"c\"\r\n"),
	    "BOM, commas between cells, CRLF");
	buf_fini(&out);
	return done();
}
