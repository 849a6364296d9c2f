/* SPDX-License-Identifier: Apache-2.0
 * Copyright the konseki authors */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/ledger/ledger.h"
#include "common/io.h"
#include "common/utc.h"
#include "tests/tap.h"
#include "tests/unit/workbook_lib.h"

/* What is said of a device ledger, one problem a line; *n = its devices. */
static void
load(struct span bytes, struct buf *out, size_t *n)
{
	struct ledger_bytes in = { .devices = bytes };
	struct problems ps;
	struct ledgers *l;
	size_t i;

	in.names[LEDGER_DEVICES] = "devices.xlsx";
	problems_init(&ps);
	l = ledgers_parse(&in, utc_days(2026, 11, 20), 9 * 3600, &ps);
	*n = l == NULL ? 0 : devices_count(l->devices);
	for (i = 0; i < ps.n; i++) {
		buf_str(out, ps.v[i].error ? "E " : "N ");
		problem_print(&ps.v[i], out);
		buf_byte(out, '\n');
	}
	ledgers_free(l);
	problems_fini(&ps);
}

#define CELL(ref, text)                                                        \
	"<c r='" ref "' t='inlineStr'><is><t>" text "</t></is></c>"
#define HEADER                                                                 \
	"<row r='3'>" CELL("A3", "管理番号") CELL("B3", "設置場所")            \
	CELL("C3", "登録日") CELL("D3", "状態") CELL("E3", "色") "</row>"
#define TITLE "<row r='1'>" CELL("A1", "機器台帳") "</row>"

static const struct {
	const char *name, *rows, *more;
	size_t n;
	const char *want; /* a part of what is said; "" nothing of it */
} tables[] = {
	{ "a header is found below a title, columns not used are told",
	    TITLE HEADER "<row r='4'>" CELL("A4", "001") CELL("C4", "2026/4/1")
	    "</row>",
	    "", 1,
	    "N devices.xlsx [台帳]: row 3, column 色 (E3): this column is not "
	    "used\n" },
	{ "a date that does not exist is told by cell",
	    HEADER "<row r='4'>" CELL("A4", "1") CELL("C4", "2026/2/30")
	    "</row>",
	    "", 0,
	    "E devices.xlsx [台帳]: "
	    "row 4, column 登録日 (C4), '2026/2/30': not "
	    "a date; write 2026/4/1\n" },
	{ "a date cell is a date whatever it looks like",
	    HEADER "<row r='4'>" CELL("A4", "1")
	    "<c r='C4' s='3'><v>46113</v></c></row>",
	    "", 1, "" },
	{ "two rows of one number are told",
	    HEADER "<row r='4'>" CELL("A4", "001") "</row><row r='6'>"
	    "<c r='A6'><v>1</v></c></row>",
	    "", 0,
	    "E devices.xlsx [台帳]: row 6, column 管理番号 (A6), '1': the same "
	    "number stands in row 4; numbers are unique\n" },
	{ "merged cells count for each row, which is said",
	    HEADER "<row r='4'>" CELL("A4", "1") CELL("B4", "Room1")
	    "</row><row r='5'>" CELL("A5", "2") "</row>",
	    "<mergeCells><mergeCell ref='B4:B5'/></mergeCells>", 2,
	    "N devices.xlsx [台帳]: "
	    "row 4, column 設置場所 (B4), 'Room1': merged "
	    "cells B4:B5: each counts as holding this value\n" },
	{ "an error of Excel is one here",
	    HEADER "<row r='4'>" CELL("A4", "1")
	    "<c r='D4' t='e'><v>#N/A</v></c></row>",
	    "", 0,
	    "E devices.xlsx [台帳]: "
	    "row 4, column 状態 (D4), '#N/A': Excel shows "
	    "an error in this cell; correct its formula or write the value\n" },
	{ "but not in a column that is not used",
	    HEADER "<row r='4'>" CELL("A4", "1")
	    "<c r='E4' t='e'><v>#N/A</v></c></row>",
	    "", 1, "" },
	{ "formulas are counted, and their values taken",
	    HEADER "<row r='4'>" CELL("A4", "1")
	    "<c r='D4' t='str'><f>x</f><v>停止</v></c></row><row r='5'>"
	    CELL("A5", "2") "<c r='D5' t='str'><f>x</f><v>稼働</v></c></row>",
	    "", 2,
	    "N devices.xlsx [台帳]: "
	    "row 4, column 状態 (D4), '停止': 2 cells are "
	    "formulas, this is the first: the values saved last count\n" },
	{ "a formula that was never computed is refused",
	    HEADER "<row r='4'>" CELL("A4", "1")
	    "<c r='D4'><f>x</f></c></row>",
	    "", 0,
	    "E devices.xlsx [台帳]: "
	    "row 4, column 状態 (D4): a formula that was "
	    "saved without its value; open the workbook in Excel and save "
	    "it\n" },
	{ "hidden rows count, which is said",
	    HEADER "<row r='4' hidden='1'>" CELL("A4", "1") "</row>", "", 1,
	    "N devices.xlsx [台帳]: row 4: 1 rows are hidden, this is the "
	    "first: they count as the others do\n" },
	{ "a note beside the table is none of it",
	    HEADER "<row r='4'>" CELL("A4", "1") CELL("G4", "memo") "</row>",
	    "", 1,
	    "N devices.xlsx [台帳]: row 4 (G4), 'memo': right of the header's "
	    "columns: not read\n" },
	{ "a header that lacks a column is named",
	    "<row r='2'>" CELL("A2", "番") CELL("B2", "設置場所")
	    CELL("C2", "状態") "</row>", "",
	    0,
	    "E devices.xlsx [台帳]: row 2: this row looks like the header but "
	    "has no column 管理番号; add it, or correct its title\n" },
};

