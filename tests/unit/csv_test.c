/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include "analyzer/ledger/csv.h"

#include <stdio.h>
#include <string.h>

#include "common/buf.h"
#include "tests/tap.h"

/* Cells in brackets, records on lines; "!n" is error n in that row. */
static const struct {
	const char *name, *in, *want;
} cases[] = {
	{ "nothing", "", "" },
	{ "LF, and no line end at the end", "a,b\nc", "[a][b]\n[c]\n" },
	{ "CRLF and CR", "a\r\nb\rc\r\n", "[a]\n[b]\n[c]\n" },
	{ "empty cells and lines", ",\n\n,", "[][]\n[]\n[][]\n" },
	{ "quotes, commas and line ends in quotes", "\"a,\"\"b\"\"\r\nc\",d",
	    "[a,\"b\"\r\nc][d]\n" },
	{ "an empty quoted cell", "\"\",x", "[][x]\n" },
	{ "only quotes", "\"\"\"\"", "[\"]\n" },
	{ "a quote inside a plain cell", "a\"b,c", "[a\"b][c]\n" },
	{ "tabs, if the first line has no comma", "a\tb\nc,d\te",
	    "[a][b]\n[c,d][e]\n" },
	{ "an open quote", "a\n\"b", "[a]\n!1 2\n" },
	{ "text behind a quote", "\"a\"b,c", "!2 1\n" },
	{ "Japanese", "状態,説明\n使用可,\"、\"",
	    "[状態][説明]\n[使用可][、]\n" },
};

static const char *
split(const char *in, struct buf *out)
{
	struct arena *arena = arena_new();
	struct csv c = csv_make(span_str(in));
	struct span cells[CSV_CELLS];
	size_t n, i;
	int rc;

	out->len = 0;
	while ((rc = csv_next(&c, arena, cells, &n)) == 1) {
		for (i = 0; i < n; i++)
			buf_printf(out, "[%.*s]", (int)cells[i].len,
			    cells[i].len > 0 ? (const char *)cells[i].p : "");
		buf_str(out, "\n");
	}
	if (rc == -1)
		buf_printf(out, "!%d %u\n", c.error, c.row);
	arena_free(arena);
	return buf_cstr(out);
}

int
main(void)
{
	static char wide[2 * CSV_CELLS + 2];
	struct buf b;
	size_t i;

	buf_init(&b);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ok(strcmp(split(cases[i].in, &b), cases[i].want) == 0, "%s",
		    cases[i].name);
	memset(wide, ',', CSV_CELLS - 1);
	ok(strstr(split(wide, &b), "!") == NULL, "256 cells");
	wide[CSV_CELLS - 1] = ',';
	ok(strcmp(split(wide, &b), "!3 1\n") == 0, "257 cells");
	buf_fini(&b);
	return done();
}