static void
test_tables(void)
{
	struct buf bytes, out;
	size_t i, n;

	for (i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		buf_init(&bytes);
		buf_init(&out);
		workbook_of(tables[i].rows, tables[i].more, "", &bytes);
		load(buf_view(&bytes), &out, &n);
		ok(n == tables[i].n &&
			strstr(buf_cstr(&out), tables[i].want) != NULL &&
			(tables[i].want[0] != '\0' ||
			    strstr(buf_cstr(&out), "row 4") == NULL),
		    "%s", tables[i].name);
		if (strstr(buf_cstr(&out), tables[i].want) == NULL ||
		    n != tables[i].n)
			printf("# %zu\n# %s\n", n, buf_cstr(&out));
		buf_fini(&bytes);
		buf_fini(&out);
	}
}

#define SHEET(rows) "<worksheet><sheetData>" rows "</sheetData></worksheet>"
#define WIDE                                                                   \
	"<row r='1'>" CELL("A1", "管理番号") CELL("B1", "状態") "</row>"       \
	"<row r='2'>" CELL("A2", "7") "</row>"
#define NARROW                                                                 \
	"<row r='1'>" CELL("A1", "No.") CELL("B1", "氏名") "</row>"            \
	"<row r='2'>" CELL("A2", "1") "</row><row r='3'>" CELL("A3", "2")      \
	"</row>"

static void
sheets(const char *states[3], const char *one, const char *two, size_t want,
    const char *said, const char *name)
{
	struct buf book, bytes, out;
	struct part parts[] = { { "_rels/.rels", WORKBOOK_RELS },
		{ "xl/workbook.xml", NULL },
		{ "xl/_rels/workbook.xml.rels", WORKBOOK_BOOK_RELS },
		{ "xl/styles.xml", WORKBOOK_STYLES_XML },
		{ "xl/worksheets/sheet1.xml", one },
		{ "xl/worksheets/sheet2.xml", two }, { NULL, NULL } };
	size_t n;

	buf_init(&book);
	buf_init(&bytes);
	buf_init(&out);
	buf_printf(&book,
	    "<workbook xmlns:r='r'><sheets><sheet name='一' r:id='r1' "
	    "state='%s'/><sheet name='二' r:id='r2' state='%s'/></sheets>"
	    "</workbook>",
	    states[0], states[1]);
	parts[1].text = buf_cstr(&book);
	workbook_zip(parts, 1, &bytes);
	load(buf_view(&bytes), &out, &n);
	ok(n == want && strstr(buf_cstr(&out), said) != NULL, "%s", name);
	if (n != want || strstr(buf_cstr(&out), said) == NULL)
		printf("# %zu\n# %s\n", n, buf_cstr(&out));
	buf_fini(&book);
	buf_fini(&bytes);
	buf_fini(&out);
}

static void
test_sheets(void)
{
	const char *visible[] = { "visible", "visible", NULL };
	const char *hidden[] = { "hidden", "visible", NULL };

	sheets(visible, SHEET(NARROW), SHEET(WIDE), 1,
	    "N devices.xlsx, '二': this sheet is read, 1 others are not\n",
	    "the sheet with more columns of the ledger is it");
	sheets(visible, SHEET(WIDE), SHEET(WIDE), 0,
	    "E devices.xlsx, '一': this sheet and '二' both have the header",
	    "two of them are refused");
	sheets(hidden, SHEET(WIDE), SHEET(WIDE), 1,
	    "N devices.xlsx, '一': this sheet is hidden and is not read\n",
	    "a hidden one does not count");
}

/* Both a CSV and a workbook; a file of more than is read. */
static void
test_files(void)
{
	char dir[] = "/tmp/konseki-ledger-XXXXXX", path[64], csv[64];
	struct problems ps;
	struct ledgers *l;
	struct buf bytes;
	FILE *fp;

	buf_init(&bytes);
	workbook_of(WIDE, "", "", &bytes);
	ok(mkdtemp(dir) != NULL, "a folder");
	snprintf(path, sizeof(path), "%s/devices.xlsx", dir);
	snprintf(csv, sizeof(csv), "%s/devices.csv", dir);
	fp = fopen(path, "w");
	fwrite(bytes.p, 1, bytes.len, fp);
	fclose(fp);
	problems_init(&ps);
	l = ledgers_load(dir, 20000, 0, &ps);
	ok(l != NULL && devices_count(l->devices) == 1 && l->kept[0],
	    "devices.xlsx stands for devices.csv");
	ledgers_free(l);
	fp = fopen(csv, "w");
	fputs("管理番号\n1\n", fp);
	fclose(fp);
	l = ledgers_load(dir, 20000, 0, &ps);
	ok(l == NULL && ps.n > 0 &&
		strstr(ps.v[ps.n - 1].what, "devices.xlsx is there too") !=
		    NULL,
	    "both at once are refused");
	ledgers_free(l);
	unlink(csv);
	ok(truncate(path, 200000000) == 0, "a workbook of 200 MB");
	l = ledgers_load(dir, 20000, 0, &ps);
	ok(l == NULL &&
		strstr(ps.v[ps.n - 1].what,
		    "200.0 MB; a ledger has at most 16 MB") != NULL,
	    "is refused with its size and the limit");
	ledgers_free(l);
	unlink(path);
	rmdir(dir);
	problems_fini(&ps);
	buf_fini(&bytes);
}

int
main(void)
{
	test_tables();
	test_sheets();
	test_files();
	return done();
}
